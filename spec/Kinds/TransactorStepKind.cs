using Deployer.Spec.Binding;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Rules;
using Deployer.Spec.Shapes;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Kinds;

/// <summary>A Datomic Pro transactor on Fargate, alone or with its standby.</summary>
internal sealed class TransactorStepKind : StepKind
{
    // Without it, or with nothing in it, no transactor starts.
    private static readonly TextShape Value = SpecShapes.ParameterValue with { Expected = "a text that is not empty", NotEmpty = true };

    private static readonly ObjectShape StepShape = new(
        "A Datomic Pro transactor on Fargate, replaced without a write gap beyond failover.",
        [
            new(
                "transactor",
                SpecShapes.Expression with
                {
                    Meaning = "The transactor's name: its two ECS services are NAME-a and NAME-b.",
                },
                Required: true
            ),
            new("cluster", SpecShapes.Expression with { Meaning = "The ECS cluster." }, Required: true),
            new(
                "image",
                SpecShapes.Expression with
                {
                    Meaning = "The transactor's image by its digest, REPOSITORY@sha256:DIGEST.",
                },
                Required: true
            ),
            new("version", Value with { Meaning = "The release of Datomic Pro in the image, such as 1.0.7705." }, Required: true),
            new("java", Value with { Meaning = "The version of Java in the image: 11, 17 or 21." }, Required: true),
            new("mode", Value with { Meaning = "pair for an active transactor and a standby, single for one alone." }, Required: true),
            new(
                "allowWriteGap",
                new BooleanShape("Whether a single transactor may be replaced, which is a time without writes: two heartbeats at least.")
            ),
            new("cpu", Value with { Meaning = "Units of CPU of a task on Fargate; 1024 are one vCPU." }, Required: true),
            new("memory", Value with { Meaning = "The memory of a task in MiB." }, Required: true),
            new(
                "heap",
                Value with
                {
                    Meaning = "The heap of the JVM, such as 4g: at most 75 % of the task's memory, and 512 MiB less.",
                },
                Required: true
            ),
            new("table", SpecShapes.Expression with { Meaning = "The DynamoDB table that is the storage." }, Required: true),
            new("logGroup", SpecShapes.Expression with { Meaning = "The log group of the transactors." }, Required: true),
            new(
                "properties",
                new MapShape(
                    "Lines of the transactor's properties file; host, storage, health check and metrics are the deployer's.",
                    new TextShape("A property.", "[a-z][a-z0-9-]*", "a property such as memory-index-max"),
                    SpecShapes.ParameterValue with
                    {
                        IsConfidential = true,
                    }
                )
                {
                    NotEmpty = true,
                },
                Required: true
            ),
            new(
                "environment",
                new MapShape(
                    "Environment variables of the container, none of them a secret.",
                    new TextShape("A variable.", "[A-Za-z_][A-Za-z0-9_]*", "letters, digits and underscores"),
                    SpecShapes.ParameterValue with
                    {
                        IsConfidential = true,
                    }
                )
            ),
            new(
                "secrets",
                new MapShape(
                    "The ARN in Secrets Manager or Systems Manager of what a property or an environment variable gets when a task starts.",
                    new TextShape("A property or a variable.", "[A-Za-z_][A-Za-z0-9_-]*", "a property or an environment variable"),
                    SpecShapes.Expression with
                    {
                        Meaning = "The ARN.",
                        IsConfidential = true,
                    }
                )
            ),
            new(
                "javaOptions",
                new ListShape("Options of the JVM beside those of the heap and of the garbage collector.", new TextShape("An option."))
            ),
            new(
                "watch",
                new TextShape(
                    "How long the new transactors are watched before the step is done; 5m when left out.",
                    "[1-9][0-9]{0,2}m",
                    "minutes such as 5m"
                )
            ),
            SpecShapes.After,
        ]
    );

    /// <inheritdoc/>
    internal override ObjectShape Shape => StepShape;

    /// <inheritdoc/>
    internal override StepSpec Bind(StepNode node)
    {
        Expression Of(string key) => node.Values.Expression(node.Body, key, Scope.Outputs);
        return new TransactorStep(
            node.Name,
            node.Position,
            node.After,
            Of("transactor"),
            Of("cluster"),
            Of("image"),
            Of("version"),
            Of("java"),
            new TransactorSize(Of("cpu"), Of("memory"), Of("heap"))
        )
        {
            Mode = Of("mode"),
            AllowsWriteGap = node.Body.Flag("allowWriteGap"),
            Table = Of("table"),
            LogGroup = Of("logGroup"),
            Properties = node.Values.Expressions(node.Body.At("properties"), Scope.Outputs),
            Environment = node.Values.Expressions(node.Body.At("environment"), Scope.Outputs),
            Secrets = node.Values.Expressions(node.Body.At("secrets"), Scope.Outputs),
            JavaOptions =
            [
                .. node.Body.Items("javaOptions").OfType<YamlScalar>().Select(item => node.Values.Expression(item, Scope.Outputs)),
            ],
            Watch = NodeValues.Duration(node.Body.Text("watch")),
        };
    }

    /// <inheritdoc/>
    internal override void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults) => TransactorRules.Check(spec, faults);

    /// <inheritdoc/>
    internal override void CheckInstance(StepSpec step, NamedStep named, FaultList faults)
    {
        var transactor = (TransactorStep)step;
        InstanceRules.CheckOwn(transactor.Transactor, "the transactor's name", named, faults);
        InstanceRules.CheckOwn(transactor.Table, "the table", named, faults);
    }
}
