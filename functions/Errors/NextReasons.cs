namespace Deployer.Functions.Errors;

/// <summary>
/// Why the next command is what it is, in the words that the command line and the notifications share. Those that end with a colon stand
/// before a command.
/// </summary>
public static class NextReasons
{
    /// <summary>What was deployed is not well, or does not run any more.</summary>
    public const string Unhealthy = "What was deployed is unhealthy. ";

    /// <summary>For <see cref="Remedy.Redrive"/>.</summary>
    public const string Redrive = "Continue at the task that failed; finished steps are not run again:";

    /// <summary>For what was stopped.</summary>
    public const string RedriveStopped = "Continue at the task where it was stopped; finished steps are not run again:";

    /// <summary>For <see cref="Remedy.RedriveOrCorrect"/>.</summary>
    public const string RedriveOrCorrect =
        "If the cause is in the service's files, correct them and deploy again. Otherwise continue at the task that failed; finished steps "
        + "are not run again:";

    /// <summary>For <see cref="Remedy.LookAgain"/>.</summary>
    public const string LookAgain =
        Unhealthy
        + "There is no way back to the release before, which may not be able to read the storage. Deploy a newer release, or look at this "
        + "one again:";

    /// <summary>Where a command about a service works, for the end of a sentence: nobody knows where its folder is.</summary>
    /// <param name="service">The service, where it is known.</param>
    public static string InFolder(string? service) => $", in the folder with {service ?? "the service"}'s deployer.yaml";

    /// <summary>For a plan that waits.</summary>
    public const string Approve = "Nothing is deployed until somebody approves this plan, which deploys it; 'deployer reject' says no";

    /// <summary>The same, for whoever does not know whether a pipeline has made it.</summary>
    public const string ApproveAnywhere = Approve + ". In a pipeline its manual approval does the same:";

    /// <summary>For a plan of a pipeline that is not deployed any more.</summary>
    /// <param name="pipeline">The pipeline, where it is known.</param>
    public static string PlanInPipeline(string? pipeline) =>
        $"{(pipeline is null ? "The pipeline" : $"The pipeline {pipeline}")} makes another plan: {AnotherPlan}";

    /// <summary>
    /// How a pipeline makes another plan. Only a stage that has failed can be retried
    /// (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html): one of the plan alone has succeeded.
    /// </summary>
    public const string AnotherPlan =
        "retry all actions of the stage that failed if it makes the plan itself, else start the pipeline again";

    /// <summary>For an action of a pipeline that was refused before there was a deployment, or a plan.</summary>
    public const string RetryRefused = "Correct the cause, then retry the failed actions of the pipeline's stage";

    /// <summary>
    /// For an action of a pipeline that is configured wrong. A stage whose pipeline has changed since may not be retried
    /// (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_RetryStageExecution.html, StageNotRetryableException).
    /// </summary>
    public const string CorrectAction = "Correct the configuration of the pipeline's action, then start the pipeline again";

    /// <summary>For a deployment of a pipeline that a redrive has brought to its end.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stage">Its stage, where that is known.</param>
    public static string RetryStage(string pipeline, string? stage = null) =>
        (
            stage is null
                ? $"If the pipeline {pipeline} still shows that the stage has failed, a retry "
                : $"The pipeline {pipeline} still shows that the stage {stage} has failed. A retry "
        ) + "of its failed actions turns it green at once, and deploys nothing again";
}
