using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <content>
/// Redrive: what succeeded stays, what failed or was aborted runs again.
/// Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html.
/// </content>
public sealed partial class ExecutionInterpreter
{
    /// <summary>Runs an execution on that failed, was aborted or timed out. Retry counts and timeouts start again.</summary>
    /// <exception cref="InvalidOperationException">The execution runs or succeeded.</exception>
    public void Redrive()
    {
        if (_execution.Status is ExecutionStatus.Running or ExecutionStatus.Succeeded)
        {
            throw new InvalidOperationException($"An execution that is {_execution.Status} cannot be redriven.");
        }

        _execution.Status = ExecutionStatus.Running;
        _execution.StoppedAt = null;
        _execution.Error = null;
        _execution.Cause = null;
        _execution.RedriveCount++;
        _execution.RedrivenAt = _host.Now;
        Advance(() =>
        {
            var redriven = Record(_execution.LastEventId, new() { Type = "ExecutionRedriven", RedriveCount = _execution.RedriveCount });
            StartExecutionTimeout();
            _host.StatusChanged(_execution);
            Resume(_execution.Branches[RootBranch], redriven);
            return true;
        });
    }

    private void Resume(Branch branch, long redriven)
    {
        branch.Status = BranchStatus.Active;
        branch.LastEvent = redriven;
        branch.RetryCount = 0;
        branch.AppliedRetries.Clear();
        if (branch.EnteredEvent == 0)
        {
            _ready.AddLast(branch);
            return;
        }

        var state = StateOf(branch);
        if (branch.FanOut is { RunsWhole: false } fanOut)
        {
            if (fanOut.Ended == fanOut.Results.Count)
            {
                Join(branch, (RetryableState)state);
                return;
            }

            fanOut.Failed = 0;
            foreach (var child in ChildrenOf(branch))
            {
                Resume(child, redriven);
            }

            if (state is MapState map)
            {
                Attempt(branch, _ => StartIterations(branch, map, redriven));
            }

            return;
        }

        DropChildren(branch);
        if (state is FailState)
        {
            _ready.AddLast(branch);
            return;
        }

        _execution.Transitions++;
        Attempt(branch, waiting => Act(branch, waiting));
    }
}
