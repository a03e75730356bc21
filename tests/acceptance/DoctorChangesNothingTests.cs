using System.Text.Json;
using Amazon.AutoScaling.Model;
using Amazon.CloudFormation.Model;
using Amazon.CodeDeploy.Model;
using Amazon.Lambda.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Steps;
using Deployer.Rehearsal.Wire;

namespace Deployer.Acceptance.Tests;

/// <summary><c>deployer doctor</c> in accounts that have the example: it reads, but for what its page says that it leaves behind.</summary>
public sealed class DoctorChangesNothingTests : IDisposable
{
    /// <summary>How the names of operations begin that only read, and of those by which checks are started and enter.</summary>
    private static readonly string[] Reading =
    [
        "AssumeRole",
        "BatchGet",
        "Describe",
        "Filter",
        "Get",
        "Head",
        "Invoke",
        "List",
        "Query",
        "Simulate",
        "TestEventPattern",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_asks_for_nothing_that_changes_what_a_deployment_uses()
    {
        var state = await Scheduled.CopyDeployed(_folder.Path);
        await using var accounts = await SimulatedAccounts.Open(state);
        var world = accounts.Rehearsal.World;
        await world.Do(world.Audit.Clear);
        var before = await State(accounts);

        (await accounts.Doctor()).Checks.Where(check => check.Status != CheckStatus.Ok).ShouldBeEmpty();

        var calls = await world.Do(() => world.Audit.Calls);
        calls
            .Where(call => !Reading.Any(name => call.Operation.StartsWith(name, StringComparison.Ordinal)))
            .Select(call => $"{call.Role} {call.Service} {call.Operation}")
            .ShouldBe(
                [
                    // The upload of whoever asks.
                    "root s3 PutObject",
                    // The artifact, the record of the test event, and the build; the source is kept already.
                    "deployer-dev-Check s3 PutObject",
                    "deployer-dev-Check dynamodb PutItem",
                    "deployer-dev-Check codebuild StartBuild",
                    "deployer-dev-target events PutEvents",
                    // That the event has arrived, and the answer of the build.
                    "deployer-dev-Resume dynamodb PutItem",
                    "deployer-dev-build-inventory s3 PutObject",
                ],
                ignoreOrder: true
            );
        (await world.Do(() => world.Audit.Uses))
            .Where(use => use.Action is "s3:PutObject" or "s3:DeleteObject")
            .Select(use => use.Resource.Split('/')[1])
            .Distinct()
            .ShouldBe(["incoming", "artifacts", "answers"], ignoreOrder: true);
        (await State(accounts)).ShouldBe(before);
        (await accounts.Leftovers()).ShouldBe((0, 0));
    }

    /// <summary>What deployments change, of both accounts.</summary>
    private static async Task<string> State(SimulatedAccounts accounts)
    {
        var target = (await accounts.Call<DescribeStacksResponse>(new DescribeStacksRequest())).Stacks;
        var tools = (await accounts.InTools<DescribeStacksResponse>(new DescribeStacksRequest())).Stacks;
        var functions = (await accounts.Call<ListFunctionsResponse>(new ListFunctionsRequest())).Functions;
        var groups = (await accounts.Call<DescribeAutoScalingGroupsResponse>(new DescribeAutoScalingGroupsRequest())).AutoScalingGroups;
        var ions = (
            await accounts.Call<ListDeploymentsResponse>(
                new ListDeploymentsRequest { ApplicationName = "inventory", DeploymentGroupName = "inventory-dev" }
            )
        ).Deployments;
        target.Count.ShouldBeGreaterThan(3);
        tools.ShouldNotBeEmpty();
        functions.ShouldNotBeEmpty();
        groups.ShouldNotBeEmpty();
        ions.ShouldNotBeEmpty();
        return JsonSerializer.Serialize(
            new object[]
            {
                target
                    .Concat(tools)
                    .Select(stack => new
                    {
                        stack.StackId,
                        stack.StackStatus.Value,
                        stack.LastUpdatedTime,
                    }),
                functions.Select(function => new
                {
                    function.FunctionArn,
                    function.LastModified,
                    function.RevisionId,
                }),
                groups.Select(group => new
                {
                    group.AutoScalingGroupARN,
                    group.MinSize,
                    group.DesiredCapacity,
                    group.MaxSize,
                }),
                ions,
            }
        );
    }
}
