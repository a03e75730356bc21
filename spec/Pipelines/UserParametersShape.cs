using Deployer.Spec.Shapes;

namespace Deployer.Spec.Pipelines;

/// <summary>The keys of the user parameters.</summary>
internal static class UserParametersShape
{
    public const string Example =
        "JSON such as {\"service\":\"inventory\",\"target\":\"dev\",\"revision\":\"#{SourceVariables.CommitId}\"}";

    /// <summary>The action that makes a plan.</summary>
    public const string PlanAction = "plan";

    /// <summary>As the deployer gets them: the pipeline has put values in the place of its variables.</summary>
    public static readonly ObjectShape Resolved = Build(shape => shape);

    /// <summary>As a pipeline's template has them.</summary>
    public static readonly ObjectShape WithVariables = Build(shape => new TextShape(
        shape.Meaning,
        $@"{shape.Pattern}|.*[#$]\{{.*",
        shape.Expected
    ));

    /// <summary>Whether a text has a variable of a pipeline or a template in it.</summary>
    public static bool HoldsVariable(string text) =>
        text.Contains("#{", StringComparison.Ordinal) || text.Contains("${", StringComparison.Ordinal);

    private static ObjectShape Build(Func<TextShape, TextShape> name) =>
        new(
            "What the pipeline asks for.",
            [
                new("service", name(SpecShapes.ServiceName), Required: true),
                new("target", name(SpecShapes.TargetName), Required: true),
                new(
                    "instance",
                    name(SpecShapes.InstanceName) with
                    {
                        Meaning = "The development instance of the target; the target itself when left out.",
                    }
                ),
                new("revision", new TextShape("The commit.")),
                new(
                    "steps",
                    new ListShape("The steps to run, of all that the service has.", name(SpecShapes.StepName)) { NotEmpty = true }
                ),
                new(
                    "action",
                    new TextShape("Whether the action deploys, as it does when this is left out, or only makes a plan.")
                    {
                        Choices = [PlanAction, "deploy"],
                    }
                ),
                new("artifact", new TextShape("The input artifact that is the source, where the action has several; the first otherwise.")),
                new("plan", new TextShape("The plan to deploy: the variable Plan of the action that made it.")),
                new("pipeline", new TextShape("The pipeline's name, by which the approval of the plan is found.")),
                new("execution", new TextShape("The pipeline's execution: #{codepipeline.PipelineExecutionId}.")),
                new("by", new TextShape("Who made the change, or the pipeline's execution: #{codepipeline.PipelineExecutionId}.")),
            ]
        );
}
