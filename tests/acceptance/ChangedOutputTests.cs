using System.Globalization;
using System.Text.RegularExpressions;
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

    [Fact]
    public async Task So_is_one_that_another_deployment_of_the_same_files_did_last()
    {
        var service = await Write();
        await Succeed("rehearse", service, "--target", "dev", "--state", State);
        await Succeed("deploy", service, "--target", "dev", "--state", State, "--step", "second");
        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var before = await Output(accounts);

        await DeleteFirst(accounts);
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(40));

        (await Output(accounts)).ShouldNotBe(before);
        (await Used(accounts)).ShouldBe(await Output(accounts));
        var look = (await Looks(accounts)).Where(look => look.Result == LookResult.Redeployed).ShouldHaveSingleItem();
        (look.Request!.Steps, look.Request.FollowedBy).ShouldBe((null, null));
        (await accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task One_that_was_deployed_last_with_other_files_follows_in_a_deployment_of_its_own_files()
    {
        var service = await Write();
        await Succeed("rehearse", service, "--target", "dev", "--state", State);
        await SmallService.Change(service, "stacks/second.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await SmallService.Change(service, "stacks/first.yaml", "RetentionInDays: 1", "RetentionInDays: 5");
        await File.AppendAllTextAsync(
            Path.Combine(service, "deployer.yaml"),
            "\n  third:\n    stack: inventory-${target}-third\n    template: stacks/first.yaml\n",
            TestContext.Current.CancellationToken
        );
        await Succeed("deploy", service, "--target", "dev", "--state", State, "--step", "second", "--step", "third");
        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var before = await Output(accounts);
        var newest = (await Deployed(accounts)).Last;

        await DeleteFirst(accounts);
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(60));

        (await Output(accounts)).ShouldNotBe(before);
        (await Used(accounts)).ShouldBe(await Output(accounts));
        (await Days(accounts, "first")).ShouldBe(1, "each step is deployed with the files that it was deployed with last");
        (await Days(accounts, "second")).ShouldBe(3);
        var looks = (await Looks(accounts)).Where(look => look.Result == LookResult.Redeployed).ToList();
        looks
            .Select(look => look.Request!.Steps)
            .ShouldBe([
                ["first"],
                ["second", "third"],
            ]);
        looks[0].Request!.FollowedBy.ShouldBe(["second"]);
        looks[1].Request!.FollowedBy.ShouldBeNull();
        looks[1].Changes.ShouldHaveSingleItem().Resource.ShouldBe($"deployment {looks[0].Deployment}");
        looks[1].Changes[0].What.ShouldBe("succeeded, before second");
        looks[1].Differences.ShouldHaveSingleItem().ShouldStartWith("step 'second': the template, parameters or tags");
        foreach (var look in looks)
        {
            (await accounts.Tools.Ledger("dev").Read(DeploymentRecord.Key(look.Deployment!)))!.Succeeded.ShouldBeTrue();
        }

        var deployed = await Deployed(accounts);
        deployed.Last.ShouldBe(newest, "the newest files stay those that say what is done about changes");
        deployed.Steps.Keys.ShouldBe(["first", "second", "third"], ignoreOrder: true);
        (await accounts.Leftovers()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task With_an_approval_each_of_them_is_planned_and_deployed_once_somebody_approves()
    {
        var service = await Write();
        await SmallService.Change(service, "deployer.yaml", "onStackChange: redeploy, ", "approval: true, onStackChange: redeploy, ");
        await (await SimulatedAccounts.OpenService(service, State)).DisposeAsync();
        await Approved();
        await SmallService.Change(service, "stacks/second.yaml", "RetentionInDays: 1", "RetentionInDays: 3");
        await Approved("--step", "second");
        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var before = await Output(accounts);

        await DeleteFirst(accounts);
        for (var number = 1; number <= 2; number++)
        {
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(30));
            var look = (await Looks(accounts))[^1];
            look.Result.ShouldBe(LookResult.Planned);
            look.Request!.Steps.ShouldBe([number == 1 ? "first" : "second"]);
            (await accounts.Approve(look.Plan!.Value)).Verdict.ShouldBe(Verdict.Succeeded);
        }

        (await Output(accounts)).ShouldNotBe(before);
        (await Used(accounts)).ShouldBe(await Output(accounts));
        (await accounts.Leftovers()).ShouldBe((0, 0));

        async Task Approved(params string[] options)
        {
            var waiting = await CommandLine.InProcess(["deploy", service, "--target", "dev", "--state", State, .. options]);
            waiting.ExitCode.ShouldBe(4, waiting.Terminal);
            await Succeed("approve", waiting.Report.Plan!.Plan, "--rehearsed", State);
        }
    }

    private static async Task Succeed(params string[] arguments)
    {
        var run = await CommandLine.InProcess(arguments);
        run.Report.Verdict.ShouldBeOneOf(Verdict.Succeeded, Verdict.NothingToDo);
    }

    private static Task DeleteFirst(SimulatedAccounts accounts) =>
        accounts.Target.CloudFormation.DeleteStackAsync(
            new DeleteStackRequest { StackName = "inventory-dev-first" },
            TestContext.Current.CancellationToken
        );

    private static Task<IReadOnlyList<LookRecord>> Looks(SimulatedAccounts accounts) =>
        accounts.Tools.Ledger("dev").Query(LookRecord.All("inventory", "dev"));

    private static async Task<DeployedSteps> Deployed(SimulatedAccounts accounts) =>
        (await accounts.Tools.Ledger("dev").Read(DeployedSteps.Key("inventory", "dev")))!;

    private static async Task<int> Days(SimulatedAccounts accounts, string name)
    {
        var template = await accounts.Target.CloudFormation.GetTemplateAsync(
            new GetTemplateRequest { StackName = $"inventory-dev-{name}" }
        );
        return int.Parse(Regex.Match(template.TemplateBody, "RetentionInDays: (\\d)").Groups[1].ValueSpan, CultureInfo.InvariantCulture);
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
