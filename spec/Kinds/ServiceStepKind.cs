using Deployer.Spec.Binding;
using Deployer.Spec.Faults;
using Deployer.Spec.Rules;
using Deployer.Spec.Shapes;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Kinds;

/// <summary>An ECS service.</summary>
internal sealed class ServiceStepKind : StepKind
{
    private static readonly TextShape Variable = new(
        "A variable.",
        "[A-Za-z_][A-Za-z0-9_]*",
        "letters, digits and underscores, not a digit first"
    );

    private static readonly ObjectShape StepShape = new(
        "An ECS service whose tasks are replaced by those of a new revision of its task definition.",
        [
            new("service", SpecShapes.Expression with { Meaning = "The ECS service's name." }, Required: true),
            new("cluster", SpecShapes.Expression with { Meaning = "The ECS cluster's name." }, Required: true),
            new(
                "image",
                SpecShapes.Expression with
                {
                    Meaning =
                        "The container's image: of a private repository of ECR with a tag or a digest, of another registry with a digest. "
                        + "${revision} is the commit that is deployed.",
                }
            ),
            new(
                "definition",
                new TextShape(
                    "A file with the task definition in JSON, in the place of the revision that runs; the other keys change what it says."
                )
            ),
            new(
                "container",
                new TextShape(
                    "The container that is changed; needed where the task definition has several.",
                    "[A-Za-z0-9_-]{1,255}",
                    "1 to 255 letters, digits, hyphens and underscores"
                )
            ),
            new("cpu", Whole("The container's CPU units.", "a whole number of CPU units, such as 512")),
            new("memory", Whole("The most memory of the container in MiB.", "a whole number of MiB, such as 1024")),
            new(
                "task",
                new ObjectShape(
                    "The size of the whole task.",
                    [
                        new("cpu", Whole("Its CPU units.", "a whole number of CPU units, such as 512")),
                        new("memory", Whole("Its memory in MiB.", "a whole number of MiB, such as 1024")),
                    ]
                )
                {
                    NotEmpty = true,
                }
            ),
            new(
                "environment",
                new MapShape("Variables of the container's environment that are set; others stay.", Variable, SpecShapes.ParameterValue)
                {
                    NotEmpty = true,
                }
            ),
            new(
                "secrets",
                new MapShape(
                    "Variables that ECS takes from elsewhere: the path or ARN of a parameter, or the ARN of a secret; others stay.",
                    Variable,
                    SpecShapes.Expression with
                    {
                        Meaning = "The parameter's path or ARN, or the secret's ARN.",
                    }
                )
                {
                    NotEmpty = true,
                }
            ),
            SpecShapes.After,
        ]
    );

    /// <inheritdoc/>
    internal override ObjectShape Shape => StepShape;

    /// <inheritdoc/>
    internal override StepSpec Bind(StepNode node) =>
        new ServiceStep(
            node.Name,
            node.Position,
            node.After,
            node.Values.Expression(node.Body, "service", Scope.Outputs),
            node.Values.Expression(node.Body, "cluster", Scope.Outputs)
        )
        {
            Image = node.Body.At("image") is YamlScalar ? node.Values.Expression(node.Body, "image", Scope.OutputsAndRevision) : null,
            Definition = node.Body.At("definition") is YamlScalar file ? FileOf(file, node.Faults) : null,
            DefinitionPosition = node.Body.At("definition")?.Position,
            Container = node.Body.Text("container"),
            ContainerPosition = node.Body.At("container")?.Position,
            Cpu = NodeValues.Number(node.Body.Text("cpu")),
            Memory = NodeValues.Number(node.Body.Text("memory")),
            TaskCpu = NodeValues.Number(node.Body.At("task")?.Text("cpu")),
            TaskMemory = NodeValues.Number(node.Body.At("task")?.Text("memory")),
            TaskPosition = node.Body.At("task")?.Position,
            Environment = node.Values.Expressions(node.Body.At("environment"), Scope.Outputs),
            Secrets = node.Values.Expressions(node.Body.At("secrets"), Scope.Outputs),
        };

    /// <inheritdoc/>
    internal override void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults) => ServiceRules.Check(spec, folder, faults);

    /// <inheritdoc/>
    internal override void CheckInstance(StepSpec step, NamedStep named, FaultList faults) =>
        InstanceRules.CheckOwn(((ServiceStep)step).Service, "the name of the ECS service", named, faults);

    private static RelativePath? FileOf(YamlScalar written, FaultList faults)
    {
        if (!RelativePath.TryParse(written.Value, out var file, out var problem))
        {
            faults.Add(written.Position, $"the path \"{written.Value}\" {problem}", "the path of a file within the service's folder");
        }

        return file;
    }

    private static TextShape Whole(string meaning, string expected) => new(meaning, "[1-9][0-9]{0,6}", expected) { AnyScalar = true };
}
