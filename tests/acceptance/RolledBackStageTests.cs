using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>An approved deployment of a pipeline fails, whose stage is rolled back then by itself.</summary>
public sealed class RolledBackStageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_rollback_and_its_plan_that_waits_are_named_and_are_what_is_rejected_after_a_redrive()
    {
        var service = await ApprovedInPipeline.Write(_folder.Path);
        await using (var accounts = await SimulatedAccounts.OpenService(service, State))
        {
            await new ServicePipeline(() => accounts).Change(declaration =>
                declaration.Stages.Single(stage => stage.Name == ServicePipeline.Stage).OnFailure = new FailureConditions
                {
                    Result = Result.ROLLBACK,
                }
            );
        }

        (await Approve(await Rehearse(service))).ExitCode.ShouldBe(0);
        await SmallService.Change(service, "stacks/logs.yaml", "RetentionInDays: 1 ", "RetentionInDays: 3 ");
        var failed = await Approve(await Rehearse(service), "--fault", "stack-rolls-back");
        failed.ExitCode.ShouldBe(1, failed.Terminal);

        var notice = failed.Report.NoticesOfDocument!.Single(sentence => sentence.Contains(" roll its stage ", StringComparison.Ordinal));
        string rollback;
        await using (var accounts = await SimulatedAccounts.OpenService(service, State))
        {
            rollback = (await new ServicePipeline(() => accounts).Executions())[0];
        }

        notice.ShouldStartWith(
            $"the pipeline inventory-pipeline-dev has begun to roll its stage {ServicePipeline.Stage} back, by its execution {rollback}, "
                + "whose plan arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:"
        );
        var plan = notice.Split("whose plan ")[1].Split(' ')[0];

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", State);
        redriven.ExitCode.ShouldBe(0, redriven.Terminal);
        redriven.Terminal.ShouldContain($"reject {plan} --state ");
        redriven.Terminal.ShouldNotContain("retry-stage-execution");

        var rejected = await CommandLine.InProcess("reject", plan, "--state", State);
        rejected.Report.Verdict.ShouldBe(Verdict.Rejected, rejected.Terminal);
    }

    private Task<CommandResult> Rehearse(string service) => CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", State);

    private Task<CommandResult> Approve(CommandResult waiting, params string[] options) =>
        CommandLine.InProcess(["approve", waiting.Report.Plan!.Plan, "--rehearsed", State, .. options]);
}
