using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>One state.</summary>
public abstract record StateDefinition
{
    /// <summary>The state's name, unique in its graph.</summary>
    public required string Name { get; init; }

    /// <summary>The language of its expressions.</summary>
    public required QueryLanguage Language { get; init; }

    /// <summary>The state that follows; null when this one ends its graph or chooses by itself.</summary>
    public string? Next { get; init; }

    /// <summary>JSONPath: what of the input the state sees; null discards it.</summary>
    public string? InputPath { get; init; } = "$";

    /// <summary>JSONPath: what of the result leaves the state; null discards it.</summary>
    public string? OutputPath { get; init; } = "$";

    /// <summary>Variables to assign when the state is left.</summary>
    public JsonObject? Assign { get; init; }

    /// <summary>JSONata: what leaves the state.</summary>
    public Template? Output { get; init; }

    /// <summary>The word before <c>StateEntered</c> in the history.</summary>
    public abstract string Type { get; }
}

/// <summary>Passes its input, or a fixed result, on.</summary>
public sealed record PassState : StateDefinition
{
    /// <inheritdoc/>
    public override string Type => "Pass";

    /// <summary>A fixed result.</summary>
    public Template? Result { get; init; }

    /// <summary>JSONPath: the shape of the effective input.</summary>
    public Template? Parameters { get; init; }

    /// <summary>JSONPath: where in the input the result goes; null discards it.</summary>
    public string? ResultPath { get; init; } = "$";
}

/// <summary>Waits for a time or until an instant.</summary>
public sealed record WaitState : StateDefinition
{
    /// <inheritdoc/>
    public override string Type => "Wait";

    /// <summary>How long, in seconds.</summary>
    public ValueOrPath? Seconds { get; init; }

    /// <summary>Until when.</summary>
    public ValueOrPath? Timestamp { get; init; }
}

/// <summary>Ends the execution or branch with success.</summary>
public sealed record SucceedState : StateDefinition
{
    /// <inheritdoc/>
    public override string Type => "Succeed";
}

/// <summary>Ends the execution or branch with a failure.</summary>
public sealed record FailState : StateDefinition
{
    /// <inheritdoc/>
    public override string Type => "Fail";

    /// <summary>The error's name.</summary>
    public ValueOrPath? Error { get; init; }

    /// <summary>The cause.</summary>
    public ValueOrPath? Cause { get; init; }
}

/// <summary>Chooses the next state.</summary>
public sealed record ChoiceState : StateDefinition
{
    /// <inheritdoc/>
    public override string Type => "Choice";

    /// <summary>The rules, in order.</summary>
    public required IReadOnlyList<ChoiceRule> Rules { get; init; }

    /// <summary>The next state when no rule applies.</summary>
    public string? Default { get; init; }
}
