using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.Wire;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.People;

/// <summary>What a word of <c>do</c> is given. Where something is wrong the fault is noted, and what is returned is not used.</summary>
internal sealed partial class ActArguments(ScheduleNodes nodes, YamlMappingNode map, YamlNode at)
{
    public int Count(string key) => ScheduleNodes.Find(map, key) is { } node ? nodes.Count(node) ?? 1 : 1;

    public string Text(string key, Regex pattern, string expected)
    {
        if (ScheduleNodes.Find(map, key) is { } node)
        {
            return nodes.Name(node, pattern, expected) ?? string.Empty;
        }

        nodes.Fault(at, $"the key '{key}' is missing; expected {expected}");
        return string.Empty;
    }

    public string? Optional(string key, Regex pattern, string expected) =>
        ScheduleNodes.Find(map, key) is { } node ? nodes.Name(node, pattern, expected) : null;

    /// <summary>
    /// Why something is decided: the comment of a pipeline's manual approval holds 512 characters.
    /// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ApprovalResult.html
    /// </summary>
    public string? Reason()
    {
        if (ScheduleNodes.Find(map, "reason") is not { } node || nodes.Value(node) is not { } reason)
        {
            return null;
        }

        if (reason.Length > 512 || reason.Any(char.IsControl))
        {
            nodes.Fault(node, "the reason is too long or has a control character; expected one line of 512 characters at most");
        }

        return reason;
    }

    public string Stack() => Text("stack", StackName(), "a stack's name");

    public string Function() => Text("function", AnyName(), "a function's name");

    public StackChange Change()
    {
        var change = new StackChange(Stack(), Texts("parameters"), Texts("tags"));
        if (change.Parameters.Count + change.Tags.Count == 0)
        {
            nodes.Fault(at, "nothing is changed; expected parameters or tags");
        }

        return change;
    }

    public IReadOnlyDictionary<string, string> Variables()
    {
        var variables = Texts("variables");
        if (variables.Count == 0)
        {
            nodes.Fault(at, "no variable is set; expected the key 'variables' with a mapping");
        }

        return variables;
    }

    /// <summary>Values of properties: numbers, booleans, lists and maps as YAML has them; null removes a property.</summary>
    public JsonObject Properties()
    {
        var properties = new JsonObject();
        foreach (var (name, value) in ScheduleNodes.Find(map, "properties") is { } node ? nodes.Entries(node) : [])
        {
            if (nodes.Value(name) is { } text)
            {
                properties[text] = Json(value);
            }
        }

        if (properties.Count == 0)
        {
            nodes.Fault(at, "no property is changed; expected the key 'properties' with a mapping");
        }

        return properties;
    }

    private JsonNode? Json(YamlNode value)
    {
        switch (value)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (name, member) in mapping.Children)
                {
                    if (nodes.Value(name) is { } text)
                    {
                        members[text] = Json(member);
                    }
                }

