using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.StepFunctions.Interpreter;
using Deployer.Rehearsal.Wire;

namespace Deployer.Acceptance.Tests;

/// <summary>Deployments that another pipeline's end or a schedule starts, by the templates of <c>examples/triggers</c>.</summary>
public sealed class TriggersTests
{
    [Fact]
    public async Task Another_pipelines_end_starts_a_deployment_with_the_input_of_the_operator()
    {
        await using var target = await ChangedTarget.Deploy();
        await Make(target, "after-pipeline", ("Pipeline", "inventory-pipeline-dev"));
        var before = (await target.Executions()).Count;

        // Of this example the service's own pipeline is the other one, too: it deploys, and then the rule does.
        await new ServicePipeline(target).Start();
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));

        var started = (await target.Executions()).OrderBy(execution => execution.StartedAt).Skip(before).ToList();
        started.Count.ShouldBe(2);
        started.ShouldAllBe(execution => execution.Status == ExecutionStatus.Succeeded);
        var record = await target.Accounts.Tools.Ledger("dev").Read(DeploymentRecord.Key(new DeploymentId(started[1].Name)));
        record!.By.ShouldBe("an operator");
        started[1].Output.ShouldNotBeNull().ShouldContain("nothing-to-do");
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
    }

    /// <summary>https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html</summary>
    [Fact]
    public async Task Another_pipelines_execution_that_is_stopped_starts_nothing()
    {
        await using var target = await ChangedTarget.Deploy();
        await Make(target, "after-pipeline", ("Pipeline", "inventory-pipeline-dev"));
        var before = (await target.Executions()).Count;
        var pipeline = new ServicePipeline(target);

        var stopped = await pipeline.Start();
        await target.RunningDeployment();
        await pipeline.Stop(stopped, abandon: true);
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));

        (await pipeline.Status(stopped)).ShouldBe("Stopped");
        (await target.Executions()).Count.ShouldBe(before + 1, "its own deployment, and none after it");
    }

    [Fact]
    public async Task A_schedule_starts_deployments_with_the_same_locking()
    {
        await using var target = await ChangedTarget.Deploy();
        var before = (await target.Executions()).Count;
        await target.UpdateByHand("first", 7);
        await Make(target, "schedule", ("Schedule", "rate(1 minute)"));

        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(6));
        await target.Accounts.Tools.CloudFormation.DeleteStackAsync(new DeleteStackRequest { StackName = "trigger" });
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(6));

        var started = (await target.Executions()).OrderBy(execution => execution.StartedAt).Skip(before).ToList();
        started.Count.ShouldBeGreaterThan(3);
        started.ShouldAllBe(execution => execution.Status == ExecutionStatus.Succeeded || execution.Error == "SupersededException");
        var periods = new List<(DateTime From, DateTime To)>();
        foreach (var execution in started)
        {
            periods.AddRange(await target.Accounts.WorkingPeriods(execution.Arn));
        }

        // One that started first may have waited for the lock that another one held.
        periods = [.. periods.OrderBy(period => period.From)];
        periods.Zip(periods.Skip(1)).ShouldAllBe(pair => pair.First.To <= pair.Second.From, "one after the other");
        (await target.Days("first")).ShouldBe("1");
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
    }

    private static async Task Make(ChangedTarget target, string template, params (string Name, string Value)[] parameters)
    {
        var last = await target.Accounts.Tools.Ledger("dev").Read(DeployedSteps.Key("inventory", "dev"));
        var record = await target.Accounts.Tools.Ledger("dev").Read(DeploymentRecord.Key(last!.Last));
        var input = new DeploymentRequest(
            "inventory",
            "dev",
            new SourceObject("deployer-dev-222222222222", Sources.Key("inventory", record!.Digest)),
            By: "an operator"
        ).ToJson();
        await target.Accounts.Tools.CloudFormation.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = "trigger",
                TemplateBody = await File.ReadAllTextAsync(Repository.At($"examples/triggers/{template}.yaml")),
                Capabilities = [Amazon.CloudFormation.Capability.CAPABILITY_IAM],
                Parameters =
                [
                    new Parameter { ParameterKey = "Stage", ParameterValue = "dev" },
                    new Parameter { ParameterKey = "Input", ParameterValue = input },
                    .. parameters.Select(parameter => new Parameter { ParameterKey = parameter.Name, ParameterValue = parameter.Value }),
                ],
            }
        );
        await target.Accounts.Rehearsal.World.RunUntil(() =>
            target
                .Accounts.Rehearsal.World.Api.Invoke<DescribeStacksResponse>(
                    Principal.Root("222222222222"),
                    "us-east-1",
                    new DescribeStacksRequest { StackName = "trigger" }
                )
                .Stacks[0]
                .StackStatus == Amazon.CloudFormation.StackStatus.CREATE_COMPLETE
        );
    }
}
