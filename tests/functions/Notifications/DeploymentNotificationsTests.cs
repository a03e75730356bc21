using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Functions.Transactors;
using Deployer.Spec;

namespace Deployer.Functions.Tests.Notifications;

/// <summary>What people are asked to do after a failure.</summary>
public sealed class DeploymentNotificationsTests
{
    private static readonly Remedies Remedies = new(TransactorErrors.Remedies);

    [Theory]
    [InlineData(nameof(TransactorUnsteadyException), "4d1e0a7", "'deployer rollback --to 4d1e0a7' brings back what was deployed")]
    [InlineData(
        nameof(TransactorUnsteadyNoWayBackException),
        null,
        "There is no way back to the release before, which may not be able to read the storage. Deploy a newer release, or look at this one"
    )]
    [InlineData(
        nameof(TransactorUnsteadyException),
        null,
        "'deployer history' lists the revisions that 'deployer rollback --to' brings back."
    )]
    public void After_a_transactor_that_is_not_well_the_rollback_is_named(string error, string? revision, string words)
    {
        var failed = new DeploymentRecord
        {
            Deployment = new("orders-dev-1"),
            Execution = new("arn"),
            Service = "orders",
            Target = "dev",
            Digest = "digest",
            Number = 1,
            Error = error,
            Cause = "no peer; deployer rollback --to another brings back another",
            RemedySubject = revision,
        };

        var next = failed.Failed(Remedies).Next.ShouldNotBeNull();

        next.Reason.ShouldContain(words);
        next.Command.ShouldBe("deployer redrive arn");
    }

    [Theory]
    [InlineData(nameof(PlanChangedException))]
    [InlineData(nameof(SupersededException))]
    public void After_a_plan_of_a_pipeline_that_is_not_deployed_any_more_the_pipeline_makes_another(string error)
    {
        var failed = new DeploymentRecord
        {
            Deployment = new("orders-dev-1"),
            Execution = new("arn"),
            Service = "orders",
            Target = "dev",
            Digest = "digest",
            Number = 1,
            Plan = new("plan-1"),
            Pipeline = "orders-pipeline",
            Error = error,
        };

        failed
            .Failed(Remedies)
            .Next.ShouldNotBeNull()
            .Reason.ShouldStartWith(
                "The pipeline orders-pipeline makes another plan: retry all actions of the stage that failed if it makes the plan itself, "
                    + "else start the pipeline again."
            );
        (failed with { Pipeline = null }).Failed(Remedies).Next.ShouldNotBeNull().Reason.ShouldNotContain("pipeline");
    }

    [Theory]
    [InlineData("dev", null, "deployer history . --target dev --region eu-west-1")]
    [InlineData("dev-eu", "alice", "deployer history . --target dev-eu --instance alice --region eu-west-1")]
    [InlineData("test", null, "deployer history . --target test --region eu-west-1 --stage dev")]
    public void A_command_about_a_target_names_the_deployer_where_the_target_does_not(string target, string? instance, string command)
    {
        var settings = new Settings("dev", "table", "bucket", string.Empty, string.Empty, new HashSet<string>()) { Region = "eu-west-1" };

        NextCommands
            .History("All looks", "orders", target, instance, settings)
            .ShouldBe(new NextAction("All looks, in the folder with orders's deployer.yaml:", command));
    }

    [Theory]
    [InlineData(1, "orders-pipeline", true)]
    [InlineData(0, "orders-pipeline", false)]
    [InlineData(1, null, false)]
    public void After_a_redrive_has_succeeded_the_pipeline_is_said_to_show_the_failure_still(int redrives, string? pipeline, bool said)
    {
        var deployed = new DeploymentRecord
        {
            Deployment = new("orders-dev-1"),
            Execution = new("arn"),
            Service = "orders",
            Target = "dev",
            Digest = "digest",
            Number = 1,
            RedriveCount = redrives,
            Pipeline = pipeline,
        };

        var next = deployed.Ended(NotificationKind.Succeeded).Next.ShouldNotBeNull();

        next.Reason.ShouldBe(
            said
                ? "If the pipeline orders-pipeline still shows that the stage has failed, a retry of its failed actions turns it green at "
                    + "once, and deploys nothing again. The report has the command:"
                : "See what it did:"
        );
        next.Command.ShouldBe("deployer watch arn");
    }
}
