using System.Text.RegularExpressions;
using Deployer.Cli.Bootstrap;

namespace Deployer.Cli.Tests.Bootstrap;

public sealed partial class ToolsStackTests
{
    [Fact]
    public void It_says_why_each_resource_stays_that_its_template_retains()
    {
        var template = File.ReadAllText(Path.Combine(Repository.Root, "template.yaml"));

        new ToolsStack("dev", null).Retained.Keys.ShouldBe(
            Retaining().Matches(template).Select(match => match.Groups["name"].Value),
            ignoreOrder: true
        );
    }

    [GeneratedRegex(@"^  (?<name>\w+):\n    Type: \S+\n    DeletionPolicy: Retain", RegexOptions.Multiline)]
    private static partial Regex Retaining();
}
