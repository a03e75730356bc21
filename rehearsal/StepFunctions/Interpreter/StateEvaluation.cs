using System.Globalization;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Definitions;
using Deployer.Rehearsal.StepFunctions.Jsonata;
using Deployer.Rehearsal.StepFunctions.Paths;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>
/// Evaluates the expressions of one state at one moment. Whatever fails is a <see cref="StateFailedException"/> in AWS's words.
/// </summary>
internal sealed class StateEvaluation(
    StateDefinition state,
    long enteredEvent,
    JsonObject context,
    IReadOnlyDictionary<string, JsonNode?> variables,
    IExecutionHost host
)
{
    /// <summary>What <c>InputPath</c> or <c>OutputPath</c> selects; a null path gives an empty object.</summary>
    public JsonNode? Select(string? path, JsonNode? input)
    {
        if (path is null)
        {
            return new JsonObject();
        }

        try
        {
            return PayloadTemplate.Evaluate(path, Scope(input));
        }
        catch (PathNotFoundException e)
        {
            throw Runtime($"Invalid path '{path}' : {e.Message}");
        }
        catch (IntrinsicFailureException e)
        {
            throw Failed(ErrorNames.IntrinsicFailure, e.Message);
        }
    }

    /// <summary>A payload template, or its absence, over the input.</summary>
    public JsonNode? Resolve(Template? template, JsonNode? input)
    {
        if (template is null)
        {
            return input;
        }

        try
        {
            return PayloadTemplate.Resolve(template.Value, Scope(input));
        }
        catch (TemplateFieldException e)
        {
            throw Runtime(e.Message);
        }
        catch (IntrinsicFailureException e)
        {
            throw Failed(ErrorNames.IntrinsicFailure, e.Message);
        }
    }

    /// <summary>The state's input with the result at <c>ResultPath</c>.</summary>
    public JsonNode? Put(string? resultPath, JsonNode? input, JsonNode? result)
    {
        if (resultPath is null)
        {
            return input;
        }

        try
        {
            return ReferencePath.Put(resultPath, input, result);
        }
        catch (PathNotFoundException e)
        {
            throw Failed("States.ResultPathMatchFailure", e.Message);
        }
    }

    /// <summary>A JSONata template.</summary>
    /// <param name="template">The field's value.</param>
    /// <param name="field">The field's name, for the message.</param>
    /// <param name="states">What <c>$states</c> holds besides the context.</param>
    public JsonNode? Jsonata(JsonNode? template, string field, params ReadOnlySpan<(string Name, JsonNode? Value)> states)
    {
        var bound = new JsonObject();
        foreach (var (name, value) in states)
        {
            bound[name] = value?.DeepClone();
        }

        bound["context"] = context.DeepClone();
        var bindings = new Dictionary<string, JsonNode?>(variables) { ["states"] = bound };
        try
        {
            return JsonataTemplate.Resolve(template, field, bindings, new(host.Now, host.NextRandom));
        }
        catch (JsonataFieldException e)
        {
            throw Evaluation(e.Message, e.Field);
        }
    }

    /// <summary>A JSONata field that must give a certain type.</summary>
    public JsonNode? Jsonata(JsonNode? template, string field, string type, JsonNode? input)
    {
        var value = Jsonata(template, field, ("input", input));
        var actual = JsonataTemplate.TypeName(value);
        return actual == type || !JsonataText.TryExpression(template, out var expression)
            ? value
            : throw Evaluation(
                $"The JSONata expression '{expression}' specified for the field '{field}' returned an unexpected result type. "
                    + $"Expected '{type}', but was '{actual}' for value: {StateData.Text(value)}",
                field
            );
    }

    /// <summary>A number given as value, expression or path; null when the field is absent.</summary>
    public double? Number(ValueOrPath? field, JsonNode? input, bool whole = true)
    {
        if (field is null)
        {
            return null;
        }

        if (field.Path is null)
        {
            var value = state.Language == QueryLanguage.Jsonata ? Jsonata(field.Value, field.Name, "number", input) : field.Value;
            return StateData.TryNumber(value, out var literal)
                ? literal
                : throw Runtime($"The field '{field.Name}' is not a number: {StateData.Text(value)}");
        }

        var read = Select(field.Path, input);
        if (StateData.TryNumber(read, out var number) && (!whole || number == Math.Floor(number)))
        {
            return number;
        }

        var shown = StateData.TryString(read, out var text) ? text : StateData.Text(read);
        throw Runtime(
            $"The {field.Name} field refers to value \"{shown}\" which is not a valid {(whole ? "integer" : "float")}: {field.Path}"
        );
    }

    /// <summary>Seconds, given as a number is; null when the field is absent.</summary>
    /// <param name="field">The field.</param>
    /// <param name="input">The input that a path or an expression reads.</param>
    /// <param name="least">The fewest: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html takes no time-out of 0.</param>
    public double? Seconds(ValueOrPath? field, JsonNode? input, int least = 1) =>
        Number(field, input) is not { } seconds ? null
        : seconds >= least && seconds <= StateReader.LongestSeconds ? seconds
        : throw Runtime(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The {field!.Name} field is {seconds}; expected an integer from {least} to {StateReader.LongestSeconds}"
            )
        );

    /// <summary>A text given as value, expression, path or intrinsic call; null when the field is absent.</summary>
    public string? Text(ValueOrPath? field, JsonNode? input)
    {
        if (field is null)
        {
            return null;
        }

        if (field.Path is null)
        {
            var value = state.Language == QueryLanguage.Jsonata ? Jsonata(field.Value, field.Name, "string", input) : field.Value;
            return StateData.TryString(value, out var literal) ? literal : StateData.Text(value);
        }

        try
        {
            var read = PayloadTemplate.Evaluate(field.Path, Scope(input));
            return StateData.TryString(read, out var text)
                ? text
                : throw Runtime($"The {field.Name} field refers to value \"{StateData.Text(read)}\" which is not a string: {field.Path}");
        }
        catch (PathNotFoundException)
        {
            throw Runtime(
                $"The JSONPath '{field.Path}' specified for the field '{field.Name}' could not be found in the input "
                    + $"'{StateData.Text(input)}'"
            );
        }
        catch (IntrinsicFailureException e)
        {
            throw Failed(ErrorNames.IntrinsicFailure, e.Message);
        }
    }

    /// <summary>The scope of a path over an input.</summary>
    public PathScope Scope(JsonNode? input) => new(input, context, variables, host.NextRandom);

    /// <summary>A failure that nothing retries or catches.</summary>
    public StateFailedException Runtime(string message) => new(new(ErrorNames.Runtime, Explained(message)) { IsTerminal = true });

    /// <summary>A failure under the given name.</summary>
    public StateFailedException Failed(string error, string message) => new(new(error, Explained(message)));

    /// <summary>A failed JSONata expression.</summary>
    public StateFailedException Evaluation(string message, string field) =>
        new(new(ErrorNames.QueryEvaluation, Explained(message)) { Location = field });

    private string Explained(string message) =>
        $"An error occurred while executing the state '{state.Name}' (entered at the event id #{enteredEvent}). {message}";
}
