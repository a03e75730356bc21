using Deployer.Spec.Binding;
using Deployer.Spec.Faults;
using Deployer.Spec.Rules;
using Deployer.Spec.Shapes;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Kinds;

/// <summary>The address of Datomic, injected into Lambda functions.</summary>
internal sealed class EndpointStepKind : StepKind
{
    private static readonly ObjectShape Functions = new(
        "Lambda functions of the target, by name.",
        [
            new(
                "names",
                new ListShape("Names, in which * stands for any characters and ? for one.", SpecShapes.Expression) { NotEmpty = true }
            ),
            new(
                "tags",
                new MapShape(
                    "Tags that a function has to have. Not supported yet.",
                    new TextShape("A tag.", ".{1,128}", "1 to 128 characters"),
                    SpecShapes.ParameterValue
                )
                {
                    NotEmpty = true,
                }
            ),
        ]
    )
    {
        NotEmpty = true,
    };

    private static readonly ObjectShape StepShape = new(
        "The address of Datomic, injected into the environment of Lambda functions.",
        [
            new(
                "endpoint",
                SpecShapes.Expression with
                {
                    Meaning = "The interface endpoint's id (vpc-endpoint), the gateway's host (gateway) or the system (zone).",
                },
                Required: true
            ),
            new(
                "via",
                new TextShape("How the functions reach Datomic; gateway and zone are not supported yet.")
                {
                    Choices = EndpointRoutes.Supported,
                    Later = EndpointRoutes.NotYetSupported,
                },
                Required: true
            ),
            new("functions", Functions, Required: true),
            new(
                "alias",
                new TextShape(
                    "An alias of each of the functions: a version with the variables is published, and the alias moved to it.",
                    "(?![0-9]+$)[a-zA-Z0-9_-]{1,128}",
                    "1 to 128 letters, digits, underscores and hyphens, not digits alone"
                )
            ),
            new(
                "variables",
                new MapShape(
                    "Environment variables to set; ${dns} is the endpoint's DNS name.",
                    new TextShape("A variable.", "[a-zA-Z][a-zA-Z0-9_]+", LambdaVariables.NameExpectation),
                    SpecShapes.ParameterValue
                )
                {
                    NotEmpty = true,
                    Refused = LambdaVariables.Reserved,
                    RefusedBecause = "is reserved by Lambda",
                },
                Required: true
            ),
            SpecShapes.After,
        ]
    );

    /// <inheritdoc/>
    internal override ObjectShape Shape => StepShape;

    /// <inheritdoc/>
    internal override StepSpec Bind(StepNode node) =>
        new EndpointStep(
            node.Name,
            node.Position,
            node.After,
            node.Values.Expression(node.Body, "endpoint", Scope.Outputs),
            RouteOf(node.Body),
            [
                .. (node.Body.At("functions")?.Items("names") ?? [])
                    .OfType<YamlScalar>()
                    .Select(item => node.Values.Expression(item, Scope.Outputs)),
            ],
            node.Values.Expressions(node.Body.At("variables"), Scope.OutputsAndDns)
        )
        {
            Alias = node.Body.Text("alias"),
        };

    /// <inheritdoc/>
    internal override void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults) => EndpointRules.Check(spec, faults);

    /// <inheritdoc/>
    internal override void CheckInstance(StepSpec step, NamedStep named, FaultList faults)
    {
        foreach (var name in ((EndpointStep)step).FunctionNames)
        {
            InstanceRules.CheckOwn(name, "the name of functions", named, faults);
        }
    }

    private static EndpointRoute RouteOf(YamlNode node) => EndpointRoutes.Find(node.Text("via")) ?? EndpointRoute.VpcEndpoint;
}
