namespace Deployer.Functions.Steps;

/// <summary>
/// A function of the tasks of a kind of step, and what its role in <c>template.yaml</c> shares with others. A kind registers each of its
/// functions; the machine invokes it.
/// </summary>
/// <param name="Function">The function's name after <c>deployer-STAGE-</c>, which is also its role's.</param>
/// <param name="Policies">The managed policies of its role.</param>
public sealed record FunctionRole(string Function, params RolePolicy[] Policies);

/// <summary>Managed policies of <c>template.yaml</c>, each shared by the roles of several functions.</summary>
public enum RolePolicy
{
    /// <summary>Logs, and the records of deployments.</summary>
    Function,

    /// <summary>Executions that wait are looked at and answered.</summary>
    Answer,

    /// <summary>Sources that were handed over are taken.</summary>
    Source,

    /// <summary>Notifications are sent.</summary>
    Notify,

    /// <summary>Sources are read, and the target's account is entered.</summary>
    Step,

    /// <summary>What the function failed at for good is kept.</summary>
    FailedEvent,

    /// <summary>Templates and code are uploaded.</summary>
    Package,

    /// <summary>Revisions of the stage before are read.</summary>
    Promotion,

    /// <summary>Builds and what they answer are read.</summary>
    BuildResult,

    /// <summary>Builds are started.</summary>
    Build,
}
