using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Somebody deletes a stack whose output, the name of a resource that CloudFormation chooses, a later step was given: the name is another
/// one when the stack is deployed again.
/// </summary>
public sealed class ChangedOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_step_that_used_it_is_deployed_with_the_new_one()
    {
        var service = await Write();
        var deployed = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", State);
        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Terminal);
        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var (before, used) = (await Output(accounts), await Used(accounts));
        used.ShouldBe(before);
        await accounts.Target.CloudFormation.DeleteStackAsync(
            new DeleteStackRequest { StackName = "inventory-dev-first" },
            TestContext.Current.CancellationToken
        );

        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(40));

        var after = await Output(accounts);
        after.ShouldNotBe(before);
        (await Used(accounts)).ShouldBe(after);
        var looks = await accounts.Tools.Ledger("dev").Query(LookRecord.All("inventory", "dev"));
        looks.ShouldContain(look => look.Result == LookResult.Redeployed);
        (await accounts.Leftovers()).ShouldBe((0, 0));
    }

    private async Task<string> Write()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(
            service,
            """
              first:
                stack: inventory-${target}-first
                template: stacks/first.yaml
              second:
                stack: inventory-${target}-second
                template: stacks/second.yaml
                parameters: { Of: "${steps.first.outputs.Name}" }
            """
        );
        await SmallService.Change(service, "deployer.yaml", "region: us-east-1, ", "region: us-east-1, onStackChange: redeploy, ");
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "first.yaml"),
            """
            Resources: { Orders: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 1 } } }
            Outputs: { Name: { Value: !Ref Orders } }

            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "second.yaml"),
            """
            Parameters: { Of: { Type: String } }
            Resources:
              Reports: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: 1, Tags: [ { Key: of, Value: !Ref Of } ] } }

            """
        );
        return service;
    }

    private static async Task<string> Output(SimulatedAccounts accounts) =>
        (await Stack(accounts, "inventory-dev-first")).Outputs.Single().OutputValue;

    private static async Task<string> Used(SimulatedAccounts accounts) =>
        (await Stack(accounts, "inventory-dev-second")).Parameters.Single().ParameterValue;

    private static async Task<Stack> Stack(SimulatedAccounts accounts, string name) =>
        (await accounts.Target.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })).Stacks.Single();
}
