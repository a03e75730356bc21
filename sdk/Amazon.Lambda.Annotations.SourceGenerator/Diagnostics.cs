using Microsoft.CodeAnalysis;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>What can be wrong with handlers. Ids below 0900 are the official generator's, those above are its gaps.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor MultipleStartups = Error(
        "AWSLambda0101",
        "Multiple LambdaStartup classes",
        "Only one class may carry LambdaStartup, but '{0}' and '{1}' do"
    );

    public static readonly DiagnosticDescriptor InvalidResourceName = Error(
        "AWSLambda0106",
        "Invalid CloudFormation resource name",
        "The resource name '{0}' is not valid: a logical id has letters and digits only"
    );

    public static readonly DiagnosticDescriptor MissingSerializer = Error(
        "AWSLambda0108",
        "Missing serializer",
        "Handlers need the assembly attribute LambdaSerializer, which names the serializer of their payloads"
    );

    public static readonly DiagnosticDescriptor DuplicateHandler = Error(
        "AWSLambda0901",
        "Duplicate handler name",
        "The handler name '{0}' is taken by '{1}': ANNOTATIONS_HANDLER could not tell them apart"
    );

    public static readonly DiagnosticDescriptor InvalidSignature = Error(
        "AWSLambda0902",
        "Invalid handler signature",
        "The handler '{0}' {1}; expected: Task<TOutput> Name(TInput input, ILambdaContext context), further parameters with FromServices"
    );

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, "AWSLambdaCSharpGenerator", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
