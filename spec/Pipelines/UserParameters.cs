using System.Text.Json;
using Deployer.Spec.Faults;
using Deployer.Spec.Shapes;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Pipelines;

/// <summary>What a pipeline gives the deployer as <c>UserParameters</c> of its invoke action, a text of JSON.</summary>
/// <param name="Service">The service.</param>
/// <param name="Target">The target.</param>
/// <param name="Instance">The development instance of the target; null for the target itself.</param>
/// <param name="Revision">The commit, usually <c>#{SourceVariables.CommitId}</c>; null when it is not said.</param>
/// <param name="Steps">The steps to run; null for all.</param>
/// <param name="By">Who made the change, for the record of revisions; null when it is not said.</param>
public sealed record UserParameters(
    string Service,
    string Target,
    string? Instance,
    string? Revision,
    IReadOnlyList<string>? Steps,
    string? By
)
{
    /// <summary>Whether the action makes a plan, and deploys nothing.</summary>
    public bool OnlyPlans { get; init; }

    /// <summary>The plan that is deployed, usually the variable <c>Plan</c> of the action that made it; null for none.</summary>
    public string? Plan { get; init; }

    /// <summary>The pipeline's name, in whose execution the plan was approved; null when it is not said.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The pipeline's execution, usually <c>#{codepipeline.PipelineExecutionId}</c>; null when it is not said.</summary>
    public string? Execution { get; init; }

    /// <summary>The name of the input artifact that is the source; null for the first one.</summary>
    public string? Artifact { get; init; }

    /// <summary>
    /// The longest text that CodePipeline takes (https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Lambda.html).
    /// </summary>
    public const int MostCharacters = 1000;

    /// <summary>Reads the text; with a spec its names are compared with the service's.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="file">The name used in positions.</param>
    /// <param name="spec">The service, or null when it is not at hand.</param>
    /// <param name="template">
    /// Whether the text may still hold variables, of the pipeline (<c>#{…}</c>) or of a template (<c>${…}</c>), about whose values
    /// nothing is said.
    /// </param>
    public static UserParametersReading Read(string text, string file, ServiceSpec? spec = null, bool template = false)
    {
        var faults = new FaultList();
        if (text.Length > MostCharacters)
        {
            faults.Add(SourcePosition.StartOf(file), $"the user parameters have {text.Length} characters", $"at most {MostCharacters}");
        }
        // JSON is YAML, and the YAML reader knows places; a tab, which JSON takes for a blank, is none to YAML.
        if (!IsJson(text, file, faults) || YamlReader.Read(text.Replace('\t', ' '), file, faults) is not { } root)
        {
            return new UserParametersReading(Parameters: null, faults.InOrder());
        }
        new ShapeChecker(faults).Check(
            root,
            template ? UserParametersShape.WithVariables : UserParametersShape.Resolved,
            "the user parameters"
        );
        if (spec is not null)
        {
            Compare(root, spec, faults);
        }
        return new UserParametersReading(faults.Any ? null : Bind(root), faults.InOrder());
    }

    private static bool IsJson(string text, string file, FaultList faults)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException problem)
        {
            var at = new SourcePosition(file, (int)(problem.LineNumber ?? 0) + 1, (int)(problem.BytePositionInLine ?? 0) + 1);
            faults.Add(at, "the user parameters are not JSON", UserParametersShape.Example);
        }
        catch (ArgumentException)
        {
            faults.Add(SourcePosition.StartOf(file), "the user parameters hold half of a character", UserParametersShape.Example);
        }
        return false;
    }

    private static void Compare(YamlNode root, ServiceSpec spec, FaultList faults)
    {
        Known(root.At("service"), "service", [spec.Service], faults);
        Known(root.At("target"), "target", [.. spec.Targets.Select(target => target.Name)], faults);
        foreach (var step in root.Items("steps"))
        {
            Known(step, "step", [.. spec.Steps.Select(known => known.Name)], faults);
        }
    }

    private static void Known(YamlNode? node, string what, IReadOnlyCollection<string> names, FaultList faults)
    {
        if (
            node is YamlScalar { Type: YamlScalarType.Text } name
            && !names.Contains(name.Value)
            && !UserParametersShape.HoldsVariable(name.Value)
        )
        {
            faults.Add(name.Position, $"there is no {what} \"{name.Value}\"", NearestName.Expectation(name.Value, names));
        }
    }

    private static UserParameters Bind(YamlNode root) =>
        new(
            root.Text("service")!,
            root.Text("target")!,
            root.Text("instance"),
            root.Text("revision"),
            root.At("steps") is null ? null : [.. root.Items("steps").OfType<YamlScalar>().Select(step => step.Value)],
            root.Text("by")
        )
        {
            OnlyPlans = root.Text("action") == UserParametersShape.PlanAction,
            Plan = root.Text("plan"),
            Pipeline = root.Text("pipeline"),
            Execution = root.Text("execution"),
            Artifact = root.Text("artifact"),
        };
}

/// <summary>What reading user parameters gave.</summary>
/// <param name="Parameters">The parameters; null when there is a fault.</param>
/// <param name="Faults">Everything that is wrong.</param>
public sealed record UserParametersReading(UserParameters? Parameters, IReadOnlyList<Fault> Faults);
