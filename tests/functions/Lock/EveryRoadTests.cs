using Amazon.CodePipeline;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Deployments;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Ledger;
using Deployer.Functions.OutsideChanges;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;

namespace Deployer.Functions.Tests.Lock;

/// <summary>
/// Whoever hears first of the end of an execution settles it: the event of its status, the pipeline's function, the sweep, or a deployment
/// that meets its lock. The status event is best effort
/// (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html), so that each of them has to do all of it.
/// </summary>
public sealed class EveryRoadTests : IAsyncLifetime
{
    private static readonly ILambdaContext Context = Substitute.For<ILambdaContext>();

    private readonly IAmazonCodePipeline _pipeline = Substitute.For<IAmazonCodePipeline>();
    private Desk _desk = null!;

    public static MatrixTheoryData<string, string> EndsAndRoads { get; } =
        new(["FAILED", "ABORTED", "TIMED_OUT", "SUCCEEDED"], ["event", "pipeline", "sweep", "begin"]);

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Theory]
    [MemberData(nameof(EndsAndRoads))]
    public async Task An_execution_that_ended_is_settled(string end, string road)
    {
        var one = await _desk.Deployment("one");
        await _desk.Lock.TakeOrWait(one, 0, "token-1");
        await _desk.Wait("one", "api", "stack-1");
        _desk.Close("one", new ExecutionStatus(end));

        await Take(road);

        var record = (await _desk.Read("one"))!;
        (record.Closed, record.Succeeded, record.Error).ShouldBe((true, end == "SUCCEEDED", end == "SUCCEEDED" ? null : end));
        (await _desk.Ledger.Query(WaitRecord.All("stack-1"))).ShouldBeEmpty();
        (await _desk.Ledger.Query(OpenDeployment.All)).Select(open => open.Deployment).ShouldNotContain(new DeploymentId("one"));
        (await _desk.ReadLock())!.Owner?.Deployment.ShouldBe(new("two"));
    }

    [Theory]
    [InlineData("event")]
    [InlineData("pipeline")]
    [InlineData("sweep")]
    [InlineData("begin")]
    public async Task An_execution_that_was_just_started_and_is_not_described_yet_keeps_what_it_has(string road)
    {
        var one = await _desk.Deployment("one");
        await _desk.Lock.TakeOrWait(one, 0, "token-1");
        await _desk.Wait("one", "api", "stack-1");
        _desk.Forget("one");

        await Take(road);

        (await _desk.Read("one"))!.Closed.ShouldBeFalse();
        (await _desk.Ledger.Query(WaitRecord.All("stack-1"))).ShouldHaveSingleItem();
        (await _desk.Ledger.Query(OpenDeployment.All)).Select(open => open.Deployment).ShouldContain(new DeploymentId("one"));
        (await _desk.ReadLock())!.Owner!.Deployment.ShouldBe(new("one"));
    }

    private async Task Take(string road)
    {
        var handlers = new DeploymentHandlers(
            null!,
            null!,
            null!,
            null!,
            _desk.Settling,
            new InstanceRegistry(_desk.Settings, _desk.Ledger, _desk.Executions),
            new ChangeLooks(_desk.Executions, _desk.Settings, _desk.Ledger, null!, null!, _desk.Notifier),
            _desk.Notifier,
            _desk.Settings,
            _desk.Ledger
        );
        switch (road)
        {
            case "event":
                await handlers.Settle(new ExecutionStatusEvent(new ExecutionStatusDetail(new(Desk.Arn("one")), "FAILED")), Context);
                break;
            case "sweep":
                await handlers.Sweep(new ScheduledEvent(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)), Context);
                break;
            case "begin":
                await _desk.Lock.TakeOrWait(await _desk.Deployment("two"), 0, "token-2");
                break;
            default:
                await Pipeline()
                    .AnswerJob(
                        new JobEvent(
                            new Job("job", null, new Deployer.Functions.Pipeline.JobData(null, ContinuationToken: Desk.Arn("one")))
                        ),
                        Context
                    );
                break;
        }
    }

    private PipelineHandlers Pipeline()
    {
        var aws = Substitute.For<IAws>();
        aws.CodePipeline.Returns(_pipeline);
        var settings = _desk.Settings with { StateMachine = "arn:aws:states:us-east-1:222222222222:stateMachine:deployer-dev-deploy" };
        return new PipelineHandlers(
            aws,
            settings,
            _desk.Ledger,
            _desk.Executions,
            _desk.Settling,
            _desk.Notifier,
            new PipelineApproval(aws, new PlanApprovals(_desk.Ledger), _desk.Ledger),
            new PipelinePlan(aws, new StepKindRegistry([])),
            new PipelineProgress(aws, settings, _desk.Ledger)
        );
    }
}
