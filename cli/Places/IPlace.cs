using Deployer.Functions.Plans;

namespace Deployer.Cli.Places;

/// <summary>What a person chooses of a deployment.</summary>
/// <param name="Steps">The steps to run; none for all.</param>
/// <param name="Revision">The commit that the folder is; <see langword="null"/> when nobody says.</param>
/// <param name="AcceptDrift">Whether what was changed by hand may be written over.</param>
internal sealed record DeploymentChoice(IReadOnlyList<string> Steps, string? Revision, bool AcceptDrift = false);

/// <summary>Where commands work: one target of a service, in accounts that are open until the place is disposed.</summary>
internal interface IPlace : IAsyncDisposable
{
    /// <summary>Whether what was started goes on when the program is interrupted, and the place reports so.</summary>
    bool OutlivesInterruption { get; }

    /// <summary>
    /// The folder that keeps the rehearsed accounts; <see langword="null"/> where they are not kept, and for those of AWS.
    /// </summary>
    string? KeptIn { get; }

    /// <summary>
    /// ARNs of the deployments in kept accounts that have begun and are not at their end, of whichever target; also once it is disposed.
    /// </summary>
    IReadOnlyList<string> Underway => [];

    /// <summary>What a command line names the service and the target by; none where the accounts are not kept in a folder.</summary>
    IReadOnlyList<string> ServiceArguments { get; }

    /// <summary>Deploys the service's folder as it is now, without a pipeline.</summary>
    Task<DeploymentReport> Deploy(DeploymentChoice choice);

    /// <summary>Runs a failed execution on from the task that failed.</summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <exception cref="Output.InvalidInputException">It cannot be redriven.</exception>
    Task<DeploymentReport> Redrive(string execution);

    /// <summary>Deploys an earlier revision of the ions again.</summary>
    /// <param name="revision">A commit or uname that was pushed before, or its first 7 or more characters.</param>
    /// <exception cref="Output.InvalidInputException">It names something that does not exist; nothing was started.</exception>
    Task<DeploymentReport> Rollback(string revision);

    /// <summary>Turns compute groups on or off.</summary>
    /// <param name="capacity">on or off.</param>
    /// <param name="steps">The groups' steps; none for all.</param>
    Task<DeploymentReport> ChangeCapacity(string capacity, IReadOnlyList<string> steps);

    /// <summary>Removes the development instance.</summary>
    Task<DeploymentReport> Remove();

    /// <summary>Finds out what a deployment would do.</summary>
    /// <param name="revision">The commit that the folder is; <see langword="null"/> where the place knows it, or there is none.</param>
    /// <param name="drift">Whether what was changed by hand is looked for, whatever the target says.</param>
    /// <exception cref="Output.InvalidInputException">The request or the service's files are wrong.</exception>
    Task<ServicePlan> Plan(string? revision = null, bool drift = false);

    /// <summary>Approves a plan and deploys it, or rejects it.</summary>
    /// <param name="plan">The plan's ARN or id.</param>
    /// <param name="decision">What was decided.</param>
    /// <exception cref="Output.InvalidInputException">There is no such plan, or nothing can be decided about it any more.</exception>
    Task<DeploymentReport> Decide(string plan, PlanDecision decision);

    /// <summary>Refuses a change of capacity that <c>Begin</c> would refuse, before anything is started.</summary>
    /// <exception cref="Output.InvalidInputException">It names something that does not exist.</exception>
    Task CheckCapacity(string capacity, IReadOnlyList<string> steps);

    /// <summary>Refuses a removal that <c>Begin</c> would refuse, before anything is started.</summary>
    /// <exception cref="Output.InvalidInputException">There is no such development instance.</exception>
    Task CheckRemoval();
}
