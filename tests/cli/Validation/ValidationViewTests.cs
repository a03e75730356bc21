using Deployer.Cli.Output;
using Deployer.Cli.Validation;

namespace Deployer.Cli.Tests.Validation;

public sealed class ValidationViewTests
{
    /// <summary>A template that a loop of a script wrote may have a fault on each of thousands of lines.</summary>
    [Theory]
    [InlineData(200, null)]
    [InlineData(201, "and 1 more fault; --json FILE has all of them")]
    [InlineData(20_500, "and 20300 more faults; --json FILE has all of them")]
    public void The_first_200_faults_are_shown_and_how_many_more_there_are(int count, string? rest)
    {
        using var text = new StringWriter();
        var report = new ValidationReport(
            "invalid",
            null,
            [.. Enumerable.Range(1, count).Select(line => new FaultReport("t.yaml", line, 1, "it is wrong", "it right"))],
            []
        );

        new ValidationView("service").Show(report, new Screen(text, 1000));

        var lines = text.ToString().TrimEnd('\n').Split('\n');
        lines.Count(line => line.Contains("it is wrong", StringComparison.Ordinal)).ShouldBe(Math.Min(count, ValidationView.Most));
        lines[^1].ShouldBe($"{count} faults");
        (rest is null ? lines.Length == 201 : lines[200] == rest).ShouldBeTrue(lines[200]);
    }
}
