using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>Lambda functions.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html ("ZipFile (Node.js and
/// Python)"), https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (Handler and Runtime are "required if the deployment
/// package is a .zip file archive", and the limits of numbers). The words: https://github.com/aws-cloudformation/cfn-lint/issues/1439,
/// https://github.com/pipe-cd/pipecd/pull/1401
/// </remarks>
internal sealed class FunctionRule : IPropertyRule
{
    private const string Invalid = "InvalidParameterValueException";
    private const int LongestSource = 4 * 1024 * 1024;

    private static readonly (string Name, string Member, long Least, long Most)[] Numbers =
    [
        ("MemorySize", "memorySize", 128, 10240),
        ("Timeout", "timeout", 1, 900),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = ["AWS::Lambda::Function"];

    /// <inheritdoc/>
    public IEnumerable<RefusedValue> Find(string type, JsonObject properties) =>
        Package(properties).Concat(Code(properties)).Concat(Ranges(properties));

    private static IEnumerable<RefusedValue> Package(JsonObject properties)
    {
        var package = properties.Has("PackageType") ? properties.Known("PackageType") : "Zip";
        // A container's image says these itself, and one is often left to be understood from it.
        var isImage = package == "Image" || (!properties.Has("PackageType") && properties.KnownMap("Code")?.IsGiven("ImageUri") == true);
        if (isImage)
        {
            foreach (var name in new[] { "Handler", "Runtime", "Layers" }.Where(properties.IsGiven))
            {
                yield return new RefusedValue(
                    [name],
                    "is given to a function of a container image",
                    "no Handler, Runtime or Layers, which are the image's",
                    Invalid,
                    "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image."
                );
            }
        }
        else if (package == "Zip")
        {
            foreach (var name in new[] { "Handler", "Runtime" }.Where(name => !properties.Has(name)))
            {
                yield return new RefusedValue(
                    [],
                    $"lacks the property {name}",
                    "Handler and Runtime, which a function of a zip archive needs",
                    Invalid,
                    "Runtime and Handler are mandatory parameters for functions created with deployment packages."
                );
            }
        }
    }

    private static IEnumerable<RefusedValue> Code(JsonObject properties)
    {
        if (properties.KnownMap("Code") is not { } code || !code.IsGiven("ZipFile"))
        {
            yield break;
        }

        if (
            properties.Known("Runtime") is { } runtime
            && !runtime.StartsWith("nodejs", StringComparison.Ordinal)
            && !runtime.StartsWith("python", StringComparison.Ordinal)
        )
        {
            yield return new RefusedValue(
                ["Code", "ZipFile"],
                $"is given to a function whose runtime is {runtime}",
                "a runtime of Node.js or Python, or code in S3",
                Invalid,
                "ZipFile can only be used when Runtime is set to either of the Node.js or Python runtimes."
            );
        }

        if (code.Known("ZipFile") is { Length: > LongestSource } source)
        {
            yield return new RefusedValue(
                ["Code", "ZipFile"],
                $"has {source.Length} characters",
                "at most 4 MB",
                Invalid,
                $"'ZipFile' length is greater than {LongestSource}."
            );
        }
    }

    private static IEnumerable<RefusedValue> Ranges(JsonObject properties)
    {
        foreach (var (name, member, least, most) in Numbers)
        {
            if (properties.KnownNumber(name) is { } number && (number < least || number > most))
            {
                yield return new RefusedValue(
                    [name],
                    $"is {number}",
                    $"{least} to {most}",
                    "ValidationException",
                    $"1 validation error detected: Value '{number}' at '{member}' failed to satisfy constraint: Member must have value "
                        + (number < least ? $"greater than or equal to {least}" : $"less than or equal to {most}")
                );
            }
        }
    }
}
