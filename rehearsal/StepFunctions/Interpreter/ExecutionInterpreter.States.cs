using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <content>What each kind of state does, and how it is left.</content>
public sealed partial class ExecutionInterpreter
{
    private void Act(Branch branch, StateDefinition state)
    {
        switch (state)
        {
            case PassState pass:
                Pass(branch, pass);
                break;
            case WaitState wait:
                Wait(branch, wait);
                break;
            case ChoiceState choice:
                Choose(branch, choice);
                break;
            case SucceedState:
                Leave(branch, state, branch.Input);
                break;
            case FailState fail:
                Refuse(branch, fail);
                break;
            case RetryableState work:
                Work(branch, work);
                break;
            default:
                throw new InvalidOperationException($"The kind of state {state.Name} is not known.");
        }
    }

    private void Pass(Branch branch, PassState state)
    {
        if (state.Language == QueryLanguage.Jsonata)
        {
            Leave(branch, state, branch.Input);
            return;
        }

        var evaluation = Evaluate(branch, state);
        var input = evaluation.Select(state.InputPath, branch.Input);
        var result = state.Result is { } given ? given.Value?.DeepClone() : evaluation.Resolve(state.Parameters, input);
        var output = evaluation.Select(state.OutputPath, evaluation.Put(state.ResultPath, branch.Input, result));
        Exit(branch, state, output, evaluation.Resolve(Assigned(state.Assign), result), state.Next);
    }

    private void Wait(Branch branch, WaitState state)
    {
        // Its failed evaluation names the entered event as predecessor, unlike that of other states (recorded on AWS).
        branch.EventBeforeEntered = branch.LastEvent;
        var evaluation = Evaluate(branch, state);
        var input = state.Language == QueryLanguage.JsonPath ? evaluation.Select(state.InputPath, branch.Input) : branch.Input;
        StartTimer(
            TimerPurpose.Wait,
            branch,
            state.Seconds is { } seconds ? Seconds(evaluation, seconds, input) : Until(evaluation, state, input)
        );
    }

    // https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
    private static TimeSpan Seconds(StateEvaluation evaluation, ValueOrPath field, JsonNode? input) =>
        TimeSpan.FromSeconds(evaluation.Seconds(field, input, least: 0) ?? 0);

    private TimeSpan Until(StateEvaluation evaluation, WaitState state, JsonNode? input)
    {
        var field = state.Timestamp!;
        if (field.Path is not null)
        {
            var read = evaluation.Select(field.Path, input);
            if (!StateData.TryString(read, out var given) || !Timestamps.TryParse(given, out var at))
            {
                var shown = StateData.TryString(read, out var wrong) ? wrong : StateData.Text(read);
                throw evaluation.Runtime(
                    "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
                        + $"{field.Path} == {shown}"
                );
            }

            return FromNow(at);
        }

        var text = evaluation.Text(field, input) ?? "";
        return Timestamps.TryParse(text, out var instant)
            ? FromNow(instant)
            : throw evaluation.Evaluation(
                $"The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}",
                field.Name
            );
    }

    private TimeSpan FromNow(DateTimeOffset instant) => instant > _host.Now ? instant - _host.Now : TimeSpan.Zero;

    private void Choose(Branch branch, ChoiceState state)
    {
        var evaluation = Evaluate(branch, state);
        var input = state.Language == QueryLanguage.JsonPath ? evaluation.Select(state.InputPath, branch.Input) : branch.Input;
        var rule = state.Rules.FirstOrDefault(r => ChoiceEvaluation.Applies(r.Condition, evaluation, input));
        if ((rule?.Next ?? state.Default) is not { } next)
        {
            throw evaluation.Failed(
                ErrorNames.NoChoiceMatched,
                "Failed to transition out of the state. The state does not point to a next state."
            );
        }

        var assign = rule is null ? state.Assign : rule.Assign;
        if (state.Language == QueryLanguage.JsonPath)
        {
            Exit(branch, state, evaluation.Select(state.OutputPath, input), evaluation.Resolve(Assigned(assign), input), next);
            return;
        }

        var template = rule is null ? state.Output : rule.Output;
        var output = template is null ? input : evaluation.Jsonata(template.Value, "Output", ("input", input));
        Exit(branch, state, output, assign is null ? null : evaluation.Jsonata(assign, "Assign", ("input", input)), next);
    }

