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
}
