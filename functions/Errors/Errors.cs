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

/// <summary>A deployment that is still running holds the service's target.</summary>
public sealed class TargetBusyException(string message) : DeployerException(message);

/// <summary>
/// The execution, as it was after so many redrives, has ended: what of it is still on its way changes nothing. Nobody waits for the
/// answer, and nothing is recorded: the records are those of what came after it.
/// </summary>
public sealed class ExecutionEndedException(string message) : DeployerException(message);

/// <summary>The sweep could not deal with some of what it found; the message names each, a line each.</summary>
public sealed class SweepIncompleteException(string message) : DeployerException(message);

/// <summary>A newer deployment has taken over; this one changes nothing any more.</summary>
public sealed class SupersededException(string message) : DeployerException(message);

/// <summary>A stack's change set could not be created, or the stack did not reach a successful status.</summary>
public sealed class StackFailedException(string message) : DeployerException(message)
{
    /// <summary>
    /// What CloudFormation looked for outside the stack and did not find, where nothing else was wrong: another step may make it.
    /// </summary>
    public IReadOnlyList<string> MissingInputs { get; init; } = [];
}

/// <summary>A stack exports what other stacks import, and its update would remove or change that; nothing was executed.</summary>
public sealed class ExportInUseException(string message) : DeployerException(message);

/// <summary>What the step asks for breaks a rule of Datomic and could lose data or the system.</summary>
public sealed class DatomicRuleException(string message) : DeployerException(message);

/// <summary>The wait for something reached its limit; the message names what still runs.</summary>
public sealed class StepTimedOutException(string message, bool isLost) : DeployerException(message)
{
    /// <summary>Whether what still runs can only fail.</summary>
    public bool IsLost { get; } = isLost;
}

/// <summary>Ions cannot be pushed and deployed as things stand; every fault is in the message, a line each. Nothing was built.</summary>
public sealed class IonsPreflightException(string message) : DeployerException(message);

/// <summary>The revision's name was used before for other content.</summary>
public sealed class RevisionTakenException(string message) : DeployerException(message);

/// <summary>Ions were never released in the stage that this one promotes from; nothing was changed.</summary>
public sealed class RevisionNotPromotedException(string message) : DeployerException(message);

/// <summary>The revision is not made of the same bytes as on the targets of the stage before.</summary>
public sealed class RevisionDiffersException(string message) : DeployerException(message);

/// <summary>A compute group has no stack, or its stack has not the one Auto Scaling group of a compute group.</summary>
public sealed class GroupNotFoundException(string message) : DeployerException(message);

/// <summary>A compute group is off, so that no instance would run a revision; nothing was changed.</summary>
public sealed class GroupOffException(string message) : DeployerException(message);

/// <summary>A compute group is off, and how many instances it had is not recorded; nothing was changed.</summary>
public sealed class CapacityUnknownException(string message) : DeployerException(message)
{
    /// <summary>The same for an Auto Scaling group of a stack.</summary>
    public static CapacityUnknownException Of(string scalingGroup, string stack) =>
        new(
            $"{scalingGroup} of {stack} has a desired capacity of 0 and was not turned off by this deployer, so it is not known how many "
                + "instances it had; set its minimum and desired capacity once by hand"
        );
}

/// <summary>A compute group is on and does not run the revision that was released last; the message names what runs where.</summary>
public sealed class GroupNotLiveException(string message) : DeployerException(message);

/// <summary>ion-dev could not push the revision.</summary>
public sealed class IonsPushFailedException(string message) : DeployerException(message);

/// <summary>ion-dev's deploy could not be started, or ended without a word about the code.</summary>
public sealed class IonsDeployFailedException(string message) : DeployerException(message);

/// <summary>The revision needs libraries in other versions than Datomic's and the service does not allow that.</summary>
public sealed class DependencyConflictsException(string message) : DeployerException(message);

/// <summary>The revision did not load and CodeDeploy went back; the message names the revision that runs now.</summary>
public sealed class IonsRolledBackException(string message) : DeployerException(message);

/// <summary>The revision is live and trouble came while it was watched; the message names it and the revision to go back to.</summary>
public sealed class IonsBakeFailedException(string message) : DeployerException(message);

/// <summary>The code runs, the ion Lambdas are not as ion-config.edn says.</summary>
public sealed class LambdasNotConfiguredException(string message) : DeployerException(message);

/// <summary>An ECS service cannot be deployed as it stands: it is missing or deleted, or another controller deploys it.</summary>
public sealed class ServiceRefusedException(string message) : DeployerException(message);

/// <summary>There is no such image, or its tag cannot be resolved to a digest; nothing was changed.</summary>
public sealed class ImageMissingException(string message) : DeployerException(message);

/// <summary>The tasks of an ECS service's new deployment did not come to serve; the message says why, and what runs now.</summary>
public sealed class ServiceDeploymentFailedException(string message) : DeployerException(message);

/// <summary>ECS went back to the revision before; the message says why, and what runs now.</summary>
public sealed class ServiceRolledBackException(string message) : DeployerException(message);

/// <summary>The new transactor did not come to stand by; the message says why, what was put back and what runs now.</summary>
public sealed class StandbyFailedException(string message) : DeployerException(message);

/// <summary>The active transactor was not replaced as it should; the message says why, what was put back and what runs now.</summary>
public sealed class TakeoverFailedException(string message) : DeployerException(message);

/// <summary>The transactors were replaced and did not stay as they should be while they were watched.</summary>
public sealed class TransactorUnsteadyException(string message) : DeployerException(message);

/// <summary>
/// Every task has ended and a step is not, or is not any more, as it should be; the message names each such step and what differs.
/// </summary>
public sealed class StepDiffersException(string message) : DeployerException(message);

/// <summary>The endpoint cannot become available as it stands.</summary>
public sealed class EndpointUnavailableException(string message) : DeployerException(message);

/// <summary>A step's outputs could not be written to SSM parameters.</summary>
public sealed class OutputsNotPublishedException(string message) : DeployerException(message);

/// <summary>Functions could not be given the endpoint's variables.</summary>
public sealed class EndpointNotInjectedException(string message) : DeployerException(message);

/// <summary>A target is deployed by approved plans only, and there is no plan that somebody has approved; nothing was changed.</summary>
public sealed class ApprovalNeededException(string message) : DeployerException(message);

/// <summary>Somebody has changed resources by hand, which would be written over; nothing was changed.</summary>
public sealed class DriftedException(string message) : DeployerException(message);

/// <summary>What a plan looked at, or what is deployed, is not what it was when the plan was made; nothing was changed.</summary>
public sealed class PlanChangedException(string message) : DeployerException(message);
