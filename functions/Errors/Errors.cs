namespace Deployer.Functions.Errors;

/// <summary>Something that no event announces is not there yet; the state machine tries again within seconds.</summary>
public sealed class NotYetException(string message) : DeployerException(message)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>
/// AWS throttled a request, failed by itself or could not be reached, whichever service it was. The state machines try again with a growing
/// pause; what was begun is found again then.
/// </summary>
public sealed class AwsUnavailableException(string message) : DeployerException(message)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>AWS refused a request; the message has the operation, what it was about, and AWS's own words.</summary>
public sealed class AwsRefusedException(string message) : DeployerException(message);

/// <summary>A fault of the deployer itself; the message says what is to be reported.</summary>
public sealed class DeployerFaultException(string message) : DeployerException(message);

/// <summary>A function was invoked with something that is not its input.</summary>
public sealed class PayloadInvalidException(string message) : DeployerException(message);

/// <summary>The request or the service's files are wrong; every fault is in the message, a line each.</summary>
public sealed class SpecInvalidException(string message) : DeployerException(message);

/// <summary>The files of a deployment in the deployer's bucket are not those that it began with.</summary>
public sealed class SourceChangedException(string message) : DeployerException(message);

/// <summary>A deployment that is still running holds the service's target.</summary>
public sealed class TargetBusyException(string message) : DeployerException(message);

/// <summary>
/// The execution, as it was after so many redrives, has ended: what of it is still on its way changes nothing. Nobody waits for the
/// answer, and nothing is recorded: the records are those of what came after it.
/// </summary>
public sealed class ExecutionEndedException(string message) : DeployerException(message);

/// <summary>The sweep could not deal with some of what it found; the message names each, a line each.</summary>
public sealed class SweepIncompleteException(string message) : DeployerException(message);

/// <summary>A newer deployment has taken over; this one makes no more changes.</summary>
public sealed class SupersededException(string message) : DeployerException(message);

/// <summary>
/// The execution of the pipeline that asked for a deployment was stopped while it waited for the lock: it has changed nothing, and does not
/// wait any more.
/// </summary>
public sealed class PipelineStoppedException(string message) : DeployerException(message);

/// <summary>The wait for something reached its limit; the message names what still runs.</summary>
public sealed class StepTimedOutException(string message, bool isLost) : DeployerException(message)
{
    /// <summary>Whether what still runs can only fail.</summary>
    public bool IsLost { get; } = isLost;
}

/// <summary>
/// Every task has ended and a step is not, or is not any more, as it should be; the message names each such step and what differs.
/// </summary>
public sealed class StepDiffersException(string message) : DeployerException(message);

/// <summary>A target is deployed by approved plans only, and there is no plan that somebody has approved; nothing was changed.</summary>
public sealed class ApprovalNeededException(string message) : DeployerException(message);

/// <summary>Somebody has changed resources by hand, which may be written over; nothing was changed.</summary>
public sealed class DriftedException(string message) : DeployerException(message);

/// <summary>What a plan looked at, or what is deployed, is not what it was when the plan was made; nothing was changed.</summary>
public sealed class PlanChangedException(string message) : DeployerException(message);
