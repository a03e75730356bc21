using Microsoft.CodeAnalysis;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>What the assembly says about all its handlers.</summary>
/// <param name="Namespace">Of the generated program: the project's root namespace, else the assembly's name.</param>
/// <param name="Serializer">The serializer's type; null when the attribute is missing.</param>
/// <param name="GenerateMain">Whether a <c>Main</c> is wanted.</param>
internal sealed record Project(string Namespace, string? Serializer, bool GenerateMain)
{
    public static Project Read(Compilation compilation, string? rootNamespace)
    {
        var attributes = compilation.Assembly.GetAttributes();
        return new Project(
            string.IsNullOrEmpty(rootNamespace) ? Identifier(compilation.AssemblyName ?? "Generated") : rootNamespace!,
            (Find("Amazon.Lambda.Core.LambdaSerializerAttribute")?.ConstructorArguments[0].Value as ITypeSymbol)?.ToDisplayString(
                SymbolDisplayFormat.FullyQualifiedFormat
            ),
            Find("Amazon.Lambda.Annotations.LambdaGlobalPropertiesAttribute")
                ?.NamedArguments.Any(argument => argument.Key == "GenerateMain" && argument.Value.Value is true)
                ?? false
        );

        static string Identifier(string name) =>
            new([.. name.Select(letter => char.IsLetterOrDigit(letter) || letter == '.' ? letter : '_')]);

        AttributeData? Find(string name) => attributes.FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == name);
    }
}
