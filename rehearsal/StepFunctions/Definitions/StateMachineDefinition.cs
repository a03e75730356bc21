namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>The language in which a state selects and shapes data.</summary>
public enum QueryLanguage
{
    /// <summary>JSONPath, the default.</summary>
    JsonPath,

    /// <summary>JSONata.</summary>
    Jsonata,
}

/// <summary>A parsed and valid definition. Source: https://states-language.net/spec.html.</summary>
/// <param name="Graph">The machine's own states.</param>
/// <param name="TimeoutSeconds">The longest that an execution may run, in seconds.</param>
public sealed record StateMachineDefinition(StateGraph Graph, double? TimeoutSeconds)
{
    /// <summary>Parses a definition. Throws <see cref="InvalidDefinitionException"/> with every fault found.</summary>
    /// <param name="text">The definition in the States language.</param>
    /// <param name="type">STANDARD or EXPRESS.</param>
    public static StateMachineDefinition Parse(string text, string type = "STANDARD")
    {
        var reader = new DefinitionReader(type);
        var definition = reader.Read(text);
        return definition is not null && reader.Faults.Count == 0 ? definition : throw new InvalidDefinitionException(reader.Faults);
    }

    /// <summary>All states, those in branches and processors included.</summary>
    public IEnumerable<StateDefinition> AllStates() => Graph.AllStates();

    /// <summary>The faults of a definition; none when it is valid.</summary>
    public static IReadOnlyList<DefinitionFault> Validate(string text, string type = "STANDARD")
    {
        var reader = new DefinitionReader(type);
        reader.Read(text);
        return reader.Faults;
    }
}

/// <summary>States that lead to each other: a machine, a branch of a Parallel or the processor of a Map.</summary>
/// <param name="StartAt">The name of the first state.</param>
/// <param name="States">The states by name.</param>
public sealed record StateGraph(string StartAt, IReadOnlyDictionary<string, StateDefinition> States)
{
    internal IEnumerable<StateDefinition> AllStates() =>
        States.Values.SelectMany(state =>
            state switch
            {
                ParallelState parallel => parallel.Branches.SelectMany(b => b.AllStates()).Prepend(state),
                MapState map => map.Processor.AllStates().Prepend(state),
                _ => [state],
            }
        );
}
