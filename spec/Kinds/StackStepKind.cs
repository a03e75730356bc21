using Deployer.Spec.Binding;
using Deployer.Spec.Datomic;
using Deployer.Spec.Faults;
using Deployer.Spec.Rules;
using Deployer.Spec.Shapes;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Kinds;

/// <summary>A CloudFormation stack.</summary>
internal sealed class StackStepKind : StepKind
{
    private static readonly ObjectShape StepShape = new(
        "A CloudFormation stack.",
        [
            new(
                "stack",
                SpecShapes.Expression with
                {
                    Meaning = "The stack's name; references to the target's values are allowed.",
                },
                Required: true
            ),
            new("kind", new TextShape("Which of Datomic's rules hold for the stack; plain when left out.") { Choices = StackKinds.Names }),
            new(
                "template",
                SpecShapes.Expression with
                {
                    Meaning = "A file in the service's folder, or the https address of a template in S3.",
                },
                Required: true
            ),
            new(
                "parameters",
                new MapShape(
                    "Parameters by name; those not named keep their value.",
                    new TextShape("A parameter.", "[A-Za-z0-9]{1,255}", "letters and digits"),
                    SpecShapes.ParameterValue
                )
            ),
            new(
                "tags",
                new MapShape(
                    "Tags of the stack and what it makes.",
                    new TextShape("A tag.", @"(?![Aa][Ww][Ss]:).{1,128}", "1 to 128 characters, not beginning with aws:"),
                    SpecShapes.ParameterValue
                )
            ),
            new("publish", SpecShapes.Expression with { Meaning = "The path of SSM parameters to which the outputs are also written." }),
            new(
                "capabilities",
                new ListShape(
                    "Capabilities that are granted: what nested templates at an address need, and the most that the templates may need.",
                    new TextShape("A capability.") { Choices = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"] }
                )
            ),
            SpecShapes.After,
        ]
    );

    /// <inheritdoc/>
    internal override ObjectShape Shape => StepShape;

    /// <inheritdoc/>
    internal override StepSpec Bind(StepNode node) =>
        new StackStep(
            node.Name,
            node.Position,
            node.After,
            node.Values.Expression(node.Body, "stack", Scope.Target),
            StackKindOf(node.Body),
            node.Values.Expression(node.Body, "template", Scope.Target),
            node.Values.Expressions(node.Body.At("parameters"), Scope.Outputs),
            node.Values.Expressions(node.Body.At("tags"), Scope.Outputs),
            node.Body.At("publish") is null ? null : node.Values.Expression(node.Body, "publish", Scope.Target),
            node.Body.At("capabilities") is null
                ? null
                : [.. node.Body.Items("capabilities").OfType<YamlScalar>().Select(item => item.Value)]
        );

    /// <inheritdoc/>
    internal override void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults)
    {
        StackRules.Check(spec, faults);
        DatomicRules.Check(spec, faults);
        TemplateRules.Check(spec, folder, faults);
        CustomNameRules.Check(spec, folder, faults);
    }

    /// <inheritdoc/>
    internal override void CheckInstance(StepSpec step, NamedStep named, FaultList faults)
    {
        var stack = (StackStep)step;
        if (stack.StackKind is StackKind.DatomicStorage or StackKind.DatomicCompute)
        {
            faults.Add(
                named.Position,
                $"the step \"{named.Name}\" is of kind {StackKinds.Name(stack.StackKind)}, and a development instance shares the system",
                "a query group, ions, stacks of your own or endpoints"
            );
            return;
        }
        InstanceRules.CheckOwn(stack.Stack, "the stack's name", named, faults);
        InstanceRules.CheckOwn(stack.Publish, "the path to publish to", named, faults);
    }

    private static StackKind StackKindOf(YamlNode node) => StackKinds.Find(node.Text("kind")) ?? OtherwiseOf(node);

    /// <summary>A kind that does not exist is reported already; with the template's own nothing else is reported because of it.</summary>
    private static StackKind OtherwiseOf(YamlNode node) =>
        node.Text("kind") is not null && DatomicTemplate.TryParse(node.Text("template") ?? string.Empty, out var template)
            ? template.Kind
            : StackKind.Plain;
}
