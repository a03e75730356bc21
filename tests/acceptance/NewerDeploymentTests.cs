using Amazon.StepFunctions;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A deployment that failed, redriven while a newer one runs and after that one's success.</summary>
public sealed class NewerDeployment : IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();

    public CommandResult Failed { get; private set; } = null!;

    public (ExecutionStatus Status, string? Error, string? Cause) WhileBusy { get; private set; }

    public ExecutionStatus NewerStatus { get; private set; } = null!;

    public string Newer { get; private set; } = null!;

    public CommandResult Superseded { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Failed = await CommandLine.Rehearse("--fault", "stack-rolls-back", "--state", _state.Path);
        var older = Failed.Report.Deployment!;
        await using (var accounts = await SimulatedAccounts.Open(_state.Path))
        {
            Newer = await accounts.BeginDeployment(TimeSpan.FromMinutes(4));
            await accounts.BeginRedrive(older);
            await accounts.Rehearsal.RunUntilClosed(older);
            var busy = await accounts.Describe(older);
            WhileBusy = (busy.Status, busy.Error, busy.Cause);
            await accounts.Rehearsal.RunUntilClosed(Newer);
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(6));
            NewerStatus = (await accounts.Describe(Newer)).Status;
        }

        Superseded = await CommandLine.InProcess("redrive", older, "--state", _state.Path);
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class NewerDeploymentTests(NewerDeployment newer) : IClassFixture<NewerDeployment>
{
    [Fact]
    public void A_redrive_while_another_deployment_runs_is_refused()
    {
        newer.WhileBusy.Status.ShouldBe(ExecutionStatus.FAILED);
        newer.WhileBusy.Error.ShouldBe("TargetBusyException");
        newer.WhileBusy.Cause.ShouldNotBeNull().ShouldContain(newer.Newer.Split(':')[^1]);
    }

    [Fact]
    public void The_running_deployment_is_not_disturbed() => newer.NewerStatus.ShouldBe(ExecutionStatus.SUCCEEDED);

    [Fact]
    public void A_redrive_after_a_newer_success_changes_nothing()
    {
        newer.Superseded.ExitCode.ShouldBe(1);
        newer.Superseded.Report.Verdict.ShouldBe(Verdict.Failed);
        newer.Superseded.Report.Error.ShouldBe("SupersededException");
        newer.Superseded.Report.Cause.ShouldNotBeNull().ShouldContain("a newer deployment of inventory to dev");
        newer.Superseded.ShouldChangeNothing();
        newer.Superseded.ShouldLeaveNothingBehind();
    }
}
