using System.Collections.Frozen;

namespace Deployer.Functions.Errors;

/// <summary>What helps after an execution that failed.</summary>
public enum Remedy
{
    /// <summary>A redrive: the task that failed begins again, waits again, or looks again, and nothing has to change in the service's
    /// files.</summary>
    Redrive,

    /// <summary>A redrive where the cause is outside of the service's files, which it takes as they were; otherwise a new deployment of
    /// corrected ones.</summary>
    RedriveOrCorrect,

    /// <summary>A new deployment of the same files: a redrive would end the same way, since it runs nothing that was done again.</summary>
    Deploy,

    /// <summary>A new plan, which somebody approves: a deployment of the same plan would be refused again.</summary>
    Plan,

    /// <summary>To turn the compute group on, and then a new deployment of the same files.</summary>
    TurnOn,

    /// <summary>To set the capacity of a compute group by hand, which is recorded nowhere, and then a redrive.</summary>
    SetCapacity,

    /// <summary>A new deployment of corrected files, or a corrected request: a redrive takes the same ones again.</summary>
    Correct,
}

/// <summary>Decides for each error of an execution what helps.</summary>
public static class Remedies
{
    private static readonly FrozenDictionary<string, Remedy> ByError = new Dictionary<string, Remedy>(StringComparer.Ordinal)
    {
        [nameof(NotYetException)] = Remedy.Redrive,
        [nameof(AwsUnavailableException)] = Remedy.Redrive,
        // A permission or a quota outside, or what a file asks for.
        [nameof(AwsRefusedException)] = Remedy.RedriveOrCorrect,
        [nameof(DeployerFaultException)] = Remedy.Redrive,
        [nameof(PayloadInvalidException)] = Remedy.Correct,
        [nameof(SpecInvalidException)] = Remedy.Correct,
        // Once the other deployment has ended.
        [nameof(TargetBusyException)] = Remedy.Redrive,
        [nameof(ExecutionEndedException)] = Remedy.Deploy,
        [nameof(SweepIncompleteException)] = Remedy.Redrive,
        [nameof(SupersededException)] = Remedy.Deploy,
        [nameof(StackFailedException)] = Remedy.RedriveOrCorrect,
        [nameof(ExportInUseException)] = Remedy.Correct,
        [nameof(DatomicRuleException)] = Remedy.Correct,
        [nameof(StepTimedOutException)] = Remedy.Redrive,
        [nameof(IonsPreflightException)] = Remedy.Correct,
        [nameof(RevisionTakenException)] = Remedy.Correct,
        [nameof(RevisionNotPromotedException)] = Remedy.Correct,
        [nameof(RevisionDiffersException)] = Remedy.Correct,
        [nameof(GroupNotFoundException)] = Remedy.Deploy,
        [nameof(GroupOffException)] = Remedy.TurnOn,
        [nameof(CapacityUnknownException)] = Remedy.SetCapacity,
        // To turn a group on again finds the same revision in it.
        [nameof(GroupNotLiveException)] = Remedy.Deploy,
        [nameof(IonsPushFailedException)] = Remedy.RedriveOrCorrect,
        [nameof(IonsDeployFailedException)] = Remedy.RedriveOrCorrect,
        [nameof(DependencyConflictsException)] = Remedy.Correct,
        [nameof(IonsRolledBackException)] = Remedy.RedriveOrCorrect,
        [nameof(IonsBakeFailedException)] = Remedy.Redrive,
        [nameof(LambdasNotConfiguredException)] = Remedy.Redrive,
        [nameof(ServiceRefusedException)] = Remedy.Correct,
        // Once the image has been pushed.
        [nameof(ImageMissingException)] = Remedy.RedriveOrCorrect,
        [nameof(ServiceDeploymentFailedException)] = Remedy.RedriveOrCorrect,
        [nameof(ServiceRolledBackException)] = Remedy.RedriveOrCorrect,
        [nameof(StandbyFailedException)] = Remedy.RedriveOrCorrect,
        [nameof(TakeoverFailedException)] = Remedy.RedriveOrCorrect,
        // Once they are steady; the revision before is brought back by a rollback.
        [nameof(TransactorUnsteadyException)] = Remedy.Redrive,
        // A redrive enters the proof, which compares again and deploys nothing.
        [nameof(StepDiffersException)] = Remedy.Deploy,
        // Once its owner has accepted it.
        [nameof(EndpointUnavailableException)] = Remedy.Redrive,
        [nameof(OutputsNotPublishedException)] = Remedy.RedriveOrCorrect,
        [nameof(EndpointNotInjectedException)] = Remedy.RedriveOrCorrect,
        // Once it is put back by hand.
        [nameof(DriftedException)] = Remedy.Redrive,
        // By another plan, which somebody approves.
        [nameof(ApprovalNeededException)] = Remedy.Plan,
        [nameof(PlanChangedException)] = Remedy.Plan,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// What helps after an execution that ended with this error; one of Step Functions' or Lambda's own is of the moment.
    /// </summary>
    /// <param name="error">The error as Step Functions records it; <see langword="null"/> when the execution was stopped.</param>
    public static Remedy After(string? error) => ByError.GetValueOrDefault(error ?? string.Empty, Remedy.Redrive);

    /// <summary>The errors that are decided on.</summary>
    internal static IEnumerable<string> Errors => ByError.Keys;
}
