using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <content>Parallel and Map.</content>
public sealed partial class ExecutionInterpreter
{
    private void StartParallel(Branch branch, ParallelState state)
    {
        var evaluation = Evaluate(branch, state);
        var input =
            state.Language == QueryLanguage.JsonPath
                ? evaluation.Resolve(state.Parameters, evaluation.Select(state.InputPath, branch.Input))
            : state.Parameters is { } arguments ? evaluation.Jsonata(arguments.Value, "Arguments", ("input", branch.Input))
            : branch.Input;
        var started = Record(branch, new() { Type = "ParallelStateStarted" });
        branch.FanOut = new FanOut
        {
            Input = input,
            Results = [.. state.Branches.Select(_ => (JsonNode?)null)],
            Next = state.Branches.Count,
        };
        for (var i = 0; i < state.Branches.Count; i++)
        {
            StartChild(branch, i, state.Branches[i], input, null, started);
        }
    }

    private void StartMap(Branch branch, MapState state)
    {
        var evaluation = Evaluate(branch, state);
        var jsonata = state.Language == QueryLanguage.Jsonata;
        var input = jsonata ? branch.Input : evaluation.Select(state.InputPath, branch.Input);
        var concurrency = (int)(evaluation.Number(state.MaxConcurrency, input) ?? 0);
        if (state.Unsupported is [var field, ..])
        {
            throw new NotSupportedException($"The field {field} of the Map state {state.Name} is not simulated by the rehearsal.");
        }

        var items = jsonata ? JsonataItems(evaluation, state, input) : PathItems(evaluation, state, input);
        Record(branch, new() { Type = "MapStateStarted", Length = items.Count });
        var tolerated = Tolerated(evaluation, state, input, items.Count);
        if (state.IsDistributed)
        {
            items = MapBatches.Split(items, state.ItemBatcher);
        }

        var run = state.IsDistributed
            ? $"{_execution.MachineArn.Replace(":stateMachine:", ":mapRun:", StringComparison.Ordinal)}/{state.Name}:{NewUuid()}"
            : null;
        branch.FanOut = new FanOut
        {
            Items = items,
            Input = input?.DeepClone(),
            Results = [.. items.Select(_ => (JsonNode?)null)],
            Concurrency = concurrency == 0 ? int.MaxValue : concurrency,
            Tolerated = tolerated,
            MapRunArn = run,
        };
        if (run is not null)
        {
            Record(branch, new() { Type = "MapRunStarted", MapRunArn = run });
        }

        if (items.Count == 0)
        {
            Join(branch, state);
            return;
        }

        StartIterations(branch, state, branch.LastEvent);
    }

    private static JsonArray PathItems(StateEvaluation evaluation, MapState state, JsonNode? input) =>
        evaluation.Select(state.ItemsPath, input) as JsonArray
        ?? throw evaluation.Runtime($"Reference path \"{state.ItemsPath}\" must point to array.");

    private static JsonArray JsonataItems(StateEvaluation evaluation, MapState state, JsonNode? input) =>
        state.Items is null
            ? input?.DeepClone() as JsonArray
                ?? throw evaluation.Evaluation($"Map state input must be an array but was: {StateData.Text(input)}", "Items")
            : evaluation.Jsonata(state.Items.Value, "Items", "array", input) as JsonArray
                ?? throw evaluation.Evaluation("The field 'Items' must be an array.", "Items");

    private static int Tolerated(StateEvaluation evaluation, MapState state, JsonNode? input, int count)
    {
        var failures = evaluation.Number(state.ToleratedFailureCount, input) ?? 0;
        var percentage = evaluation.Number(state.ToleratedFailurePercentage, input, whole: false) ?? 0;
        if (failures < 0)
        {
            throw evaluation.Runtime("ToleratedFailureCount cannot be negative.");
        }

        return percentage is < 0 or > 100
            ? throw evaluation.Runtime("ToleratedFailurePercentage must be between 0 and 100.")
            : (int)Math.Max(failures, Math.Floor(count * percentage / 100));
    }

