using System.Text.RegularExpressions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Notifications;

/// <summary>What to do next where no execution is named: each command can be copied as it is.</summary>
public static partial class NextCommands
{
    /// <summary>To look at the deployments to a target, its looks and their plans.</summary>
    /// <param name="reason">Why, without a mark at its end.</param>
    /// <param name="service">The service.</param>
    /// <param name="target">The target, as <c>deployer.yaml</c> names it.</param>
    /// <param name="instance">The development instance; <see langword="null"/> for the target itself.</param>
    /// <param name="settings">The deployer.</param>
    public static NextAction History(string reason, string service, string target, string? instance, Settings settings) =>
        new(
            $"{reason}{NextReasons.InFolder(service)}:",
            $"deployer history . --target {target}"
                + (instance is null ? string.Empty : $" --instance {instance}")
                + $" --region {settings.Region}"
                + (DeployerStage.OfTarget(target) == settings.Stage ? string.Empty : $" --stage {settings.Stage}")
        );

    /// <summary>To decide about a plan that waits.</summary>
    /// <param name="plan">The execution that made it.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="before">A sentence before the reason, with a space at its end.</param>
    public static NextAction Approve(ExecutionArn plan, string digest, string before = "") =>
        new(before + NextReasons.ApproveAnywhere, $"deployer approve {plan} --digest {digest}");

    /// <summary>To have a pipeline begin anew.</summary>
    /// <param name="reason">Why, without a mark at its end.</param>
    /// <param name="pipeline">The pipeline's name; <see langword="null"/> where it is not known.</param>
    /// <param name="settings">The deployer, in whose region its pipelines are.</param>
    /// <remarks>https://docs.aws.amazon.com/cli/latest/reference/codepipeline/start-pipeline-execution.html</remarks>
    public static NextAction StartPipeline(string reason, string? pipeline, Settings settings) =>
        OfPipeline(reason, string.Empty, "start-pipeline-execution", pipeline, settings);

    /// <summary>To see in which stage an action of a pipeline has failed, of which its function does not hear.</summary>
    /// <inheritdoc cref="StartPipeline"/>
    /// <remarks>https://docs.aws.amazon.com/cli/latest/reference/codepipeline/get-pipeline-state.html</remarks>
    public static NextAction ShowPipeline(string reason, string? pipeline, Settings settings) =>
        OfPipeline(reason, ", which this shows", "get-pipeline-state", pipeline, settings);

    /// <summary>User parameters may name anything: what is no name of a pipeline is in no line that a shell would run.</summary>
    private static NextAction OfPipeline(string reason, string before, string operation, string? pipeline, Settings settings) =>
        pipeline is not null && PipelineName().IsMatch(pipeline)
            ? new NextAction($"{reason}{before}:", $"aws codepipeline {operation} --name {pipeline} --region {settings.Region}")
            : new NextAction($"{reason}.");

    /// <summary>https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html</summary>
    [GeneratedRegex(@"^[A-Za-z0-9.@_][A-Za-z0-9.@_-]{0,99}\z", RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex PipelineName();
}
