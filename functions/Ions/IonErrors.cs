using Deployer.Functions.Errors;

namespace Deployer.Functions.Ions;

/// <summary>What helps after each failure of an ions step.</summary>
internal static class IonErrors
{
    /// <summary>Each error with its remedy.</summary>
    public static IReadOnlyList<ErrorRemedy> Remedies { get; } =
    [
        new(nameof(IonsPreflightException), Remedy.Correct),
        new(nameof(RevisionTakenException), Remedy.Correct),
        new(nameof(RevisionNotPromotedException), Remedy.ReleaseBefore),
        new(nameof(RevisionDiffersException), Remedy.Correct),
        new(nameof(GroupNotFoundException), Remedy.Deploy),
        new(nameof(GroupOffException), Remedy.TurnOn),
        new(nameof(CapacityUnknownException), Remedy.SetCapacity),
        // To turn a group on again finds the same revision in it.
        new(nameof(GroupNotLiveException), Remedy.Deploy),
        new(nameof(BuildFaultException), Remedy.Redrive),
        new(nameof(IonsPushFailedException), Remedy.RedriveOrCorrect),
        new(nameof(IonsDeployFailedException), Remedy.RedriveOrCorrect),
        new(nameof(DependencyConflictsException), Remedy.Correct),
        new(nameof(IonsRolledBackException), Remedy.RedriveOrCorrect),
        new(nameof(IonsBakeFailedException), Remedy.Rollback),
        new(nameof(IonsBakeFailedNoWayBackException), Remedy.Redrive),
        new(nameof(LambdasNotConfiguredException), Remedy.Redrive),
    ];
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
    /// <summary>The failure for the Auto Scaling groups of a stack; of several, a command can name one.</summary>
    public static CapacityUnknownException For(IReadOnlyList<string> scalingGroups, string stack) =>
        new(
            $"{string.Join(", ", scalingGroups)} of {stack} has a desired capacity of 0 and was not turned off by this deployer, so it is "
                + "not known how many instances it had; set its minimum and desired capacity once by hand"
        )
        {
            RemedySubject = scalingGroups is [.., var last] ? last : null,
        };
}

/// <summary>A compute group is on and does not run the revision that was released last; the message names what runs where.</summary>
public sealed class GroupNotLiveException(string message) : DeployerException(message);

/// <summary>CodeBuild itself failed at a build; a redrive starts another one.</summary>
/// <remarks>FAULT: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html</remarks>
public sealed class BuildFaultException(string message) : DeployerException(message);

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

/// <summary>The same, where no earlier revision is recorded to go back to.</summary>
public sealed class IonsBakeFailedNoWayBackException(string message) : DeployerException(message);

/// <summary>The code runs, the ion Lambdas are not as ion-config.edn says.</summary>
public sealed class LambdasNotConfiguredException(string message) : DeployerException(message);
