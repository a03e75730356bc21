using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <content>Failures: retry, catch, and the end of what they break.</content>
public sealed partial class ExecutionInterpreter
{
    private void Fail(Branch branch, StateDefinition state, Failure failure)
    {
        Release(branch);
        if (failure.Location is not null)
        {
            if (branch.LastEvent == branch.EnteredEvent)
            {
                branch.LastEvent = branch.EventBeforeEntered;
            }

            Record(
                branch,
                new()
                {
                    Type = "EvaluationFailed",
                    Error = failure.Error,
                    Cause = failure.Cause,
                    Location = failure.Location,
                    State = state.Name,
                }
            );
        }

        if (state is RetryableState work && !failure.IsTerminal)
        {
            if (Retries(branch, work, failure))
            {
                return;
            }

            if (work is MapState or ParallelState)
            {
                Record(branch, new() { Type = work.Type + "StateFailed" });
            }

            if (work.Catch.FirstOrDefault(c => failure.Matches(c.ErrorEquals)) is { } rule)
            {
                try
                {
                    Catch(branch, work, rule, failure);
                    return;
                }
                catch (StateFailedException e)
                {
                    failure = e.Failure;
                }
            }
        }

        branch.Status = BranchStatus.Failed;
        if (branch.Parent is null || (failure.IsTerminal && !branch.IsQuiet))
        {
            End(ExecutionStatus.Failed, branch.LastEvent, failure);
        }
        else
        {
            BranchFailed(branch, state, failure);
        }
    }

    private bool Retries(Branch branch, RetryableState state, Failure failure)
    {
        for (var i = 0; i < state.Retry.Count; i++)
        {
            var rule = state.Retry[i];
            if (!failure.Matches(rule.ErrorEquals))
            {
                continue;
            }

            while (branch.AppliedRetries.Count <= i)
            {
                branch.AppliedRetries.Add(0);
            }

            if (branch.AppliedRetries[i] >= rule.MaxAttempts)
            {
                return false;
            }

            var delay = rule.Delay(branch.AppliedRetries[i]++, _host.NextJitter);
            branch.RetryCount++;
            DropChildren(branch);
            StartTimer(TimerPurpose.Retry, branch, delay);
            return true;
        }

        return false;
    }

    private void Catch(Branch branch, RetryableState state, CatchRule rule, Failure failure)
    {
        var error = new JsonObject { ["Error"] = failure.Error, ["Cause"] = failure.Cause };
        var evaluation = Evaluate(branch, state);
        JsonNode? output;
        JsonNode? assigned;
        if (state.Language == QueryLanguage.Jsonata)
        {
            output = rule.Output is null
                ? error
                : evaluation.Jsonata(rule.Output.Value, "Output", ("input", branch.Input), ("errorOutput", error));
            assigned = rule.Assign is null
                ? null
                : evaluation.Jsonata(rule.Assign, "Assign", ("input", branch.Input), ("errorOutput", error));
        }
        else
        {
            output = evaluation.Put(rule.ResultPath, branch.Input, error);
            assigned = evaluation.Resolve(Assigned(rule.Assign), error);
        }

        DropChildren(branch);
        Exit(branch, state, output, assigned, rule.Next);
    }

    private void BranchFailed(Branch branch, StateDefinition state, Failure failure)
    {
        var parent = _execution.Branches[branch.Parent!.Value];
        var parentState = StateOf(parent);
        if (parentState is MapState { IsDistributed: true } run)
        {
            IterationFailed(parent, run, branch);
            return;
        }

        var last = branch.LastEvent;
        if (parentState is MapState)
        {
            RecordAside(
                branch,
                last,
                new()
                {
                    Type = "MapIterationFailed",
                    Name = parentState.Name,
                    Index = branch.Index,
                }
            );
        }

        if (state is RetryableState)
        {
            RecordAside(branch, last, new() { Type = state.Type + "StateAborted" });
        }

        AbortChildren(parent, parentState, last);
        parent.LastEvent = last;
        Fail(parent, parentState, failure with { Location = null });
    }

    private void AbortChildren(Branch parent, StateDefinition parentState, long previous)
    {
        foreach (var sibling in ChildrenOf(parent).Where(b => b.Status == BranchStatus.Active))
        {
            if (parentState is MapState { IsDistributed: false })
            {
                RecordAside(
                    sibling,
                    previous,
                    new()
                    {
                        Type = "MapIterationAborted",
                        Name = parentState.Name,
                        Index = sibling.Index,
                    }
                );
            }

            Abort(sibling, previous);
        }
    }

    private void Abort(Branch branch, long previous)
    {
        Halt(branch);
        var state = StateOf(branch);
        if (state is RetryableState or WaitState && branch.EnteredEvent > 0)
        {
            RecordAside(branch, previous, new() { Type = state.Type + "StateAborted" });
        }

        AbortChildren(branch, state, previous);
    }

    /// <summary>The branch stops where it is.</summary>
    private void Halt(Branch branch)
    {
        if (branch.Status == BranchStatus.Active)
        {
            branch.Status = BranchStatus.Aborted;
        }

        _ready.Remove(branch);
        Release(branch);
        CancelTimers(branch, TimerPurpose.Wait, TimerPurpose.Retry);
    }

    private void DropChildren(Branch branch)
    {
        foreach (var child in ChildrenOf(branch))
        {
            DropChildren(child);
            _execution.Branches.Remove(child.Id);
        }

        branch.FanOut = null;
    }

    /// <summary>Records an event that the branch's next one does not follow.</summary>
    private long RecordAside(Branch branch, long previous, HistoryEvent entry) => branch.IsQuiet ? previous : Record(previous, entry);

    private void End(ExecutionStatus status, long previous, Failure failure)
    {
        _execution.Error = failure.Error;
        _execution.Cause = failure.Cause;
        Record(
            previous,
            new()
            {
                Type = "Execution" + status,
                Error = NullIfEmpty(failure.Error),
                Cause = NullIfEmpty(failure.Cause),
            }
        );
        Close(status);
    }

    private void Close(ExecutionStatus status)
    {
        foreach (var branch in _execution.Branches.Values)
        {
            Halt(branch);
        }

        CancelTimers(_execution.Branches[RootBranch], TimerPurpose.ExecutionTimeout);
        _execution.Status = status;
        _execution.StoppedAt = _host.Now;
        _host.StatusChanged(_execution);
    }
}
