using Deployer.Functions.Logs;

namespace Deployer.Functions.Steps;

/// <summary>What the lines of tasks of steps are about.</summary>
public static class StepLog
{
    /// <summary>The lines of a task whose work has not been opened yet.</summary>
    public static LogScope LogScope(this TaskInput input, string task) => new(input.Deployment, input.Step, task);

    /// <summary>The lines of work that was opened.</summary>
    public static LogScope LogScope(this StepRun run) =>
        new(run.Deployment.Deployment, run.Name, run.Task) { Account = run.Target.Account };
}