    private void Refuse(Branch branch, FailState state)
    {
        var evaluation = Evaluate(branch, state);
        throw new StateFailedException(new(evaluation.Text(state.Error, branch.Input), evaluation.Text(state.Cause, branch.Input)));
    }

    /// <summary>Leaves a state whose result is its input.</summary>
    private void Leave(Branch branch, StateDefinition state, JsonNode? input)
    {
        var evaluation = Evaluate(branch, state);
        if (state.Language == QueryLanguage.Jsonata)
        {
            var output = state.Output is { } template ? evaluation.Jsonata(template.Value, "Output", ("input", input)) : input;
            Exit(
                branch,
                state,
                output,
                state.Assign is null ? null : evaluation.Jsonata(state.Assign, "Assign", ("input", input)),
                state.Next
            );
            return;
        }

        var effective = evaluation.Select(state.InputPath, input);
        Exit(
            branch,
            state,
            evaluation.Select(state.OutputPath, effective),
            evaluation.Resolve(Assigned(state.Assign), effective),
            state.Next
        );
    }

    /// <summary>Leaves a state that did work, with its result.</summary>
    private void Complete(Branch branch, RetryableState state, JsonNode? result)
    {
        var evaluation = Evaluate(branch, state);
        if (state.Language == QueryLanguage.Jsonata)
        {
            var given = state.Output is { } template
                ? evaluation.Jsonata(template.Value, "Output", ("input", branch.Input), ("result", result))
                : result;
            var assigned = state.Assign is null
                ? null
                : evaluation.Jsonata(state.Assign, "Assign", ("input", branch.Input), ("result", result));
            Exit(branch, state, given, assigned, state.Next);
            return;
        }

        var selected = evaluation.Resolve(state.ResultSelector, result);
        var output = evaluation.Select(state.OutputPath, evaluation.Put(state.ResultPath, branch.Input, selected));
        Exit(branch, state, output, evaluation.Resolve(Assigned(state.Assign), selected), state.Next);
    }

    private void Exit(Branch branch, StateDefinition state, JsonNode? output, JsonNode? assigned, string? next)
    {
        var text = StateData.Text(output);
        if (StateData.ExceedsLimit(text))
        {
            if (branch.FanOut is { } whole)
            {
                whole.RunsWhole = true;
            }

            throw new StateFailedException(DataLimit(state.Name) with { IsTerminal = true });
        }

        var variables = (assigned as JsonObject)?.ToDictionary(v => v.Key, v => v.Value?.DeepClone());
        Record(
            branch,
            new()
            {
                Type = state.Type + "StateExited",
                Name = state.Name,
                Output = text,
                AssignedVariables = variables?.ToDictionary(v => v.Key, v => StateData.Text(v.Value)),
            }
        );
        foreach (var (name, value) in variables ?? [])
        {
            branch.Variables[name] = value;
        }

        if (next is not null)
        {
            MoveTo(branch, next, output);
        }
        else if (branch.Parent is null)
        {
            Succeed(branch, text);
        }
        else
        {
            BranchEnded(branch, output);
        }
    }

    private static Template Assigned(JsonObject? assign) => new(assign);

    private static Failure DataLimit(string stateOrTask) =>
        new(
            ErrorNames.DataLimitExceeded,
            $"The state/task '{stateOrTask}' returned a result with a size exceeding the maximum number of bytes service limit."
        );

    private void Succeed(Branch root, string output)
    {
        _execution.Output = output;
        Record(root, new() { Type = "ExecutionSucceeded", Output = output });
        Close(ExecutionStatus.Succeeded);
        _execution.Branches.Clear();
    }
}
