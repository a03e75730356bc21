using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Sam;

/// <summary>The Serverless Application Model's transform, for functions and state machines.
/// https://github.com/aws/serverless-application-model/blob/develop/docs/internals/generated_resources.rst</summary>
internal static class SamTransform
{
    public const string Name = "AWS::Serverless-2016-10-31";

    /// <summary>Rewrites the template's serverless resources in place.</summary>
    /// <exception cref="TemplateException">All faults of the template together.</exception>
    public static JsonObject Apply(JsonObject root)
    {
        var (resources, faults) = Generate(root);
        var own = faults.Where(fault => IsOwnLimit(fault.Message)).Select(fault => UnsupportedFeatures.Serverless(fault.Message)).ToList();
        if (own.Count > 0)
        {
            throw new TemplateException(string.Join('\n', own));
        }

        if (faults.Count > 0)
        {
            throw new TemplateException(
                $"Transform {Name} failed with: Invalid Serverless Application Specification document. "
                    + $"Number of errors found: {faults.Count}. {string.Join(" ", faults.Select(fault => fault.Message))}"
            );
        }

        root["Resources"] = resources;
        root.Remove("Transform");
        root.Remove("Globals");
        return root;
    }

    /// <summary>The faults that are the rehearsal's own limits, each with its resource; null for those of <c>Globals</c>.</summary>
    public static IEnumerable<(string? Id, Limitation Limitation)> Unsupported(JsonObject root) =>
        Generate(root)
            .Faults.Where(fault => IsOwnLimit(fault.Message))
            .Select(fault => (fault.Id, UnsupportedFeatures.Serverless(fault.Message)));

    private static bool IsOwnLimit(string fault) => fault.Contains("not supported by the rehearsal", StringComparison.Ordinal);

    private static (JsonObject Resources, List<(string? Id, string Message)> Faults) Generate(JsonObject root)
    {
        var faults = new List<(string? Id, string Message)>();
        var globals = Globals(root, faults);
        var resources = new JsonObject();
        foreach (var (id, node) in (root["Resources"] as JsonObject ?? []).ToList())
        {
            if (
                node is not JsonObject resource
                || resource["Type"].Text() is not { } type
                || !type.StartsWith("AWS::Serverless::", StringComparison.Ordinal)
            )
            {
                resources[id] = node?.DeepClone();
                continue;
            }

            var source = new SamResource(id, resource, globals.GetValueOrDefault(type[17..]));
            try
            {
                switch (type)
                {
                    case "AWS::Serverless::Function":
                        SamFunction.Generate(source, resources);
                        break;
                    case "AWS::Serverless::StateMachine":
                        SamStateMachine.Generate(source, resources);
                        break;
                    default:
                        source.Limit($"Resource type {type} is not supported by the rehearsal.");
                        break;
                }
            }
            catch (TemplateException e)
            {
                faults.Add((id, e.Message));
            }

            faults.AddRange(source.Limits.Select(limit => ((string?)id, limit)));
        }

        return (resources, faults);
    }

    private static Dictionary<string, JsonObject> Globals(JsonObject root, List<(string? Id, string Message)> faults)
    {
        var globals = new Dictionary<string, JsonObject>();
        foreach (var (section, value) in root["Globals"] as JsonObject ?? [])
        {
            if (section is "Function" or "StateMachine" && value is JsonObject map)
            {
                globals[section] = map;
            }
            else
            {
                faults.Add((null, $"The section '{section}' of Globals is not supported by the rehearsal."));
            }
        }

        return globals;
    }
}
