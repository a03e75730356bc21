using System.Text.Json.Nodes;
using Amazon.CloudFormation.Model;
using Amazon.StepFunctions.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>Executions that a person starts with an input of their own.</summary>
public sealed class StartedByHandTests : IDisposable
{
    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("{}", "the input lacks service, target, source.bucket, source.key; expected {")]
    [InlineData(
        """{"service":"inventory","target":"dev","source":{"bucket":"deployer-dev-222222222222"}}""",
        "the input lacks source.key; expected {"
    )]
    [InlineData(
        """{"service":"inventory","target":"dev","source":{"bucket":"deployer-dev-222222222222","key":"nothing.zip"}}""",
        "the source s3://deployer-dev-222222222222/nothing.zip cannot be read"
    )]
    [InlineData(
        """{"service":"inventory","target":"dev","source":{"bucket":"deployer-dev-222222222222","key":"incoming/gone.zip"}}""",
        "; what lies below incoming/ is deleted after 7 days: hand the files in again, or name their copy below sources/, which stays"
    )]
    [InlineData("[]", "the input is a list; expected {")]
    [InlineData(
        """{"service":"inventory","target":"dev","source":{"bucket":"b","key":"k"},"steps":"api"}""",
        "'steps' of the input is a text; expected a list of texts"
    )]
    [InlineData(
        """{"service":"inventory","target":"dev","source":{"bucket":"b","key":"k"},"by":"a\u001b[31mred"}""",
        "'by' of the input has a control character"
    )]
    public async Task An_input_that_is_wrong_is_named_and_leaves_nothing_behind(string input, string cause)
    {
        await using var accounts = await SimulatedAccounts.Open(_state.Path);

        var ended = await accounts.Start(input);

        ended.Error.ShouldBe("SpecInvalidException");
        ended.Cause.ShouldContain(cause);
        (await accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task An_input_without_the_commit_that_a_step_refers_to_is_refused_before_anything_is_deployed()
    {
        var (state, service) = await ContainerService.CopyDeployed(_state.Path);
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        var deployed = (await accounts.Rehearsal.Executions()).Last(known => known.MachineName == "deployer-dev-deploy");
        var input = JsonNode.Parse((await accounts.Describe(deployed.Arn)).Input)!.AsObject();
        input.Remove("revision").ShouldBeTrue();

        var ended = await accounts.Start(input.ToJsonString());

        ended.Error.ShouldBe("SpecInvalidException");
        ended.Cause.ShouldContain("${revision} is the commit that is deployed, and none is named; expected --revision COMMIT");
        (await accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task An_input_that_is_pasted_by_hand_after_a_failure_and_after_a_success_is_deployed_by_a_fresh_execution()
    {
        await using var target = await ChangedTarget.Deploy();
        await ChangeThird(target);
        await target.Reopen("stack-rolls-back");
        var failed = await target.Accounts.Deploy();
        failed.Verdict.ShouldBe(Verdict.Failed);
        await target.Accounts.DisposeAsync();
        await target.Reopen();
        var input = (await target.Accounts.Describe(failed.Deployment!)).Input;

        var fresh = await target.Accounts.Start(input);
        var again = await target.Accounts.Start(input);

        (fresh.Status.Value, again.Status.Value).ShouldBe(("SUCCEEDED", "SUCCEEDED"), fresh.Cause);
        fresh.Output.ShouldContain("\"outcome\":\"succeeded\"");
        again.Output.ShouldContain("\"outcome\":\"nothing-to-do\"");
        (await target.Days("third")).ShouldBe("3");
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
    }

    /// <summary>
    /// The machine has no time limit of its own, so that its executions time out only where somebody gives it one. A redrive goes on with
    /// the definition that the execution began with, and its time is counted anew:
    /// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html.
    /// </summary>
    [Theory]
    [InlineData("failed")]
    [InlineData("aborted")]
    [InlineData("timed out")]
    public async Task A_redrive_settles_lock_record_and_pipeline(string how)
    {
        await using var target = await ChangedTarget.Deploy();
        var execution =
            how == "failed" ? await Fail(target)
            : how == "aborted" ? await Abort(target)
            : await TimeOut(target);
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
        var ended = (await Record(target, execution)).ShouldNotBeNull();
        (ended.Closed, ended.Succeeded).ShouldBe((true, false));
        var told = (await target.Accounts.Told(execution)).ShouldHaveSingleItem();
        ((string?)told["kind"], (string?)told["verdict"]).ShouldBe(("failed", how == "aborted" ? "stopped" : "failed"));
        ((string?)told["next"]!["command"]).ShouldBe($"deployer redrive {execution}");
        told.ShouldTellWhole();
        var pipeline = new ServicePipeline(target);
        var run = (await pipeline.Executions())[0];
        (await pipeline.Status(run)).ShouldBe("Failed");
        await target.Accounts.DisposeAsync();
        await target.Reopen();
        pipeline = new ServicePipeline(target);

        (await target.Accounts.Redrive(execution)).Verdict.ShouldBe(Verdict.Succeeded);
        await pipeline.Retry(run);
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(5));

        var record = (await Record(target, execution)).ShouldNotBeNull();
        (record.Closed, record.Succeeded, record.Error).ShouldBe((true, true, null));
        (await pipeline.Status(run)).ShouldBe("Succeeded");
        (await target.Days("third")).ShouldBe(how == "failed" ? "3" : "1");
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task The_native_action_of_Step_Functions_starts_a_deployment_with_a_literal_input()
    {
        await using var target = await ChangedTarget.Deploy();
        await target.UpdateByHand("third", 7);
        var deployed = (await target.Executions())[0];
        var input = (await target.Accounts.Describe(deployed.Arn)).Input;
        await target.Accounts.Tools.CloudFormation.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = "native",
                TemplateBody = await File.ReadAllTextAsync(Repository.At("examples/triggers/native-action-role.yaml")),
                Capabilities = [Amazon.CloudFormation.Capability.CAPABILITY_IAM],
                Parameters =
                [
                    new Parameter { ParameterKey = "Stage", ParameterValue = "dev" },
                    new Parameter { ParameterKey = "PipelineRole", ParameterValue = "inventory-pipeline-dev-us-east-1" },
                ],
            }
        );
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(5));
        var pipeline = new ServicePipeline(target);
        await pipeline.Change(declaration =>
        {
            var deploy = declaration.Stages.Single(stage => stage.Name == ServicePipeline.Stage).Actions.Single();
            deploy.ActionTypeId.Provider = "StepFunctions";
            deploy.Configuration = new()
            {
                ["StateMachineArn"] = "arn:aws:states:us-east-1:222222222222:stateMachine:deployer-dev-deploy",
                ["ExecutionNamePrefix"] = "native",
                ["InputType"] = "Literal",
                ["Input"] = input,
            };
        });

        var run = await pipeline.Start();
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));

        (await pipeline.Status(run)).ShouldBe("Succeeded", (await pipeline.DeployAction()).ErrorDetails?.Message);
        (await pipeline.DeployAction()).ExternalExecutionId.ShouldContain(":execution:deployer-dev-deploy:native-");
        (await target.Days("third")).ShouldBe("1");
        (await target.Accounts.Leftovers()).ShouldBe((0, 0));
    }

    private static async Task<DeploymentRecord?> Record(ChangedTarget target, string execution) =>
        await target.Accounts.Tools.Ledger("dev").Read(DeploymentRecord.Key(new ExecutionArn(execution).Deployment));

    private static async Task<string> Fail(ChangedTarget target)
    {
        await ChangeThird(target);
        await target.Reopen("stack-rolls-back");
        return (await target.Accounts.Deploy()).Deployment!;
    }

    private static async Task ChangeThird(ChangedTarget target)
    {
        await SmallService.Change(target.Service, "stacks/third.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await SmallService.Change(target.Service, "stacks/third.yaml", "Value: \"1\"", "Value: \"3\"");
        await target.Accounts.DisposeAsync();
    }

    /// <summary>Gives the machine a time limit that is shorter than an update of a stack, and deploys through the pipeline.</summary>
    private static async Task<string> TimeOut(ChangedTarget target)
    {
        await target.UpdateByHand("third", 7);
        await target.Accounts.Rehearsal.Pass(TimeSpan.FromMinutes(15));
        const string Machine = "arn:aws:states:us-east-1:222222222222:stateMachine:deployer-dev-deploy";
        var machines = target.Accounts.Tools.StepFunctions;
        var present = await machines.DescribeStateMachineAsync(new DescribeStateMachineRequest { StateMachineArn = Machine });
        var limited = System.Text.Json.Nodes.JsonNode.Parse(present.Definition)!;
        limited["TimeoutSeconds"] = 30;
        await target.Accounts.InTools<UpdateStateMachineResponse>(
            new UpdateStateMachineRequest { StateMachineArn = Machine, Definition = limited.ToJsonString() }
        );
        await new ServicePipeline(target).Start();
        var running = await target.RunningDeployment();
        await target.Accounts.Rehearsal.RunUntilClosed(running);
        (await target.Accounts.Describe(running)).Status.Value.ShouldBe("TIMED_OUT");
        return running;
    }

    /// <summary>Begins a deployment through the pipeline, and stops its execution while it works.</summary>
    private static async Task<string> Abort(ChangedTarget target)
    {
        await target.UpdateByHand("third", 7);
        await new ServicePipeline(target).Start();
        var running = await target.RunningDeployment();
        await target.Accounts.Tools.StepFunctions.StopExecutionAsync(new StopExecutionRequest { ExecutionArn = running });
        return running;
    }
}
