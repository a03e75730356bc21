using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.People;

/// <summary>What a schedule may name.</summary>
/// <param name="Steps">The service's steps.</param>
/// <param name="Functions">The deployer's functions, by the last word of their names.</param>
/// <param name="Tasks">Those of the functions that are tasks of the machine <c>deploy</c>.</param>
/// <param name="Values">The values of <c>${…}</c>, as in the file of the accounts.</param>
public sealed partial record ScheduleNames(
    IReadOnlyList<string> Steps,
    IReadOnlyList<string> Functions,
    IReadOnlyList<string> Tasks,
    IReadOnlyDictionary<string, string> Values
)
{
    /// <summary>Reads the functions from the deployer's own template, and its tasks from its machine.</summary>
    /// <param name="steps">The service's steps.</param>
    /// <param name="values">The values of <c>${…}</c>.</param>
    /// <param name="product">The folder with the deployer's template and its machines.</param>
    public static ScheduleNames Read(IReadOnlyList<string> steps, IReadOnlyDictionary<string, string> values, string product)
    {
        var functions = FunctionName()
            .Matches(File.ReadAllText(Path.Combine(product, "template.yaml")))
            .Select(match => match.Groups["name"].Value);
        var machine = File.ReadAllText(Path.Combine(product, "statemachines", "deploy.asl.json"));
        var known = functions.Order(StringComparer.Ordinal).ToList();
        return new ScheduleNames(
            steps,
            known,
            [.. known.Where(function => machine.Contains($"${{{function}FunctionArn}}", StringComparison.Ordinal))],
            values
        );
    }

    [GeneratedRegex(@"FunctionName: !Sub deployer-\$\{Stage\}-(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FunctionName();
}
