using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Spec;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Steps;

/// <summary>A part of a report about a step that ran: an entry of one of the lists of its JSON document.</summary>
public interface IReportPart
{
    /// <summary>The name of the list, such as <c>stacks</c>.</summary>
    string Section { get; }

    /// <summary>How it reads on a screen, one paragraph an element.</summary>
    IEnumerable<string> Lines { get; }
}

/// <summary>A step that ran, with what is needed to report it.</summary>
/// <param name="Spec">The service.</param>
/// <param name="Target">The target.</param>
/// <param name="Folder">The service's folder.</param>
/// <param name="Step">The step.</param>
/// <param name="Action">
/// What the step did, as the report has it: what its tasks did in the whole deployment, or that it failed or was stopped.
/// </param>
/// <param name="Tasks">The records of the step's tasks.</param>
/// <param name="Account">
/// The target's account, to look at what runs; <see langword="null"/> where it cannot be entered, and the records have to do.
/// </param>
public sealed record ReportedStep(
    ServiceSpec Spec,
    TargetSpec Target,
    ISourceFolder Folder,
    StepSpec Step,
    StepAction Action,
    IReadOnlyList<TaskRecord> Tasks,
    TargetAccount? Account
)
{
    /// <summary>
    /// Whether one of its tasks has begun something in AWS and does not know its end: that goes on, whatever became of the deployment.
    /// </summary>
    public bool IsUnderway => Tasks.Any(task => task is { State: TaskState.Begun or TaskState.Running, Resource: not null });

    /// <summary>Whether the deployment has removed the development instance that the step is of.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>The record of one of the step's tasks, or <see langword="null"/> when that task was not entered.</summary>
    public TaskRecord? Task(string name) => Tasks.FirstOrDefault(task => task.Task == name);
}
