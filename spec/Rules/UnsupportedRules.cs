using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>What has a place in the file and does not work yet is refused, so that nothing that is accepted is ignored.</summary>
internal static class UnsupportedRules
{
    public static void Check(YamlNode root, FaultList faults)
    {
        foreach (var (name, target) in root.Entries("targets"))
        {
            if (target.At("role") is not null)
            {
                Refuse(
                    KeyOf(target, "role"),
                    $"\"role\" of the target \"{name.Value}\"",
                    "no role here: the deployer assumes deployer-STAGE-target in the target's account"
                );
            }
        }
        foreach (var (name, step) in root.Entries("steps"))
        {
            if (step.At("via") is YamlScalar via && EndpointRoutes.NotYetSupported.Contains(via.Value))
            {
                Refuse(via.Position, $"\"via: {via.Value}\" of the step \"{name.Value}\"", string.Join(" or ", EndpointRoutes.Supported));
            }
            if (step.At("functions") is { } functions && functions.At("tags") is not null)
            {
                Refuse(KeyOf(functions, "tags"), $"\"tags\" of the functions of the step \"{name.Value}\"", "names: names of functions");
            }
        }

        void Refuse(SourcePosition position, string what, string expected) =>
            faults.Add(position, $"{what} is not supported yet", expected);
    }

    private static SourcePosition KeyOf(YamlNode node, string key) =>
        ((YamlMapping)node).Entries.First(entry => entry.Key.Value == key).Key.Position;
}
