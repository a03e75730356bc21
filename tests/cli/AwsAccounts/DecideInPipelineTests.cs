using System.Diagnostics;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Cli.Tests.Rehearsals;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>A service whose target and pipeline ask for approvals, and its accounts, served.</summary>
public sealed class ApprovedPipelineService() : ServedAccounts(Write())
{
    private static string Write()
    {
        var folder = new SmallService().Folder;
        Change("deployer.yaml", "values: { system: datomic-dev } }", "values: { system: datomic-dev }, approval: true }");
        Change("accounts/accounts.yaml", "      FirstStage: ", "      FirstApproval: \"true\"\n      FirstStage: ");
        return folder;

        void Change(string file, string from, string to)
        {
            var path = Path.Combine(folder, file);
            var text = File.ReadAllText(path);
            text.ShouldContain(from);
            File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
        }
    }
}

/// <summary>Plans of a pipeline on a served deployer, decided about by processes.</summary>
public sealed class DecideInPipelineTests(ApprovedPipelineService served) : IClassFixture<ApprovedPipelineService>
{
    private const string Pipeline = "inventory-pipeline";

    [Fact]
    public async Task The_manual_approval_of_the_pipeline_is_answered_and_the_deployment_followed()
    {
        var first = await Waiting();
        var withoutPolicy = await served.RunAsApprover("approve", first);
        var approved = await Run("approve", first, "--reason", "looked at it");
        var again = await Run("approve", first);
        var second = await Waiting();
        var rejected = await Run("reject", second);
        var tooLate = await Run("approve", second);
        var byId = await Run("reject", second.Split(':')[^1], "--stage", "dev");
        var nowhere = await Run("reject", second.Split(':')[^1]);

        withoutPolicy.ExitCode.ShouldBe(2, withoutPolicy.Output);
        withoutPolicy.Error.Words().ShouldContain($"waits in the pipeline {Pipeline}, and ");
        withoutPolicy.Error.Words().ShouldContain("was denied; expected credentials that may call codepipeline:ListActionExecutions");
        approved.ExitCode.ShouldBe(0, approved.Error + approved.Output);
        approved.Output.ShouldStartWith("✓ inventory to dev: succeeded in ");
        approved.Output.Words().ShouldContain($"approved by arn:aws:iam::{ServedAccounts.Account}:root");
        again.ExitCode.ShouldBe(0, again.Error);
        again.Output.Words().ShouldContain("nothing was started: this is the deployment of plan");
        rejected.ExitCode.ShouldBe(0, rejected.Error);
        rejected.Output.ShouldStartWith("- inventory to dev: rejected");
        tooLate.ExitCode.ShouldBe(2);
        tooLate.Error.Words().ShouldContain("was rejected by root with deployer reject");
        byId.ExitCode.ShouldBe(2);
        byId.Error.Words()
            .ShouldContain(
                $"of the pipeline {Pipeline}, which alone decides about it, and its manual approval Approve of the stage Deploy-dev was "
                    + $"rejected by arn:aws:iam::{ServedAccounts.Account}:root"
            );
        nowhere.ExitCode.ShouldBe(2);
        nowhere.Error.Words().ShouldContain("expected --stage STAGE beside it, or the plan's whole ARN");
    }

    private Task<Finished> Run(params string[] arguments)
    {
        var administrator = served.Administrator.Credentials.GetCredentials();
        return ServedAccounts.Run(served.Start(arguments, administrator.AccessKey, administrator.SecretKey, token: null));
    }

    /// <summary>Starts the pipeline, and waits until it waits for its manual approval.</summary>
    /// <returns>The plan.</returns>
    private async Task<string> Waiting()
    {
        using var pipelines = served.Administrator.Open(
            (credentials, config) => new AmazonCodePipelineClient(credentials, config),
            new AmazonCodePipelineConfig()
        );
        var cancellation = TestContext.Current.CancellationToken;
        await pipelines.StartPipelineExecutionAsync(new StartPipelineExecutionRequest { Name = Pipeline }, cancellation);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(2))
        {
            var state = await pipelines.GetPipelineStateAsync(new GetPipelineStateRequest { Name = Pipeline }, cancellation);
            var actions = state.StageStates.SelectMany(stage => stage.ActionStates).ToDictionary(action => action.ActionName);
            if (actions["Approve"].LatestExecution is { Token: not null })
            {
                return actions["Plan"].LatestExecution.ExternalExecutionId;
            }

            await Task.Delay(200, cancellation);
        }

        throw new TimeoutException("the pipeline does not wait for an approval");
    }
}
