using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Tests.Plans;

public sealed class ServicePlannerTests
{
    [Fact]
    public async Task A_plan_that_is_finished_after_a_redrive_has_no_failure_any_more()
    {
        await using var desk = await Desk.Open();
        desk.Hold(
            new MemoryFolder(
                (
                    "deployer.yaml",
                    """
                    service: inventory
                    targets: { dev: { account: "111111111111", region: us-east-1 } }
                    steps: { api: { stack: api, template: api.yaml } }
                    """
                ),
                ("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
            )
        );
        var record = await desk.Deployment("one") with { Error = nameof(AwsRefusedException), Cause = "s3:PutObject was refused" };
        await desk.Ledger.Put(DeploymentRecord.Key(record.Deployment), record);
        await desk.Ledger.Put(
            StepPlan.Key(record.Deployment, "api"),
            new StepPlan
            {
                Step = "api",
                Kind = "stack",
                Action = PlannedAction.None,
            }
        );
        await using var services = desk.Services();

        await services.GetRequiredService<ServicePlanner>().Finish(new FinishPlanInput(record.Deployment, RedriveCount: 1));

        var finished = (await desk.Read("one"))!;
        (finished.Error, finished.Cause, finished.RedriveCount).ShouldBe((null, null, 1));
    }
}
