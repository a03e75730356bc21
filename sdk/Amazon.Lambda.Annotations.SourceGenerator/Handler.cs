using Microsoft.CodeAnalysis;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>One method with <c>[LambdaFunction]</c>, or what is wrong with it.</summary>
/// <param name="Name">The method's name: what <c>ANNOTATIONS_HANDLER</c> holds.</param>
/// <param name="Namespace">Of the class; empty for the global one.</param>
/// <param name="ClassName">The class's name alone.</param>
/// <param name="Class">The class with <c>global::</c>.</param>
/// <param name="Input">The payload's type.</param>
/// <param name="Output">The result's type; null for a plain task.</param>
/// <param name="Arguments">What is handed to the method, in order.</param>
/// <param name="ResourceName">The logical id in the template, if given.</param>
/// <param name="Fault">Why the signature cannot be served; null for a good one.</param>
/// <param name="Location">The method's name in the source.</param>
internal sealed record Handler(
    string Name,
    string Namespace,
    string ClassName,
    string Class,
    string Input,
    string? Output,
    EquatableArray<string> Arguments,
    string? ResourceName,
    string? Fault,
    SourceLocation Location
)
{
    private const string ContextType = "Amazon.Lambda.Core.ILambdaContext";
    private const string FromServices = "Amazon.Lambda.Annotations.FromServicesAttribute";

    /// <summary>The generated class that serves the handler, named as the official generator names it.</summary>
    public string Wrapper => $"{ClassName}_{Name}_Generated";

    /// <summary>The wrapper with <c>global::</c>.</summary>
    public string FullWrapper => Namespace.Length == 0 ? $"global::{Wrapper}" : $"global::{Namespace}.{Wrapper}";

    /// <summary>The type arguments of a call that takes the handler.</summary>
    public string Types => Output is null ? Input : $"{Input}, {Output}";

    /// <summary>The class and method, for messages.</summary>
    public string FullName => $"{ClassName}.{Name}";

    public static Handler Read(GeneratorAttributeSyntaxContext context)
    {
        var method = (IMethodSymbol)context.TargetSymbol;
        var type = method.ContainingType;
        string? input = null;
        var arguments = new List<string>();
        string? fault = null;
        foreach (var parameter in method.Parameters)
        {
            if (parameter.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == FromServices))
            {
                arguments.Add(
                    "global::Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions"
                        + $".GetRequiredService<{Name(parameter.Type)}>(scope.ServiceProvider)"
                );
            }
            else if (parameter.Type.ToDisplayString() == ContextType)
            {
                arguments.Add("context");
            }
            else if (parameter.RefKind != RefKind.None)
            {
                fault = $"takes '{parameter.Name}' by reference";
            }
            else if (input is null)
            {
                input = Name(parameter.Type);
                arguments.Add("input");
            }
            else
            {
                fault = $"takes a second payload, '{parameter.Name}'";
            }
        }

        return new Handler(
            method.Name,
            type.ContainingNamespace.IsGlobalNamespace ? string.Empty : type.ContainingNamespace.ToDisplayString(),
            type.Name,
            Name(type),
            input ?? string.Empty,
            (method.ReturnType as INamedTypeSymbol)?.TypeArguments.Select(Name).FirstOrDefault(),
            new EquatableArray<string>(arguments),
            context.Attributes[0].NamedArguments.FirstOrDefault(argument => argument.Key == "ResourceName").Value.Value as string,
            fault ?? Judge(method, input),
            SourceLocation.From(method)
        );

        static string Name(ITypeSymbol symbol) => symbol.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
    }

    private static string? Judge(IMethodSymbol method, string? input)
    {
        var type = method.ContainingType;
        var returns = method.ReturnType.OriginalDefinition.ToDisplayString();
        return (method, type, input) switch
        {
            ({ IsStatic: true }, _, _) => "is static",
            ({ IsGenericMethod: true }, _, _) => "is generic",
            ({ DeclaredAccessibility: not (Accessibility.Public or Accessibility.Internal) }, _, _) => "is neither public nor internal",
            (_, { ContainingType: not null }, _) => "belongs to a nested class",
            (_, { IsGenericType: true }, _) => "belongs to a generic class",
            (_, { IsAbstract: true }, _) => "belongs to a class that cannot be created",
            (_, _, null) => "takes no payload",
            _ when returns is not ("System.Threading.Tasks.Task" or "System.Threading.Tasks.Task<TResult>") =>
                $"returns '{method.ReturnType.ToDisplayString()}'",
            _ => null,
        };
    }
}
