using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.Json;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>Reads a definition and collects all its faults, in the words in which AWS reports them.</summary>
internal sealed class DefinitionReader(string type)
{
    private readonly List<DefinitionFault> _faults = [];

    public IReadOnlyList<DefinitionFault> Faults => _faults;

    /// <summary>Whether the machine is an Express one.</summary>
    public bool IsExpress => type == "EXPRESS";

    public StateMachineDefinition? Read(string text)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text);
            DeepJson.CheckTexts(text, root);
        }
        catch (JsonException e)
        {
            var place = $"[Source: (String)\"{text}\"; line: {e.LineNumber + 1}, column: {e.BytePositionInLine + 1}]";
            Fault(DefinitionFault.Json, $"The definition is not JSON\n at {place}", place);
            return null;
        }

        if (root is not JsonObject machine)
        {
            Fault(DefinitionFault.Schema, "Value is not valid. It must be of type Object", "/");
            return null;
        }

        var fields = new FieldReader(this, machine, "");
        var language = fields.Language(QueryLanguage.JsonPath);
        var graph = Graph(machine, "", language);
        return graph is null ? null : new StateMachineDefinition(graph, fields.Number("TimeoutSeconds", StateReader.LongestSeconds));
    }

    public void Fault(string code, string message, string location) => _faults.Add(new(code, message, location));

    /// <summary>Reads a machine, a branch or a processor.</summary>
    public StateGraph? Graph(JsonObject node, string location, QueryLanguage language)
    {
        var missing = new[] { "StartAt", "States" }.Where(f => !node.ContainsKey(f)).ToList();
        if (missing.Count > 0)
        {
            Fault(
                DefinitionFault.Schema,
                $"These fields are required: [{string.Join(", ", missing)}]",
                location.Length == 0 ? "/" : location
            );
            return null;
        }

        if (node["States"] is not JsonObject states || states.Count == 0)
        {
            Fault(DefinitionFault.Schema, "Value is not valid. It must be an object with at least one state", $"{location}/States");
            return null;
        }

        if (!StateData.TryString(node["StartAt"], out var start) || !states.ContainsKey(start))
        {
            Fault(DefinitionFault.Target, $"Missing 'StartAt' target: {StateData.Text(node["StartAt"]).Trim('"')}", $"{location}/StartAt");
            return null;
        }

        var read = new Dictionary<string, StateDefinition>();
        foreach (var (name, value) in states)
        {
            var at = $"{location}/States/{name}";
            if (value is not JsonObject fields)
            {
                Fault(DefinitionFault.Schema, "Value is not valid. It must be of type Object", at);
            }
            else if (new StateReader(this, name, fields, at, language).Read() is { } state)
            {
                read[name] = state;
            }
        }

        var graph = new StateGraph(start, read);
        Targets(graph, states, location);
        return graph;
    }

    private void Targets(StateGraph graph, JsonObject states, string location)
    {
        foreach (var (name, state) in graph.States)
        {
            foreach (var (field, target) in Transitions(state).Where(t => !states.ContainsKey(t.Target)))
            {
                Fault(DefinitionFault.Target, $"Missing 'Next' target: {target}", $"{location}/States/{name}{field}");
            }
        }

        if (graph.States.Count < states.Count)
        {
            return; // What a faulty state leads to is not known.
        }

        var reached = new HashSet<string> { graph.StartAt };
        var open = new Queue<string>(reached);
        while (open.TryDequeue(out var name))
        {
            if (!graph.States.TryGetValue(name, out var state))
            {
                continue;
            }

            foreach (var (_, target) in Transitions(state))
            {
                if (reached.Add(target))
                {
                    open.Enqueue(target);
                }
            }
        }

        foreach (var name in graph.States.Keys.Where(n => !reached.Contains(n)))
        {
            Fault(DefinitionFault.Target, $"State \"{name}\" is not reachable.", $"{location}/States/{name}");
        }
    }

    private static IEnumerable<(string Field, string Target)> Transitions(StateDefinition state)
    {
        if (state.Next is { } next)
        {
            yield return ("/Next", next);
        }

        if (state is RetryableState retryable)
        {
            for (var i = 0; i < retryable.Catch.Count; i++)
            {
                yield return ($"/Catch[{i}]/Next", retryable.Catch[i].Next);
            }
        }

        if (state is not ChoiceState choice)
        {
            yield break;
        }

        for (var i = 0; i < choice.Rules.Count; i++)
        {
            yield return ($"/Choices[{i}]/Next", choice.Rules[i].Next);
        }

        if (choice.Default is { } fallback)
        {
            yield return ("/Default", fallback);
        }
    }
}