                return members;
            case YamlSequenceNode list:
                return new JsonArray([.. list.Children.Select(Json)]);
            case YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: null or "" or "null" or "~" }:
                return null;
            case YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "true" or "false" } flag:
                return flag.Value == "true";
            case YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain
                when long.TryParse(plain.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return number;
            case YamlScalarNode { Value: "" }:
                return string.Empty;
            default:
                return nodes.Value(value);
        }
    }

    public string? Folder(string key)
    {
        if (ScheduleNodes.Find(map, key) is not { } node || nodes.Value(node) is not { } folder)
        {
            return null;
        }

        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(nodes.Path))!, folder));
        if (!Directory.Exists(path))
        {
            nodes.Fault(node, $"there is no folder '{folder}' beside this file; expected one with deployer.yaml");
        }

        return path;
    }

    public IReadOnlyList<string> Steps(string key) =>
        ScheduleNodes.Find(map, key) is not { } node
            ? []
            :
            [
                .. nodes
                    .Texts(node, "a step", AnyName())
                    .Where(step => nodes.Known(step.Node, "step", step.Text, [.. nodes.Names.Steps.Keys]))
                    .Select(step => step.Text),
            ];

    public PersonAct Delay(Trigger? when)
    {
        if (when is not null and not Trigger.Request { Wait.Ticks: 0 })
        {
            nodes.Fault(at, "there is no answer to delay; expected the trigger 'request' without 'wait'");
        }

        if (ScheduleNodes.Find(map, "by") is not { } node)
        {
            nodes.Fault(at, $"the key 'by' is missing; {ScheduleTime.Expected}");
            return new PersonAct.Delay(TimeSpan.Zero);
        }

        return new PersonAct.Delay(nodes.Time(node) ?? TimeSpan.Zero);
    }

    public PersonAct Pause(Trigger? when)
    {
        if (when is not null and not Trigger.Request { Wait.Ticks: 0 })
        {
            nodes.Fault(at, "there is no invocation to pause; expected the trigger 'request' without 'wait'");
        }

        if (ScheduleNodes.Find(map, "for") is not { } node)
        {
            nodes.Fault(at, $"the key 'for' is missing; {ScheduleTime.Expected}");
            return new PersonAct.Pause(TimeSpan.Zero);
        }

        return new PersonAct.Pause(nodes.Time(node) ?? TimeSpan.Zero);
    }

    public PersonAct ReadStale()
    {
        var operation = string.Empty;
        if (ScheduleNodes.Find(map, "operation") is not { } read)
        {
            nodes.Fault(at, $"the key 'operation' is missing; expected one of {string.Join(", ", EventualReads.Operations)}");
        }
        else if (nodes.Value(read) is { } value && nodes.Known(read, "read that may be stale", value, EventualReads.Operations))
        {
            operation = value;
        }

        if (ScheduleNodes.Find(map, "for") is not { } node)
        {
            nodes.Fault(at, $"the key 'for' is missing; {ScheduleTime.Expected}");
            return new PersonAct.ReadStale(operation, TimeSpan.Zero);
        }

        var time = nodes.Time(node) ?? TimeSpan.Zero;
        if (time > StaleReads.Longest)
        {
            nodes.Fault(node, $"{ScheduleTime.Text(time)} is more than {ScheduleTime.Text(StaleReads.Longest)}");
        }

        return new PersonAct.ReadStale(operation, time);
    }

    public PersonAct Kill(Trigger? when)
    {
        if (ScheduleNodes.Find(map, "function") is { } node)
        {
            var function = nodes.Value(node);
            return function is not null && nodes.Known(node, "function", function, nodes.Names.Functions)
                ? new PersonAct.Kill(function)
                : new PersonAct.Kill((string?)null);
        }

        // Whoever waits for an invocation hears of its crash; of a build's and of a person's nobody would.
        if (when is not null && !(when is Trigger.Request request && nodes.Names.Functions.Contains(request.Of)))
        {
            nodes.Fault(at, "there is no invocation to kill; expected the trigger 'request' of a function, or the key 'function'");
        }

        return new PersonAct.Kill((string?)null);
    }

    private Dictionary<string, string> Texts(string key)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in ScheduleNodes.Find(map, key) is { } node ? nodes.Entries(node) : [])
        {
            if (nodes.Value(name) is { } text && value is YamlScalarNode { Value: not null })
            {
                // An empty value is one.
                texts[text] = value is YamlScalarNode { Value: "" } ? string.Empty : nodes.Value(value) ?? string.Empty;
            }
            else
            {
                nodes.Fault(value, "expected a text");
            }
        }

        return texts;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.:/+@-]{1,256}\z", RegexOptions.None, 60_000)]
    internal static partial Regex AnyName();

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    [GeneratedRegex(@"^[a-zA-Z][-a-zA-Z0-9]{0,127}\z", RegexOptions.None, 60_000)]
    private static partial Regex StackName();
}
