using Deployer.Spec.Datomic;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>What a template says without being evaluated.</summary>
/// <param name="Runtimes">The runtime of each function that names one as it stands.</param>
/// <param name="Release">Datomic's release, where the template is one of Datomic's; null otherwise.</param>
public sealed record TemplateFacts(IReadOnlyList<FunctionRuntime> Runtimes, DatomicRelease? Release)
{
    private static readonly TemplateFacts None = new([], null);

    /// <summary>
    /// Reads a template in JSON or YAML. Of one that cannot be read nothing is known: CloudFormation says what is wrong with it.
    /// </summary>
    /// <param name="text">The template.</param>
    /// <param name="file">The name used in positions.</param>
    public static TemplateFacts Read(string text, string file) =>
        TemplateText.Read(text, file, new FaultList()) is { } root ? Read(root) : None;

    internal static TemplateFacts Read(YamlNode root)
    {
        var functions = root.Entries("Resources")
            .Select(resource => (resource.Key.Value, Runtime: resource.Value.At("Properties")?.At("Runtime")))
            .Append((Value: "Globals", Runtime: root.At("Globals")?.At("Function")?.At("Runtime")));
        var outputs = root.Entries("Outputs")
            .Select(output => (output.Key.Value, Given: (output.Value.At("Value") as YamlScalar)?.Value))
            .Where(output => output.Given is not null);
        return new TemplateFacts(
            [
                .. functions
                    .Where(function => function.Runtime is YamlScalar)
                    .Select(function => new FunctionRuntime(
                        function.Value,
                        ((YamlScalar)function.Runtime!).Value,
                        function.Runtime.Position
                    )),
            ],
            DatomicRelease.OfOutputs(
                outputs.GroupBy(output => output.Value).ToDictionary(group => group.Key, group => group.First().Given!)
            )
        );
    }
}

/// <summary>The runtime of a function in a template.</summary>
/// <param name="LogicalId">The function; <c>Globals</c> for the one that SAM gives to every function.</param>
/// <param name="Runtime">Such as <c>nodejs22.x</c>.</param>
/// <param name="Position">Where it is written.</param>
public sealed record FunctionRuntime(string LogicalId, string Runtime, SourcePosition Position);
