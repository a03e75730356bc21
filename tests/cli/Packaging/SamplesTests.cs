using System.Text.RegularExpressions;
using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Packaging;

/// <summary>The samples for CI.</summary>
public sealed partial class SamplesTests
{
    [Theory]
    [InlineData("github-actions.yml")]
    [InlineData("circleci.yml")]
    public void Their_commands_are_understood(string file)
    {
        var sample = File.ReadAllText(Path.Combine(Repository.Root, "examples", "ci", file));
        var screen = new Screen(TextWriter.Null, width: 100);

        var command = Command().Match(sample).Groups["words"].Value;

        command.ShouldNotBeEmpty();
        var words = command.Replace("\"", "", StringComparison.Ordinal).Split(' ');
        new CommandTree(new Terminal(screen, screen)).Root.Parse(words).Errors.ShouldBeEmpty();
        sample.ShouldContain("role/deployer-dev-operator");
        sample.ShouldNotContain("AWS_SECRET");
    }

    [GeneratedRegex("- run: (tools/)?deployer (?<words>[^\n]+)")]
    private static partial Regex Command();
}
