using Deployer.Spec.Binding;
using Deployer.Spec.Shapes;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Kinds;

/// <summary>A pair of Datomic Pro transactors on Fargate.</summary>
internal sealed class TransactorStepKind : StepKind
{
    private static readonly ObjectShape StepShape = new(
        "A pair of Datomic Pro transactors on Fargate, replaced without a write gap beyond failover. Not supported yet.",
        [
            new("transactor", SpecShapes.Expression with { Meaning = "The ECS service's name." }, Required: true),
            new("cluster", SpecShapes.Expression with { Meaning = "The ECS cluster." }, Required: true),
            new("image", SpecShapes.Expression with { Meaning = "The transactor's image with its tag or digest." }, Required: true),
            new(
                "version",
                new TextShape("The version of Datomic Pro in the image.", @"[0-9]+\.[0-9]+\.[0-9]+", "a version such as 1.0.7277"),
                Required: true
            ),
            SpecShapes.After,
        ]
    );

    /// <inheritdoc/>
    public override bool IsImplemented => false;

    /// <inheritdoc/>
    internal override ObjectShape Shape => StepShape;

    /// <inheritdoc/>
    internal override StepSpec Bind(StepNode node) =>
        new TransactorStep(
            node.Name,
            node.Position,
            node.After,
            node.Values.Expression(node.Body, "transactor", Scope.Outputs),
            node.Values.Expression(node.Body, "cluster", Scope.Outputs),
            node.Values.Expression(node.Body, "image", Scope.Outputs),
            node.Body.Text("version") ?? ""
        );
}
