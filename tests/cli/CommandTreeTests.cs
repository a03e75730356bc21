using System.CommandLine;
using System.Text.RegularExpressions;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;

namespace Deployer.Cli.Tests;

public sealed partial class CommandTreeTests
{
    private static readonly IReadOnlyList<string> Docs =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").SelectMany(File.ReadLines),
    ];

    public static TheoryData<string> Commands() => [.. Tree().Root.Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_and_docs_name_the_same_options(string name)
    {
        var usage = Docs.Single(line => line.StartsWith($"    deployer {name} ", StringComparison.Ordinal) && Placeholder().IsMatch(line));
        var command = Tree().Root.Subcommands.Single(command => command.Name == name);

        var help = await Help(name);

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
        var help = await Help(40, name);

        var example = help[help.IndexOf("Example:\n", StringComparison.Ordinal)..].TrimEnd().Split('\n')[1..].ShouldHaveSingleItem();
        var words = example.Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word != ">").ToList();
        words[..2].ShouldBe(["deployer", name]);
        Tree().Root.Parse(words[1..]).Errors.ShouldBeEmpty();
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
    public async Task An_unknown_command_ends_with_2_and_names_the_help()
    {
        var run = await DeployerProcess.Run("launch");

        run.ExitCode.ShouldBe(ExitCodes.InvalidInput);
        run.Error.ShouldContain("'launch'");
        run.Error.ShouldContain("run 'deployer --help' for what is expected");
    }

    private static CommandTree Tree(int width = 100)
    {
        var screen = new Screen(TextWriter.Null, width);
        return new CommandTree(new Terminal(screen, screen));
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
