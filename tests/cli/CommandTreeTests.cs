using System.CommandLine;
using System.Text.RegularExpressions;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;

namespace Deployer.Cli.Tests;

public sealed partial class CommandTreeTests
{
    private static readonly IReadOnlyList<string> Docs =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").SelectMany(page => Usages(File.ReadAllLines(page))),
    ];

    /// <summary>What is typed for each command, such as <c>bootstrap tools</c>.</summary>
    public static TheoryData<string> Commands() =>
        [
            .. Tree()
                .Root.Subcommands.SelectMany(command =>
                    command.Subcommands.Count == 0 ? [command.Name] : command.Subcommands.Select(below => $"{command.Name} {below.Name}")
                ),
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_and_docs_name_the_same_options(string name)
    {
        var usage = Docs.Single(line =>
            line.StartsWith($"deployer {name} ", StringComparison.Ordinal) && Placeholder().IsMatch(line) && line.Contains('[')
        );
        var command = Tree().Root.Parse(name).CommandResult.Command;

        var help = await Help(name.Split(' '));

        foreach (var word in usage.Split([' ', '[', ']', '…'], StringSplitOptions.RemoveEmptyEntries).Skip(2))
        {
            help.ShouldContain(word);
        }

        foreach (var option in command.Options.Where(option => option.Name != "--help" && !option.Hidden))
        {
            usage.ShouldContain(option.Name);
            usage.Contains($"[{option.Name}", StringComparison.Ordinal).ShouldBe(!option.Required, option.Name);
        }

        foreach (var argument in command.Arguments)
        {
            usage.ShouldContain(argument.Name);
        }
    }

    [Fact]
    public void A_usage_in_the_docs_is_put_together_from_the_lines_that_it_is_wrapped_to() =>
        Usages(["text", "    deployer plan SERVICE --target T", "          [--json FILE]", "", "    deployer faults [--json FILE]"])
            .ShouldBe(["deployer plan SERVICE --target T [--json FILE]", "deployer faults [--json FILE]"]);

    [Fact]
    public async Task Help_lists_every_command_in_its_group()
    {
        var help = await Help();

        foreach (var group in Tree().Groups)
        {
            var section = help[help.IndexOf($"{group.Title}:", StringComparison.Ordinal)..];
            section = section[..section.IndexOf("\n\n", StringComparison.Ordinal)];
            group.Commands.ShouldAllBe(command => section.Contains($"\n  {command.Name} ", StringComparison.Ordinal));
        }

        help.ShouldContain("Examples:\n  deployer rehearse examples/inventory");
        Tree().Groups.Sum(group => group.Commands.Count).ShouldBe(Tree().Root.Subcommands.Count);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_of_a_command_ends_with_an_example_on_one_line_that_can_be_parsed(string name)
    {
        var help = await Help(40, name.Split(' '));

        var example = help[help.IndexOf("Example:\n", StringComparison.Ordinal)..].TrimEnd().Split('\n')[1..].ShouldHaveSingleItem();
        var words = example.Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word != ">").ToList();
        words.Take(1 + name.Split(' ').Length).ShouldBe(["deployer", .. name.Split(' ')]);
        Tree().Root.Parse(words[1..]).Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_of_a_command_with_commands_below_it_shows_them_and_an_example_of_each()
    {
        var help = await Help("teardown");

        help.ShouldContain("  service <SERVICE>  ");
        help.ShouldContain("Examples:\n  deployer teardown tools --stage dev --profile tools\n  deployer teardown target ");
    }

    [Fact]
    public async Task Help_of_bootstrap_says_whose_account_the_profile_is_of_and_which_options_are_required()
    {
        var (tools, target) = ((await Help("bootstrap", "tools")).Words(), (await Help("bootstrap", "target")).Words());

        tools.ShouldContain("Profile of the AWS configuration for the deployer's account;");
        target.ShouldContain("Profile of the AWS configuration for the target's account;");
        target.ShouldContain("The target's region; else that of the profile");
        target.ShouldContain("--stage <STAGE> (REQUIRED)");
        (await Help("bootstrap", "service")).Words().ShouldNotContain("--stage <STAGE> (REQUIRED)");
    }

    [Fact]
    public async Task Help_fits_into_60_columns_except_for_examples_which_are_copied_whole()
    {
        var help = (await Help(60)).Split('\n');

        var examples = Tree().Root.Subcommands.OfType<DeployerCommand>().Select(command => $"  deployer {command.Example}").ToList();
        help.Except(examples).ShouldAllBe(line => line.Length <= 60);
        help.Intersect(examples).ShouldContain(line => line.Length > 60);
    }

    [Fact]
    public async Task The_example_of_a_rollback_names_no_revision_that_was_never_pushed() =>
        (await Help("rollback")).ShouldContain(" --to REVISION ");

    [Fact]
    public async Task The_help_of_a_rollback_says_how_many_characters_name_a_revision() =>
        (await Help("rollback")).ReplaceLineEndings(" ").ShouldMatch(@"its\s+first\s+7\s+or\s+more\s+characters");

    [Theory]
    [InlineData("Required command")]
    [InlineData("launch", "launch")]
    [InlineData("Required command", "bootstrap")]
    [InlineData("--stage", "bootstrap", "tools")]
    [InlineData("--target", "teardown", "service", "x")]
    [InlineData("is given several times", "bootstrap", "tools", "--stage", "dev", "--parameter", "A=1", "--parameter", "A=2")]
    [InlineData("expected NAME=VALUE", "bootstrap", "tools", "--stage", "dev", "--parameter", "A")]
    [InlineData("SERVICE", "validate")]
    [InlineData("--jason", "validate", "x", "--jason", "y")]
    [InlineData("--target", "rehearse", "x")]
    [InlineData("many", "rehearse", "x", "--target", "dev", "--seed", "many")]
    [InlineData("--to", "rollback", "x", "--target", "dev")]
    [InlineData("expected SERVICE", "serve", "--target", "dev")]
    [InlineData("from 0 to 65535", "serve", "--port", "70000")]
    [InlineData("such as 90s", "serve", "--for", "soon")]
    [InlineData("such as 90s", "serve", "--for", "0s")]
    public void What_is_not_understood_is_named(string named, params string[] arguments)
    {
        var errors = Tree().Root.Parse(arguments).Errors;

        errors.ShouldNotBeEmpty();
        string.Join('\n', errors.Select(error => error.Message)).ShouldContain(named);
    }

    [Fact]
    public async Task What_is_not_understood_ends_with_2()
    {
        var run = await DeployerProcess.Run("serve", "--prot", "1");

        run.ExitCode.ShouldBe(ExitCodes.InvalidInput);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("run 'deployer serve --help' for what is expected");
    }

    [Fact]
    public async Task What_is_not_understood_of_a_command_below_another_names_the_help_of_that()
    {
        (await DeployerProcess.Run("bootstrap", "tools")).Error.ShouldContain("run 'deployer bootstrap tools --help'");
        (await DeployerProcess.Run("bootstrap")).Error.ShouldContain("run 'deployer bootstrap --help'");
    }

    [Fact]
    public async Task An_unknown_command_ends_with_2_and_names_the_help()
    {
        var run = await DeployerProcess.Run("launch");

        run.ExitCode.ShouldBe(ExitCodes.InvalidInput);
        run.Error.Words().ShouldBe("Unrecognized command or argument 'launch'. run 'deployer --help' for what is expected");
    }

    [Fact]
    public async Task A_value_that_is_none_of_several_is_named_with_them_on_one_line() =>
        (await DeployerProcess.Run("group", "sideways", "examples/inventory", "--target", "dev")).Error.ShouldStartWith(
            "Argument 'sideways' not recognized. Must be one of: 'on', 'off'\n"
        );

    [Fact]
    public async Task An_option_of_AWS_beside_rehearsed_accounts_is_refused()
    {
        foreach (
            var option in (string[][])
                [
                    ["--detach"],
                    ["--stage", "dev"],
                ]
        )
        {
            var run = await DeployerProcess.Run(["deploy", "examples/inventory", "--target", "dev", "--rehearsed", "none", .. option]);

            (run.ExitCode, run.Error.Words()).ShouldBe((2, $"{option[0]} is for AWS; expected no --rehearsed or --state beside it"));
        }
    }

    /// <summary>As it was typed: an option has several names.</summary>
    [Theory]
    [InlineData("--rehearsed")]
    [InlineData("--state")]
    public async Task Rehearsed_accounts_beside_an_option_of_AWS_are_refused(string option)
    {
        var run = await DeployerProcess.Run("plan", "examples/inventory", "--target", "dev", option, "none", "--profile", "tools");

        (run.ExitCode, run.Error.Words()).ShouldBe(
            (2, $"{option} is for rehearsed accounts; expected none of --profile, --region and --stage beside it")
        );
    }

    private static CommandTree Tree(int width = 100)
    {
        var screen = new Screen(TextWriter.Null, width);
        return new CommandTree(new Terminal(screen, screen));
    }

    [Fact]
    public void A_usage_in_the_docs_is_wrapped_at_100_columns_as_the_program_wraps_text()
    {
        const int Indent = 4;
        var usages = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("    deployer ", StringComparison.Ordinal) && Placeholder().IsMatch(line))
            .ToList();

        usages.Count.ShouldBeGreaterThan(20);
        usages.ShouldAllBe(line => line.Length <= Indent + 100);
    }

    /// <summary>The commands of a page's blocks, each with the lines that it is wrapped to.</summary>
    private static IEnumerable<string> Usages(IReadOnlyList<string> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].StartsWith("    deployer ", StringComparison.Ordinal))
            {
                var wrapped = lines.Skip(i + 1).TakeWhile(line => line.StartsWith("          ", StringComparison.Ordinal));
                yield return string.Join(' ', wrapped.Prepend(lines[i]).Select(line => line.Trim()));
            }
        }
    }

    private static Task<string> Help(params string[] command) => Help(100, command);

    private static async Task<string> Help(int width, params string[] command)
    {
        var output = new StringWriter { NewLine = "\n" };
        var exit = await Tree(width)
            .Root.Parse([.. command, "--help"])
            .InvokeAsync(new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken);
        exit.ShouldBe(0);
        return output.ToString();
    }

    /// <summary>A usage line has words in capitals or options in brackets; an example has neither.</summary>
    [GeneratedRegex(@"\b[A-Z]{3,}\b|\[--")]
    private static partial Regex Placeholder();
}
