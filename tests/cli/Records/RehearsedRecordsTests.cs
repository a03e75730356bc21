using Deployer.Cli.Tests.Rehearsals;

namespace Deployer.Cli.Tests.Records;

/// <summary>Commands about deployments, in the accounts that a rehearsal kept.</summary>
public sealed class RehearsedRecordsTests : IDisposable
{
    private const string Execution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:x";

    private readonly SmallService _service = new();
    private readonly string _state = Directory.CreateTempSubdirectory("deployer-").FullName;

    public void Dispose()
    {
        _service.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task History_and_releases_show_what_was_rehearsed()
    {
        var service = _service.Folder;
        (await DeployerProcess.Run("rehearse", service, "--target", "dev", "--state", _state, "--in-process")).ExitCode.ShouldBe(0);

        var history = await DeployerProcess.Run("history", service, "--target", "dev", "--rehearsed", _state);
        var releases = await DeployerProcess.Run("releases", service, "--rehearsed", _state);
        var mixed = await DeployerProcess.Run("releases", service, "--rehearsed", _state, "--region", "us-east-1");

        (history.ExitCode, releases.ExitCode).ShouldBe((0, 0), history.Error + releases.Error);
        history.Output.ShouldContain("✓");
        history.Output.ShouldContain("succeeded");
        releases.Output.ShouldContain("arn:aws:cloudformation:");
        mixed.ExitCode.ShouldBe(2);
        mixed.Error.Words().ShouldBe("--profile, --region and --stage are for AWS; expected none of them beside --rehearsed or --state");
    }

    [Theory]
    [InlineData("watch", "watched")]
    [InlineData("stop", "stopped")]
    public async Task Watch_and_stop_say_that_nothing_is_on_its_way_there(string command, string done)
    {
        var run = await DeployerProcess.Run(command, Execution, "--rehearsed", _state);

        run.ExitCode.ShouldBe(2);
        run.Error.Words()
            .ShouldBe(
                $"in the rehearsed accounts of {_state} time stands still between commands, so that nothing can be {done} there; expected "
                    + "'deployer history --rehearsed' to see what was deployed, 'deployer redrive --rehearsed' to go on with it, or a stop "
                    + "in a --schedule"
            );
    }
}
