using Microsoft.CodeAnalysis;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>A class with <c>[LambdaStartup]</c>.</summary>
/// <param name="Class">The class with <c>global::</c>.</param>
/// <param name="Location">Its name in the source.</param>
internal sealed record Startup(string Class, SourceLocation Location)
{
    public static Startup Read(GeneratorAttributeSyntaxContext context) =>
        new(
            ((ITypeSymbol)context.TargetSymbol).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            SourceLocation.From(context.TargetSymbol)
        );
}
