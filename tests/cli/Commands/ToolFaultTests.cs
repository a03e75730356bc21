using System.CommandLine;
using System.Net.Sockets;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Commands;

/// <summary>What a command comes to when something goes wrong that it did not expect.</summary>
public sealed class ToolFaultTests
{
    public static TheoryData<Exception, int> Cases =>
        new()
        {
            { new NullReferenceException("Object reference not set\nto an instance"), ExitCodes.ToolFailure },
            { new InvalidOperationException("a fault of the program"), ExitCodes.ToolFailure },
            { new IOException("connection", new SocketException(104)), ExitCodes.ToolFailure },
            { new IOException("No space left on device : '/state/journal'"), ExitCodes.InvalidInput },
            { new UnauthorizedAccessException("Access to the path '/state' is denied."), ExitCodes.InvalidInput },
            { new InvalidDataException("/state/journal: line 3 is not an entry"), ExitCodes.InvalidInput },
            { new InvalidOperationException("the world ended", new IOException("No space left on device")), ExitCodes.InvalidInput },
            { new FileNotFoundException("Could not load file or assembly", "deployer-functions, Version=0.1.0.0"), ExitCodes.ToolFailure },
            { new FileLoadException("Could not load file or assembly 'Deployer.Spec'"), ExitCodes.ToolFailure },
            {
                new TypeInitializationException("Deployer.Spec", new BadImageFormatException("Bad IL format.", "Deployer.Spec.dll")),
                ExitCodes.ToolFailure
            },
            { new DirectoryNotFoundException($"Could not find '{AppContext.BaseDirectory}product/template.yaml'."), ExitCodes.ToolFailure },
            {
                new FileNotFoundException("Could not find file '/service/deployer.yaml'.", "/service/deployer.yaml"),
                ExitCodes.InvalidInput
            },
            { new DeploymentFailedException("States.Timeout", "no cause"), ExitCodes.Failure },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task One_line_says_what_is_wrong(Exception exception, int exit)
    {
        var (code, error) = await Run(exception);

        code.ShouldBe(exit);
        error.TrimEnd('\n').ShouldNotContain("\n");
        error.ShouldNotContain("   at ");
        error.Contains("please report this", StringComparison.Ordinal).ShouldBe(exit == ExitCodes.ToolFailure);
    }

    [Fact]
    public async Task Its_place_in_the_program_is_for_who_asks() =>
        (await Run(new InvalidOperationException("a fault"), "--debug")).Error.ShouldContain("   at ");

    [Theory]
    [InlineData("--help")]
    [InlineData("validate", "--help")]
    [InlineData("rehearse", "--help")]
    public async Task The_help_says_what_exit_codes_mean(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var screen = new Screen(TextWriter.Null, 1000);

        await new CommandTree(new Terminal(screen, screen))
            .Root.Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output }, TestContext.Current.CancellationToken);

        output.ToString().ShouldContain(ExitCodes.Explanation);
    }

    private static async Task<(int Code, string Error)> Run(Exception exception, params string[] arguments)
    {
        var written = new StringWriter { NewLine = "\n" };
        var command = new Failing(new Terminal(new Screen(TextWriter.Null, 1000), new Screen(written, 1000)), exception);
        var root = new RootCommand { command, SharedOptions.Debug };
        var code = await root.Parse(["fail", .. arguments]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
        return (code, written.ToString());
    }

    private sealed class Failing(Terminal terminal, Exception exception) : DeployerCommand(terminal, "fail", "Fails.", "fail")
    {
        protected override async Task<int> Run(ParseResult arguments, CancellationToken cancellation)
        {
            await Task.Yield();
            throw exception;
        }
    }
}
