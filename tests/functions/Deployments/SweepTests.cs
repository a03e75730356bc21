using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Core;
using Amazon.Runtime;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Deployer.Functions.Tests.Deployments;

/// <summary>The sweep over deployments and development instances of which nobody heard.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ILambdaContext _context = Substitute.For<ILambdaContext>();
    private Desk _desk = null!;
    private ServiceProvider _services = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        _services = _desk.Services(
            _desk.Settings with
            {
                StateMachine = "arn:aws:states:us-east-1:222222222222:stateMachine:deploy",
            },
            services => services.AddSingleton<DeploymentHandlers>()
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _desk.DisposeAsync();
    }

    [Fact]
    public async Task A_deployment_that_cannot_be_settled_does_not_keep_the_others_from_it()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await _desk.Deployment(name);
            _desk.Close(name, ExecutionStatus.FAILED);
        }

        Refuse(call =>
            call.DescribeExecutionAsync(Arg.Is<DescribeExecutionRequest>(asked => asked.ExecutionArn == Desk.Arn("b")), default)
        );

        var incomplete = await Should.ThrowAsync<SweepIncompleteException>(Sweep);

        incomplete.Message.ShouldBe(
            "1 could not be dealt with; the next sweep tries again\ndeployment b: AwsRefusedException: AWS was refused: AccessDenied: no"
        );
        (await _desk.Ledger.Query(OpenDeployment.All)).Select(open => open.Deployment).ShouldBe([new("b")]);
        (await _desk.Read("c"))!.Closed.ShouldBeTrue();
        Lines()
            .ShouldBe([
                "INFO a settled a",
                "ERROR b deployment b: AwsRefusedException: AWS was refused: AccessDenied: no",
                "INFO c settled c",
                $"ERROR  SweepIncompleteException: {incomplete.Message}",
            ]);
    }

    [Fact]
    public async Task Why_a_deployment_could_not_be_settled_is_written_down_until_a_later_sweep_settles_it()
    {
        var one = await _desk.Deployment("one");
        await _desk.Lock.TakeOrWait(one, 0, "token");
        _desk.Close("one", ExecutionStatus.FAILED);
        var isRefused = true;
        var described = await _desk.StepFunctions.DescribeExecutionAsync(
            new DescribeExecutionRequest { ExecutionArn = Desk.Arn("one") },
            TestContext.Current.CancellationToken
        );
        _desk
            .StepFunctions.DescribeExecutionAsync(Arg.Is<DescribeExecutionRequest>(asked => asked.ExecutionArn == Desk.Arn("one")), default)
            .ReturnsForAnyArgs(_ =>
                isRefused
                    ? throw new AmazonStepFunctionsException(
                        "no",
                        ErrorType.Sender,
                        "AccessDenied",
                        "id",
                        System.Net.HttpStatusCode.Forbidden
                    )
                    : described
            );
        await Should.ThrowAsync<AwsRefusedException>(Settled);

        (await _desk.Ledger.Query(OpenDeployment.All)).Single().Problem.ShouldBe("AwsRefusedException: AWS was refused: AccessDenied: no");
        (await _desk.ReadLock())!.Owner.ShouldNotBeNull();
        await Should.ThrowAsync<SweepIncompleteException>(Sweep);
        (await _desk.Ledger.Query(OpenDeployment.All)).Single().Problem.ShouldBe("AwsRefusedException: AWS was refused: AccessDenied: no");

        isRefused = false;
        await Sweep();
        (await _desk.ReadLock())!.Owner.ShouldBeNull();
        (await _desk.Ledger.Query(OpenDeployment.All)).ShouldBeEmpty();

        Task Settled() =>
            _services
                .GetRequiredService<DeploymentHandlers>()
                .Settle(new ExecutionStatusEvent(new ExecutionStatusDetail(one.Execution, "FAILED")), Substitute.For<ILambdaContext>());
    }

    [Fact]
    public async Task An_instance_that_cannot_be_removed_does_not_keep_the_others_from_it()
    {
        foreach (var name in new[] { "x", "y" })
        {
            await _desk.ListInstance(name, Now);
        }

        var started = new List<string>();
        _desk
            .StepFunctions.StartExecutionAsync(default!, default)
            .ReturnsForAnyArgs(call =>
            {
                var name = call.Arg<StartExecutionRequest>().Name;
                started.Add(name);
                return name.StartsWith("inventory-dev-x-", StringComparison.Ordinal)
                    ? throw new AmazonStepFunctionsException(
                        "no",
                        ErrorType.Sender,
                        "AccessDenied",
                        "id",
                        System.Net.HttpStatusCode.Forbidden
                    )
                    : new StartExecutionResponse { ExecutionArn = Desk.Arn(name) };
            });

        (await Should.ThrowAsync<SweepIncompleteException>(Sweep)).Message.ShouldContain("development instance dev-x of inventory: Aws");

        started.Select(name => name.Split("-expired")[0]).ShouldBe(["inventory-dev-x", "inventory-dev-y"]);
        Lines().ShouldContain($"INFO {started[1]} started {Desk.Arn(started[1])}");
    }

    /// <summary>A record that was damaged.</summary>
    [Theory]
    [InlineData("OPEN")]
    [InlineData("INSTANCES")]
    [InlineData("CHANGES")]
    [InlineData("OUTBOX")]
    public async Task A_record_that_cannot_be_read_keeps_no_other_from_its_turn(string partition)
    {
        foreach (var name in new[] { "a", "b" })
        {
            await _desk.Deployment(name);
            _desk.Close(name, ExecutionStatus.FAILED);
            await _desk.ListInstance(name, Now);
        }

        var started = new List<string>();
        _desk
            .StepFunctions.StartExecutionAsync(default!, default)
            .ReturnsForAnyArgs(call =>
            {
                started.Add(call.Arg<StartExecutionRequest>().Name);
                return new StartExecutionResponse { ExecutionArn = Desk.Arn(started[^1]) };
            });
        await Damage(partition, "aa");

        var incomplete = await Should.ThrowAsync<SweepIncompleteException>(Sweep);

        incomplete.Message.ShouldStartWith(
            $"1 could not be dealt with; the next sweep tries again\nrecord {partition} aa: DeployerFaultException: "
        );
        ((await _desk.Read("a"))!.Closed, (await _desk.Read("b"))!.Closed).ShouldBe((true, true));
        started.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_look_that_fails_keeps_no_other_from_its_turn()
    {
        await _desk.Deployment("a");
        _desk.Close("a", ExecutionStatus.FAILED);
        foreach (var target in new[] { "dev", "prod", "stage" })
        {
            await _desk.Ledger.Put(
                PendingChange.Key("inventory", target),
                new PendingChange
                {
                    Service = "inventory",
                    Target = target,
                    Changes = [new OutsideChange("inventory-dev", "UPDATE_COMPLETE", null, Now - TimeSpan.FromHours(1))],
                }
            );
            if (target != "stage")
            {
                var deployed = DeployedSteps.Key("inventory", target);
                await Damage(deployed.Partition, deployed.Sort);
            }
        }

        var incomplete = await Should.ThrowAsync<SweepIncompleteException>(Sweep);

        incomplete
            .Message.Split('\n')
            .Select(line => line.Split(": ")[0])
            .ShouldBe([
                "2 could not be dealt with; the next sweep tries again",
                "inventory on dev, which others have changed",
                "inventory on prod, which others have changed",
            ]);
        (await _desk.Read("a"))!.Closed.ShouldBeTrue();
        (await _desk.Ledger.Read(PendingChange.Key("inventory", "stage")))!.Changes.ShouldBeEmpty();
    }

    private Task Damage(string partition, string sort) =>
        _desk.DynamoDB.PutItemAsync(
            new PutItemRequest
            {
                TableName = _desk.Settings.Table,
                Item = new()
                {
                    ["pk"] = new(partition),
                    ["sk"] = new(sort),
                    ["version"] = new() { N = "1" },
                    ["document"] = new("{ this is no"),
                },
            },
            TestContext.Current.CancellationToken
        );

    private void Refuse(Func<IAmazonStepFunctions, Task<DescribeExecutionResponse>> call) =>
        call(_desk.StepFunctions)
            .Returns<DescribeExecutionResponse>(_ =>
                throw new AmazonStepFunctionsException("no", ErrorType.Sender, "AccessDenied", "id", System.Net.HttpStatusCode.Forbidden)
            );

    private Task Sweep() => _services.GetRequiredService<DeploymentHandlers>().Sweep(new ScheduledEvent(Now), _context);

    /// <summary>What was written: the level, the deployment, the message.</summary>
    private IEnumerable<string> Lines() =>
        _context
            .Logger.ReceivedCalls()
            .Select(call => JsonNode.Parse((string)call.GetArguments()[0]!)!)
            .Select(line => $"{line["level"]} {line["deployment"]} {line["message"]}");
}
