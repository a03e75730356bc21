using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Cli.Output;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Cli.Tests.Packaging;

/// <summary>The samples for CI.</summary>
public sealed partial class SamplesTests
{
    [Theory]
    [InlineData("github-actions.yml")]
    [InlineData("circleci.yml")]
    public void Their_commands_are_understood(string file)
    {
        var sample = File.ReadAllText(FileOf(file));
        var screen = new Screen(TextWriter.Null, width: 100);

        var commands = Command().Matches(sample).Select(match => match.Groups["words"].Value).ToList();

        commands.ShouldNotBeEmpty();
        foreach (var command in commands)
        {
            var words = command.Replace("\"", "", StringComparison.Ordinal).Split(' ');
            new CommandTree(new Terminal(screen, screen)).Root.Parse(words).Errors.ShouldBeEmpty(command);
        }

        sample.ShouldContain("role/deployer-dev-operator");
        sample.ShouldNotContain("AWS_SECRET");
    }

    /// <summary>A service is rolled out by one line of a job, and so is one of several by its step.</summary>
    [Fact]
    public void The_lines_for_a_service_in_its_page_are_understood_and_that_of_the_sample_is_among_them()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "services.md"));
        var screen = new Screen(TextWriter.Null, width: 100);

        var commands = Command().Matches(page).Select(match => match.Groups["words"].Value.TrimEnd()).ToList();

        commands.Count.ShouldBe(2);
        commands.ShouldContain(command => command.EndsWith("--step web", StringComparison.Ordinal));
        Command().Matches(File.ReadAllText(FileOf("circleci.yml"))).Select(match => match.Groups["words"].Value).ShouldContain(commands[0]);
        foreach (var command in commands)
        {
            var words = command.Replace("\"", "", StringComparison.Ordinal).Split(' ');
            words[0].ShouldBe("deploy");
            var parsed = new CommandTree(new Terminal(screen, screen)).Root.Parse(words);
            parsed.Errors.ShouldBeEmpty(command);
            parsed.UnmatchedTokens.ShouldBeEmpty(command);
        }
    }

    /// <summary>The token of the job is exchanged for credentials of the role; no key is kept anywhere.</summary>
    [Fact]
    public void Their_credentials_are_those_of_a_role_for_as_long_as_the_job_runs()
    {
        var actions = Sample("github-actions.yml");
        ((string?)actions["permissions"]!["id-token"]).ShouldBe("write");
        var exchange = actions["jobs"]!["dev"]!["steps"]!
            .AsArray()
            .Single(step =>
                ((string?)step!["uses"])?.StartsWith("aws-actions/configure-aws-credentials@", StringComparison.Ordinal) == true
            )!;
        exchange["with"]!
            .AsObject()
            .Select(given => given.Key)
            .ShouldBe(["role-to-assume", "role-duration-seconds", "aws-region"], ignoreOrder: true);

        var circle = Sample("circleci.yml");
        var setup = circle["jobs"]!["dev"]!["steps"]!.AsArray().OfType<JsonObject>().Single(step => step.ContainsKey("aws-cli/setup"))[
            "aws-cli/setup"
        ]!;
        ((string?)setup["role_arn"]).ShouldBe((string?)exchange["with"]!["role-to-assume"]);
        setup.AsObject().Select(given => given.Key).ShouldBe(["role_arn", "region", "session_duration"], ignoreOrder: true);
    }

    /// <summary>What a CI's token has to say of where it comes from names a repository or a project.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("repo:acme/inventory:environment:dev", true)]
    [InlineData("repo:acme/inventory:ref:refs/heads/*", true)]
    [InlineData("org/4084b6f4-425d-43c6-996f-cce16b485731/project/0f1e2d3c-0000-4000-8000-000000000001/user/*", true)]
    [InlineData("*", false)]
    [InlineData("repo:*", false)]
    [InlineData("repo:acme/*:ref:refs/heads/main", false)]
    [InlineData("org/4084b6f4-425d-43c6-996f-cce16b485731/project/*/user/*", false)]
    public void The_operator_s_role_is_for_one_repository(string subject, bool isTaken)
    {
        var template = TemplateText.Read(File.ReadAllText(FileOf("operator.yaml")));
        var pattern = template["Parameters"]!["Subject"]!["AllowedPattern"]!.GetValue<string>();

        Regex.IsMatch(subject, $"^(?:{pattern})$", RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBe(isTaken);
        var statement = template["Resources"]!["Role"]!["Properties"]!["AssumeRolePolicyDocument"]!["Statement"]![0]!["Fn::If"]![1]!;
        var conditions = statement["Condition"]!;
        conditions["StringLike"]!["token.actions.githubusercontent.com:sub"]!["Ref"]!.GetValue<string>().ShouldBe("Subject");
        conditions["StringEquals"]!["token.actions.githubusercontent.com:aud"]!.GetValue<string>().ShouldBe("sts.amazonaws.com");
    }

    private static string FileOf(string sample) => Path.Combine(Repository.Root, "examples", "ci", sample);

    /// <summary>The sample as data; "on" is a boolean for YAML 1.1, and a key for GitHub.</summary>
    private static JsonNode Sample(string file) =>
        TemplateText.Read(File.ReadAllText(FileOf(file)).Replace("\non:", "\n\"on\":", StringComparison.Ordinal));

    [GeneratedRegex("- run: (tools/)?deployer (?<words>[^\n]+)")]
    private static partial Regex Command();
}
