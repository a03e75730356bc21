using System.Collections;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Tests.Checks;

/// <summary>The doctor tries the rule that hands events on with an event of each sort that a deployment waits for.</summary>
public sealed partial class SampleEventsTests
{
    [Fact]
    public void Every_sort_of_event_that_the_rule_of_a_target_hands_on_is_tried()
    {
        var rule = Rule().Match(File.ReadAllText(Path.Combine(Repository.Root, "templates", "target.yaml")));
        var tried = Samples().Select(text => JsonDocument.Parse(text).RootElement).ToList();

        tried
            .Select(sample => sample.GetProperty("detail-type").GetString()!)
            .ShouldBe(rule.Groups["sort"].Captures.Select(sort => sort.Value), ignoreOrder: true);
        tried
            .Select(sample => sample.GetProperty("source").GetString()!)
            .ShouldBe(rule.Groups["sources"].Value.Split(", "), ignoreOrder: true);
    }

    private static IEnumerable<string> Samples()
    {
        var samples = typeof(DeployerException).Assembly.GetType("Deployer.Functions.Checks.SampleEvents", throwOnError: true)!;
        foreach (var sample in (IEnumerable)samples.GetMethod("All")!.Invoke(null, ["111111111111", "us-east-1"])!)
        {
            yield return (string)sample.GetType().GetProperty("Text")!.GetValue(sample)!;
        }
    }

    [GeneratedRegex(
        @"ForwardedEvents:[\s\S]*?source: \[(?<sources>[^\]]+)\]\s+detail-type:\n(\s+- (?<sort>[^\n]+)\n)+?\s+Targets:",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Rule();
}
