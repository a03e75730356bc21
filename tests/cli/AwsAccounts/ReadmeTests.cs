namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>What README says of AWS.</summary>
public sealed class ReadmeTests
{
    private static readonly string[] Readme = Page("README.md");

    [Fact]
    public void The_first_screen_says_what_was_never_run_on_AWS() =>
        string.Join(' ', Readme.Take(25)).ShouldContain("no part of it has met a real AWS account");

    [Fact]
    public void The_first_screen_has_the_promise_on_a_line_of_its_own() =>
        Readme
            .Take(25)
            .ShouldContain(
                "The promise: The reported result is always true. Failures name their cause. Nothing is lost or left locked. "
                    + "Re-running is safe."
            );

    /// <summary>The guide's own are run by <see cref="FirstAccountTests"/>.</summary>
    [Fact]
    public void Its_commands_for_AWS_are_those_of_the_guide_and_of_installing()
    {
        var known = Page("docs/first-account.md").Concat(Page("docs/installing.md")).Select(line => line.Trim()).ToHashSet();
        var start = Array.IndexOf(Readme, "## On AWS");
        var commands = Readme
            .Skip(start + 1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("    ", StringComparison.Ordinal))
            .Select(line => line.Trim())
            .ToList();

        commands.Count.ShouldBe(8);
        commands.Where(command => !known.Contains(command)).ShouldBeEmpty();
    }

    [Fact]
    public void It_says_what_CloudFormation_s_role_amounts_to() =>
        string.Join(' ', Readme).ShouldContain("[amounts to an administrator](docs/accounts.md#what-cloudformations-role-amounts-to)");

    private static string[] Page(string path) => File.ReadAllLines(Path.Combine(Repository.Root, path));
}
