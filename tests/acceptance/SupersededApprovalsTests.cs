using System.Text.Json.Nodes;
using Amazon.CloudWatchLogs.Model;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Errors;
using Deployer.Rehearsal.Sns;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Two executions of a pipeline wait for approvals of their plans, each in a stage of its own: a stage has one execution at a time.
/// https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
/// </summary>
public sealed class SupersededApprovalsTests : IDisposable
{
    private static readonly TimeSpan ToTheEnd = TimeSpan.FromMinutes(15);

    private readonly TemporaryFolder _folder = new();
    private SimulatedAccounts _accounts = null!;

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_approval_of_the_older_plan_deploys_nothing_and_that_of_the_newer_deploys_what_it_is_of()
    {
        var service = await ApprovedInPipeline.Write(_folder.Path);
        var pipeline = new ServicePipeline(() => _accounts);
        string older;
        await using (_accounts = await SimulatedAccounts.OpenService(service, State))
        {
            await pipeline.Change(PlanApart);
            await _accounts.Publish();
            older = await pipeline.Start();
            await _accounts.Rehearsal.Pass(ToTheEnd);
            await ShouldBeAskedFor(older);
            await pipeline.Approve("Look");
            await _accounts.Rehearsal.Pass(ToTheEnd);
        }

        await SmallService.Change(service, "stacks/logs.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await using (_accounts = await SimulatedAccounts.OpenService(service, State))
        {
            await _accounts.Publish();
            var newer = await pipeline.Start();
            await _accounts.Rehearsal.Pass(ToTheEnd);
            (await Waiting(pipeline, older)).ShouldBe(["Approve"]);
            (await Waiting(pipeline, newer)).ShouldBe(["Look"]);

            await pipeline.Approve("Approve");
            await _accounts.Rehearsal.Pass(ToTheEnd);

            (await pipeline.Status(older)).ShouldBe("Failed");
            var refused = (await pipeline.Actions(older)).First(action => action.ActionName == "Deploy");
            var words = refused.Output.ExecutionResult.ErrorDetails.Message;
            words.ShouldStartWith("the deployment could not be started: SupersededException: plan ");
            words.ShouldContain("is superseded by the newer plan");
            (await Days()).ShouldBeNull();
            await ShouldBeNotified(older);

            await pipeline.Approve("Look");
            await _accounts.Rehearsal.Pass(ToTheEnd);
            await pipeline.Approve("Approve");
            await _accounts.Rehearsal.Pass(ToTheEnd);

            (await pipeline.Status(newer)).ShouldBe("Succeeded");
            (await Days()).ShouldBe(3);
            (await _accounts.Leftovers()).ShouldBe((0, 0));
        }
    }

    /// <summary>There is no execution that a report could be of: the notification is all that people hear.</summary>
    private async Task ShouldBeNotified(string execution)
    {
        var detail = (await Details()).Single(detail => (string?)detail["error"] == nameof(SupersededException));
        ((string?)detail["title"], (string?)detail["pipeline"]!["execution"]).ShouldBe(
            ("inventory to dev: superseded by a newer one", execution)
        );
        ((string?)detail["account"], (string?)detail["deployment"]).ShouldBe(("111111111111", null));
        ((string?)detail["plan"]!["digest"]).ShouldNotBeNull();
        ((string?)detail["next"]!["reason"]).ShouldBe(
            "Nothing was started. The pipeline inventory-pipeline-dev makes another plan: retry all actions of the stage that failed if it "
                + "makes the plan itself, else start the pipeline again:"
        );
        ((string?)detail["next"]!["command"]).ShouldBe(
            "aws codepipeline start-pipeline-execution --name inventory-pipeline-dev --region us-east-1"
        );
        ((string?)detail["pipelineLink"]).ShouldNotBeNull().ShouldContain(execution);
    }

    /// <summary>Whoever may approve gets to the pipeline's page, where the approval waits.</summary>
    private async Task ShouldBeAskedFor(string execution)
    {
        var asked = (await Details()).Single(detail =>
            (string?)detail["kind"] == "waitingForApproval" && (string?)detail["pipeline"]!["execution"] == execution
        );
        ((string?)asked["pipeline"]!["name"], (string?)asked["verdict"]).ShouldBe(("inventory-pipeline-dev", "waiting-for-approval"));
        ((string?)asked["pipelineLink"]).ShouldBe(
            "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/inventory-pipeline-dev/executions/"
                + $"{execution}/visualization?region=us-east-1"
        );
        asked["plan"]!["needsApproval"]!.AsArray().ShouldNotBeEmpty();
    }

    /// <summary>What people were notified of, each once.</summary>
    private async Task<IReadOnlyList<JsonNode>> Details()
    {
        var world = _accounts.Rehearsal.World;
        return
        [
            .. (await world.Do(() => SnsService.Messages(world)))
                .Select(message => JsonNode.Parse(message.Messages["sqs"])!)
                .DistinctBy(detail => (string?)detail["id"]),
        ];
    }

    /// <summary>The plan in a stage of its own, and a second approval in another.</summary>
    private static void PlanApart(PipelineDeclaration declaration)
    {
        declaration.ExecutionMode = ExecutionMode.SUPERSEDED;
        var deploy = declaration.Stages.Single(stage => stage.Name == ServicePipeline.Stage);
        var plan = deploy.Actions.Single(action => action.Name == "Plan");
        deploy.Actions.Remove(plan);
        declaration.Stages.Insert(1, new StageDeclaration { Name = "Plan", Actions = [plan] });
        declaration.Stages.Insert(
            2,
            new StageDeclaration
            {
                Name = "Look",
                Actions =
                [
                    new ActionDeclaration
                    {
                        Name = "Look",
                        RunOrder = 1,
                        ActionTypeId = deploy.Actions.Single(action => action.Name == "Approve").ActionTypeId,
                    },
                ],
            }
        );
    }

    private static async Task<IReadOnlyList<string>> Waiting(ServicePipeline pipeline, string execution) =>
        [
            .. (await pipeline.Actions(execution))
                .Where(action => action.Status == ActionExecutionStatus.InProgress)
                .Select(action => action.ActionName),
        ];

    private async Task<int?> Days()
    {
        var groups = await _accounts.Call<DescribeLogGroupsResponse>(
            new DescribeLogGroupsRequest { LogGroupNamePrefix = "inventory-dev-orders" }
        );
        return groups.LogGroups is [{ RetentionInDays: var days }] ? days : null;
    }
}
