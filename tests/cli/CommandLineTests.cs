using System.CommandLine;

namespace Deployer.Cli.Tests;

public sealed class CommandLineTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public static TheoryData<string> Commands() => [.. Program.Root().Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_and_readme_tell_the_same_options(string name)
    {
        var usage = Readme
            .Split('\n')
            .Single(line => line.StartsWith($"    deployer {name} ", StringComparison.Ordinal) && !line.Contains('>'));
        var command = Program.Root().Subcommands.Single(command => command.Name == name);

        var help = await Help(name);

        foreach (var word in usage.Split([' ', '[', ']', '…'], StringSplitOptions.RemoveEmptyEntries).Skip(2))
        {
            help.ShouldContain(word);
        }

        foreach (var option in command.Options.Where(option => option.Name != "--help"))
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
    public async Task Help_lists_every_command()
    {
        var help = await Help();

        Program.Root().Subcommands.ShouldAllBe(command => help.Contains(command.Name) && help.Contains(command.Description!.Split(',')[0]));
    }

    [Theory]
    [InlineData("Required command")]
    [InlineData("deploy", "deploy")]
    [InlineData("SERVICE", "validate")]
    [InlineData("--jason", "validate", "x", "--jason", "y")]
    [InlineData("--target", "rehearse", "x")]
    [InlineData("many", "rehearse", "x", "--target", "dev", "--seed", "many")]
    [InlineData("--state", "redrive", "arn:aws:states:us-east-1:222222222222:execution:a:b")]
    [InlineData("expected SERVICE", "serve", "--target", "dev")]
    [InlineData("expected 0 to 65535", "serve", "--port", "70000")]
    [InlineData("such as 90s", "serve", "--for", "soon")]
    [InlineData("such as 90s", "serve", "--for", "0s")]
    public void What_is_not_understood_is_named(string named, params string[] arguments)
    {
        var errors = Program.Root().Parse(arguments).Errors;

        errors.ShouldNotBeEmpty();
        string.Join('\n', errors.Select(error => error.Message)).ShouldContain(named);
    }

    [Fact]
    public async Task What_is_not_understood_ends_with_2()
    {
        var run = await DeployerProcess.Run("serve", "--port", "many");

        run.ExitCode.ShouldBe(Program.BadInput);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("deployer --help");
    }

    private static async Task<string> Help(params string[] command)
    {
        var output = new StringWriter();
        var exit = await Program
            .Root()
            .Parse([.. command, "--help"])
            .InvokeAsync(new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken);
        exit.ShouldBe(0);
        return output.ToString();
    }
}
