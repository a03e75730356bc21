namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>One fault of a definition, as ValidateStateMachineDefinition reports it.</summary>
/// <param name="Code">The kind, as SCHEMA_VALIDATION_FAILED.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Location">Where, as <c>/States/Wait/Seconds</c>.</param>
public sealed record DefinitionFault(string Code, string Message, string Location)
{
    internal const string Schema = "SCHEMA_VALIDATION_FAILED";
    internal const string Target = "MISSING_TRANSITION_TARGET";
    internal const string Json = "INVALID_JSON_DESCRIPTION";

    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {Message} at {Location}";
}

/// <summary>A definition that Step Functions refuses (InvalidDefinition). The message is AWS's.</summary>
public sealed class InvalidDefinitionException(IReadOnlyList<DefinitionFault> faults)
    : Exception($"Invalid State Machine Definition: '{string.Join(", ", faults)}'")
{
    /// <summary>Every fault found.</summary>
    public IReadOnlyList<DefinitionFault> Faults { get; } = faults;
}
