using Deployer.Spec.Binding;
using Deployer.Spec.Shapes;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Kinds;

/// <summary>An ECS service.</summary>
internal sealed class ServiceStepKind : StepKind
{
    private static readonly ObjectShape StepShape = new(
        "An ECS service, rolled to new images. Not supported yet.",
        [
            new("service", SpecShapes.Expression with { Meaning = "The ECS service's name." }, Required: true),
            new("cluster", SpecShapes.Expression with { Meaning = "The ECS cluster." }, Required: true),
            new(
                "images",
                new MapShape(
                    "The image of each container.",
                    new TextShape("A container.", "[A-Za-z0-9_-]{1,255}", "letters, digits, hyphens and underscores"),
                    SpecShapes.Expression with
                    {
                        Meaning = "The image with its tag or digest.",
                    }
                )
                {
                    NotEmpty = true,
                },
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
        new ServiceStep(
            node.Name,
            node.Position,
            node.After,
            node.Values.Expression(node.Body, "service", Scope.Outputs),
            node.Values.Expression(node.Body, "cluster", Scope.Outputs),
            node.Values.Expressions(node.Body.At("images"), Scope.Outputs)
        );
}
