using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>A template at an address is compared by its content, whoever changed it there meanwhile.</summary>
public sealed class TemplateElsewhereTests
{
    [Fact]
    public async Task A_template_that_its_owner_changed_between_two_deployments_is_deployed_again()
    {
        using var folder = new TemporaryFolder();
        var state = await Scheduled.CopyDeployed(folder.Path);
        var service = CommandLine.CopyInventory(folder.Path);
        var template = Path.Combine(service, "accounts", "datomic-cloud-1", "other.yaml");
        await File.AppendAllTextAsync(
            Path.Combine(service, "deployer.yaml"),
            "\n  other: { stack: \"inventory-${target}-other\", template: https://s3.amazonaws.com/datomic-cloud-1/other.yaml }\n",
            TestContext.Current.CancellationToken
        );

        var created = await Rehearse("first");
        var unchanged = await Rehearse("first");
        var changed = await Rehearse("second");

        created.Step("other").Action.ShouldBe(StepAction.Created, created.Report.Cause);
        unchanged.Report.Verdict.ShouldBe(Verdict.NothingToDo, unchanged.Report.Cause);
        changed.Step("other").Action.ShouldBe(StepAction.Updated, changed.Report.Cause);

        async Task<CommandResult> Rehearse(string name)
        {
            await File.WriteAllTextAsync(
                template,
                $"Resources: {{ Api: {{ Type: AWS::ApiGatewayV2::Api, Properties: {{ Name: inventory-dev-other, ProtocolType: HTTP, "
                    + $"Description: {name} }} }} }}\n",
                TestContext.Current.CancellationToken
            );
            return await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", state);
        }
    }

    /// <summary>What a template declares that lies in the accounts alone is known once they are prepared.</summary>
    [Fact]
    public async Task A_fault_of_a_resource_that_no_template_in_the_accounts_declares_is_refused()
    {
        using var folder = new TemporaryFolder();
        var state = await Scheduled.CopyDeployed(folder.Path);
        var service = CommandLine.CopyInventory(folder.Path);
        await File.AppendAllTextAsync(
            Path.Combine(service, "deployer.yaml"),
            "\n  other: { stack: \"inventory-${target}-other\", template: https://s3.amazonaws.com/datomic-cloud-1/other.yaml }\n",
            TestContext.Current.CancellationToken
        );
        var template = Path.Combine(service, "accounts", "datomic-cloud-1", "other.yaml");
        await File.WriteAllTextAsync(
            template,
            "Resources: { Other: { Type: AWS::Logs::LogGroup } }\n",
            TestContext.Current.CancellationToken
        );
        (await Rehearse()).Report.Verdict.ShouldBe(Verdict.Succeeded);
        File.Delete(template);

        var refused = await Rehearse("--fault", "stack-rolls-back:Nowhere");
        var known = await Rehearse("--fault", "stack-rolls-back:Other");

        (refused.ExitCode, refused.Report.Error).ShouldBe((2, "FaultTargetUnknown"));
        refused.Report.Cause.ShouldBe("the fault stack-rolls-back strikes no resource 'Nowhere': no template of the service declares it");
        refused.Report.Deployment.ShouldBeNull();
        known.Report.Error.ShouldNotBe("FaultTargetUnknown");
        known.Report.Deployment.ShouldNotBeNull();

        Task<CommandResult> Rehearse(params string[] options) =>
            CommandLine.InProcess(["rehearse", service, "--target", "dev", "--state", state, .. options]);
    }
}
