using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Deployer.Rehearsal.People;

/// <summary>Reads when something is done.</summary>
internal sealed partial class TriggerReader(ScheduleNodes nodes)
{
    private static readonly string[] Triggers = ["at", "begins", "ends", "closes", "request"];

    /// <summary>Reads what <c>when</c> says.</summary>
    /// <returns><see langword="null"/>, with a fault, when it is not as expected.</returns>
    public Trigger? Read(YamlNode node)
    {
        if (nodes.Map(node, "when", $"expected a mapping with one of {string.Join(", ", Triggers)}") is not { } map)
        {
            return null;
        }

        var kinds = Triggers.Where(kind => ScheduleNodes.Find(map, kind) is not null).ToList();
        if (kinds is not [var chosen])
        {
            var found = kinds.Count == 0 ? "no trigger" : $"{string.Join(" and ", kinds)} together";
            nodes.Fault(node, $"{found}; expected one of {string.Join(", ", Triggers)}");
            return null;
        }

        string[] others = chosen switch
        {
            "at" => [],
            "request" => ["of", "invocation", "operation", "wait"],
            "closes" => ["occurrence", "wait"],
            _ => ["wait"],
        };
        var stray = map.Children.Keys.FirstOrDefault(key =>
            ScheduleNodes.Text(key) is var name && name != chosen && !others.Contains(name)
        );
        if (stray is not null)
        {
            var expected = others.Length == 0 ? $"'{chosen}' alone" : string.Join(", ", others);
            nodes.Fault(stray, $"'{ScheduleNodes.Text(stray)}' does not go with '{chosen}'; expected {expected}");
            return null;
        }

        var value = ScheduleNodes.Find(map, chosen)!;
        var trigger = chosen switch
        {
            "at" => nodes.Time(value) is { } time ? new Trigger.At(time) : null,
            "begins" or "ends" => Progress(value, chosen == "ends"),
            "closes" => Closes(map, value),
            _ => Request(map, value),
        };
        var wait = ScheduleNodes.Find(map, "wait") is { } later ? nodes.Time(later) : TimeSpan.Zero;
        return trigger is null || wait is null ? null : trigger with { Wait = wait.Value };
    }

    private IReadOnlyList<string> StepNames => [.. nodes.Names.Steps.Keys];

    private Trigger? Progress(YamlNode node, bool ends)
    {
        var text = nodes.Value(node);
        var parts = text?.Split('/');
        switch (parts)
        {
            case null:
                return null;
            case [var step, var task]:
                return nodes.Known(node, "step", step, StepNames) && IsTaskOf(node, step, task)
                    ? new Trigger.Progress(step, task, ends)
                    : null;
            case [var name] when nodes.Names.Tasks.Contains(name):
                return new Trigger.Progress(null, name, ends);
            default:
                return nodes.Known(node, "step or task", text!, [.. StepNames, .. nodes.Names.Tasks])
                    ? new Trigger.Progress(text, null, ends)
                    : null;
        }
    }

    private bool IsTaskOf(YamlNode node, string step, string task)
    {
        var tasks = nodes.Names.Steps[step];
        if (tasks.Contains(task))
        {
            return true;
        }

        nodes.Fault(node, $"the step '{step}' has no task '{task}'; expected one of {string.Join(", ", tasks)}");
        return false;
    }

    private Trigger? Closes(YamlMappingNode map, YamlNode deployment)
    {
        var number = nodes.Count(deployment);
        var occurrence = ScheduleNodes.Find(map, "occurrence") is { } which ? nodes.Count(which) : 1;
        return number is null || occurrence is null ? null : new Trigger.Closes(number.Value, occurrence.Value);
    }

    /// <summary>Whose requests may be waited for, beside those of functions and builds.</summary>
    public IReadOnlyList<string> People { get; set; } = [];

    private Trigger? Request(YamlMappingNode map, YamlNode number)
    {
        var count = nodes.Count(number);
        var of = nodes.Required(map, "of");
        var actor = of is null ? null : nodes.Value(of);
        string[] actors = [.. nodes.Names.Functions, Trigger.Request.Builds, .. People];
        var isKnown = actor is not null && nodes.Known(of!, "function, build or person", actor, actors);
        var invocation = ScheduleNodes.Find(map, "invocation") is { } which ? nodes.Count(which) ?? 0 : (int?)null;
        var operation = ScheduleNodes.Find(map, "operation") is { } filter
            ? nodes.Name(filter, OperationName(), "a service and its operation such as cloudformation:ExecuteChangeSet")
            : null;
        if (operation?.Split(':') is [var service, var name] && nodes.Names.NotSimulated?.Invoke(service, name) is { } problem)
        {
            nodes.Fault(ScheduleNodes.Find(map, "operation")!, problem);
        }

        return count is null || !isKnown || invocation == 0 || (operation is null && ScheduleNodes.Find(map, "operation") is not null)
            ? null
            : new Trigger.Request(actor!, count.Value, invocation, operation);
    }

    [GeneratedRegex(@"^[a-z0-9-]+:[A-Z][A-Za-z0-9]+\z", RegexOptions.None, 60_000)]
    private static partial Regex OperationName();
}