    /// <summary>Starts iterations as far as the concurrency allows.</summary>
    private void StartIterations(Branch branch, MapState state, long previous)
    {
        var fanOut = branch.FanOut!;
        while (fanOut.Next < fanOut.Items!.Count && fanOut.Next - fanOut.Ended < fanOut.Concurrency)
        {
            var index = fanOut.Next++;
            var item = new MapItem(index, fanOut.Items[index]?.DeepClone());
            var input = item.Value;
            if (state.ItemSelector is { } selector)
            {
                var evaluation = Evaluate(branch, state, item);
                input =
                    state.Language == QueryLanguage.JsonPath
                        ? evaluation.Resolve(selector, fanOut.Input)
                        : evaluation.Jsonata(selector.Value, "ItemSelector", ("input", fanOut.Input));
            }

            var started = state.IsDistributed
                ? previous
                : RecordAside(
                    branch,
                    previous,
                    new()
                    {
                        Type = "MapIterationStarted",
                        Name = state.Name,
                        Index = index,
                    }
                );
            StartChild(branch, index, state.Processor, input, item, started);
        }
    }

    private void StartChild(Branch parent, int index, StateGraph graph, JsonNode? input, MapItem? item, long previous)
    {
        var child = new Branch
        {
            Id = ++_execution.LastNumber,
            Parent = parent.Id,
            Index = index,
            Item = item,
            IsQuiet = parent.IsQuiet || parent.FanOut!.MapRunArn is not null,
            State = graph.StartAt,
            Input = input?.DeepClone(),
            LastEvent = previous,
        };
        _execution.Branches[child.Id] = child;
        _ready.AddLast(child);
    }

    private void BranchEnded(Branch branch, JsonNode? output)
    {
        var parent = _execution.Branches[branch.Parent!.Value];
        var state = StateOf(parent);
        _execution.Branches.Remove(branch.Id);
        parent.FanOut!.Results[branch.Index] = output?.DeepClone();
        var last = branch.LastEvent;
        if (state is MapState { IsDistributed: false })
        {
            last = RecordAside(
                branch,
                last,
                new()
                {
                    Type = "MapIterationSucceeded",
                    Name = state.Name,
                    Index = branch.Index,
                }
            );
        }

        IterationEnded(parent, (RetryableState)state, branch.LastEvent, last);
    }

    /// <summary>A failed child execution of a Map Run: tolerated, or too many.</summary>
    private void IterationFailed(Branch parent, MapState state, Branch branch)
    {
        var fanOut = parent.FanOut!;
        if (++fanOut.Failed <= fanOut.Tolerated)
        {
            _execution.Branches.Remove(branch.Id);
            IterationEnded(parent, state, branch.LastEvent, branch.LastEvent);
            return;
        }

        AbortChildren(parent, state, branch.LastEvent);
        var failure = new Failure(ErrorNames.ToleranceExceeded, "The specified tolerated failure threshold was exceeded");
        Record(
            parent,
            new()
            {
                Type = "MapRunFailed",
                Error = failure.Error,
                Cause = failure.Cause,
            }
        );
        Fail(parent, state, failure);
    }

    private void IterationEnded(Branch parent, RetryableState state, long lastOfBranch, long last)
    {
        var fanOut = parent.FanOut!;
        fanOut.Ended++;
        if (state is MapState map && fanOut.Next < fanOut.Results.Count)
        {
            Attempt(parent, _ => StartIterations(parent, map, lastOfBranch));
        }
        else if (fanOut.Ended == fanOut.Results.Count)
        {
            if (fanOut.MapRunArn is null)
            {
                parent.LastEvent = last;
            }

            Join(parent, state);
        }
    }

    private void Join(Branch branch, RetryableState state)
    {
        if (branch.FanOut!.MapRunArn is { } run)
        {
            Record(branch, new() { Type = "MapRunSucceeded", MapRunArn = run });
        }

        RecordAside(branch, branch.LastEvent, new() { Type = state.Type + "StateSucceeded" });
        var result = new JsonArray([.. branch.FanOut.Results.Select(r => r?.DeepClone())]);
        Attempt(branch, _ => Complete(branch, state, result));
    }

    private string NewUuid() => Paths.IntrinsicFunctions.Uuid(_host.NextRandom);
}
