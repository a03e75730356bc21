using Deployer.Cli.Progress;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Rehearsals;

/// <summary>
/// The deployments in rehearsed accounts that have begun and are not at their end, of whichever target and run: it follows what happens to
/// them, so that they are known when the accounts are closed already.
/// </summary>
internal sealed class UnderwayDeployments
{
    private readonly Lock _lock = new();
    private readonly List<string> _executions = [];

    /// <summary>ARNs of their executions, in the order in which they began.</summary>
    public IReadOnlyList<string> Executions
    {
        get
        {
            lock (_lock)
            {
                return [.. _executions];
            }
        }
    }

    /// <summary>Begins anew with the executions that run now; those that deploy nothing are left out.</summary>
    public void Begin(IEnumerable<string> executions)
    {
        lock (_lock)
        {
            _executions.Clear();
            _executions.AddRange(executions.Where(IsDeployment));
        }
    }

    /// <summary>Takes the next event of an execution.</summary>
    public void Add(string execution, TimelineEvent happened)
    {
        if (!IsDeployment(execution))
        {
            return;
        }

        lock (_lock)
        {
            switch (happened.Type)
            {
                case "ExecutionStarted" or "ExecutionRedriven" when !_executions.Contains(execution):
                    _executions.Add(execution);
                    break;
                case "ExecutionSucceeded" or "ExecutionFailed" or "ExecutionAborted" or "ExecutionTimedOut":
                    _executions.Remove(execution);
                    break;
            }
        }
    }

    /// <summary>Pipelines have executions too, whose ids are no ARNs.</summary>
    private static bool IsDeployment(string execution) =>
        execution.StartsWith("arn:", StringComparison.Ordinal)
        && DeployerStage.StageOf(new ExecutionArn(execution).Machine, DeployerMachine.Deploy) is not null;
}
