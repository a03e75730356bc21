using Deployer.Spec.Binding;
using Deployer.Spec.Faults;
using Deployer.Spec.Rules;
using Deployer.Spec.Shapes;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Kinds;

/// <summary>Ions, pushed and deployed to a compute group.</summary>
internal sealed class IonsStepKind : StepKind
{
    private static readonly TextShape Window = new(
        "How long the revision is watched once it is live, in minutes.",
        "[1-9][0-9]{0,2}m",
        "minutes such as 5m"
    );

    private static readonly ObjectShape StepShape = new(
        "Ions pushed and deployed to a compute group.",
        [
            new("ions", new TextShape("The folder with deps.edn, relative to this file."), Required: true),
            new("group", SpecShapes.Expression with { Meaning = "The compute group to deploy to." }, Required: true),
            new(
                "ionDev",
                new TextShape(
                    "The version of ion-dev that pushes and deploys, where deps.edn has no alias :ion-dev.",
                    @"[0-9]+\.[0-9]+\.[0-9]+",
                    "a version such as 1.0.352"
                )
            ),
            new(
                "allowConflicts",
                new ListShape(
                    "Libraries that may conflict with Datomic's own.",
                    new TextShape(
                        "A library.",
                        @"[A-Za-z0-9_.*+!?$%&=<>-]+(/[A-Za-z0-9_.*+!?$%&=<>-]+)?",
                        "a library such as org.clojure/tools.reader"
                    )
                )
            ),
            new(
                "allowUnpromoted",
                new BooleanShape(
                    "Whether a revision may be deployed that was never released in the stage before, where the deployer promotes from one."
                )
            ),
            new(
                "bake",
                new ShortShape(
                    Window,
                    new ObjectShape(
                        "How the revision is watched once it is live: alerts in Datomic's log, nodes short of "
                            + "memory and requests that are turned away fail the deployment.",
                        [
                            new("for", Window, Required: true),
                            new(
                                "freeMemory",
                                new TextShape(
                                    "The part of the free memory after its start below which a node is short of it, "
                                        + "for three consecutive minutes; 15% when left out, 0% for never.",
                                    "[0-9]{1,2}%",
                                    "a percentage such as 15%"
                                )
                            ),
                            new(
                                "throttled",
                                new TextShape(
                                    "How many requests may be turned away because the nodes are busy; 0 when left out.",
                                    "[0-9]{1,9}",
                                    "a number of requests"
                                )
                                {
                                    AnyScalar = true,
                                }
                            ),
                        ]
                    )
                )
            ),
            SpecShapes.After,
        ]
    );

    /// <inheritdoc/>
    internal override ObjectShape Shape => StepShape;

    /// <inheritdoc/>
    internal override StepSpec? Bind(StepNode node) =>
        node.Body.At("ions") is YamlScalar written && Folder(written, node.Faults) is { } folder
            ? new IonsStep(
                node.Name,
                node.Position,
                node.After,
                folder,
                written.Position,
                node.Values.Expression(node.Body, "group", Scope.Outputs),
                [.. node.Body.Items("allowConflicts").OfType<YamlScalar>().Select(item => item.Value)],
                node.Body.Flag("allowUnpromoted"),
                Bake(node.Body.At("bake"))
            )
            {
                IonDev = node.Body.Text("ionDev"),
                IonDevPosition = node.Body.At("ionDev")?.Position,
            }
            : null;

    /// <inheritdoc/>
    internal override void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults) => IonsRules.Check(spec, folder, faults);

    private static BakeSpec? Bake(YamlNode? node) =>
        node is not null && NodeValues.Duration((node as YamlScalar)?.Value ?? node.Text("for")) is { } window
            ? new BakeSpec(
                window,
                NodeValues.Number(node.Text("freeMemory")?.TrimEnd('%')) ?? BakeSpec.LowMemory,
                NodeValues.Number(node.Text("throttled")) ?? 0
            )
            : null;

    private static RelativePath? Folder(YamlScalar written, FaultList faults)
    {
        if (!RelativePath.TryParse(written.Value, out var folder, out var problem))
        {
            faults.Add(written.Position, $"the path \"{written.Value}\" {problem}", "the path of a folder within the service's folder");
        }
        return folder;
    }
}
