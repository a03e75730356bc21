using System.Text.Json;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.People;

/// <summary>What a schedule may name.</summary>
/// <param name="Steps">The service's steps, each with the tasks of the machine <c>deploy</c> that it can have.</param>
/// <param name="Functions">The deployer's functions, by the last word of their names.</param>
/// <param name="Tasks">Those of the functions that are tasks of the machine <c>deploy</c>.</param>
/// <param name="Values">The values of <c>${…}</c>, as in the file of the accounts.</param>
public sealed partial record ScheduleNames(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Steps,
    IReadOnlyList<string> Functions,
    IReadOnlyList<string> Tasks,
    IReadOnlyDictionary<string, string> Values
)
{
    /// <summary>The functions that are tasks of kinds of steps alone of which the service has none; nothing of these comes.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>
    /// Why no request of a service and its operation ever comes; <see langword="null"/> where one may, and as long as nobody knows.
    /// </summary>
    public Func<string, string, string?>? NotSimulated { get; init; }

    private const string KindVariable = "$.kind";

    /// <summary>Reads the functions from the deployer's own template, and its tasks from its machine.</summary>
    /// <param name="steps">The service's steps, each with the branches of the machine that it can take.</param>
    /// <param name="values">The values of <c>${…}</c>.</param>
    /// <param name="product">The folder with the deployer's template and its machines.</param>
    public static ScheduleNames Read(
        IReadOnlyDictionary<string, IReadOnlyList<string>> steps,
        IReadOnlyDictionary<string, string> values,
        string product
    )
    {
        var functions = FunctionName()
            .Matches(File.ReadAllText(Path.Combine(product, "template.yaml")))
            .Select(match => match.Groups["name"].Value)
            .Order(StringComparer.Ordinal)
            .ToList();
        using var machine = JsonDocument.Parse(File.ReadAllText(Path.Combine(product, "statemachines", "deploy.asl.json")));
        var branches = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        FindBranches(machine.RootElement, branches);
        var tasks = TasksIn(machine.RootElement);
        var named = steps.ToDictionary(
            step => step.Key,
            IReadOnlyList<string> (step) => [.. step.Value.SelectMany(branch => branches.GetValueOrDefault(branch) ?? [])]
        );
        var absent = branches.Values.SelectMany(of => of).Except(named.Values.SelectMany(of => of)).ToList();
        return new ScheduleNames(named, functions, [.. functions.Where(tasks.Contains).Except(absent)], values) { Absent = absent };
    }

    /// <summary>The tasks of each branch of the choice of a step's kind, wherever in the machine that is.</summary>
    private static void FindBranches(JsonElement states, Dictionary<string, IReadOnlyList<string>> branches)
    {
        if (states.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var state in states.EnumerateObject())
        {
            if (state.Value.ValueKind == JsonValueKind.Object && state.Value.TryGetProperty("Choices", out var choices))
            {
                foreach (var choice in choices.EnumerateArray().Where(choice => Text(choice, "Variable") == KindVariable))
                {
                    branches[Text(choice, "StringEquals")!] = [.. From(Text(choice, "Next"), states)];
                }
            }

            FindBranches(state.Value, branches);
        }
    }

    /// <summary>The tasks from a state to the end of its branch.</summary>
    private static IEnumerable<string> From(string? name, JsonElement states)
    {
        while (name is not null && states.GetProperty(name) is var state)
        {
            foreach (var task in TasksIn(state))
            {
                yield return task;
            }

            name = Text(state, "Next");
        }
    }

    private static IReadOnlyList<string> TasksIn(JsonElement states) =>
        [.. TaskFunction().Matches(states.GetRawText()).Select(match => match.Groups["name"].Value)];

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    [GeneratedRegex(@"\$\{(?<name>\w+)FunctionArn\}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex TaskFunction();

    [GeneratedRegex(@"FunctionName: !Sub deployer-\$\{Stage\}-(?<name>\w+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex FunctionName();
}
