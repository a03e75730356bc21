using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Sources;

namespace Deployer.Functions.Tests.Deployments;

/// <summary>A task of a step that is entered again and again: each entry finds the record that the one before has left.</summary>
/// <param name="desk">The deployer's table.</param>
/// <param name="step">The step.</param>
/// <param name="task">Its task.</param>
/// <param name="kind">The step's kind.</param>
internal sealed class EnteredTask(Desk desk, string step, string task, string kind)
{
    /// <summary>The record as the next entry finds it.</summary>
    public TaskRecord Record { get; set; } = Fresh("one", step, task, kind);

    /// <summary>The task of another deployment, which has not been entered yet.</summary>
    public void Begin(string deployment) => Record = Fresh(deployment, step, task, kind);

    /// <summary>Enters the task, and keeps the record also when the entry fails.</summary>
    /// <param name="folder">The service's folder.</param>
    /// <param name="account">The account that the step works in.</param>
    /// <param name="work">What the task does.</param>
    /// <param name="released">What the service's steps released before.</param>
    /// <param name="capacity">What the deployment does to a compute group.</param>
    public async Task<T> Enter<T>(
        ISourceFolder folder,
        TargetAccount account,
        Func<StepRun, Task<T>> work,
        IReadOnlyDictionary<string, ReleasedStep> released,
        CapacityChange? capacity = null
    )
    {
        var run = desk.Run(folder, Record, account, released, capacity: capacity);
        try
        {
            return await work(run);
        }
        finally
        {
            Record = run.Record;
        }
    }

    private static TaskRecord Fresh(string deployment, string step, string task, string kind) =>
        new()
        {
            Deployment = new(deployment),
            Step = step,
            Task = task,
            Kind = kind,
        };
}
