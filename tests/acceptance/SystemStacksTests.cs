using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>A service that deploys the Datomic system itself, whose names begin otherwise than the service's.</summary>
public sealed class SystemStacksTests : IDisposable
{
    private const string Steps = """
          storage:
            stack: ${system}
            kind: datomic-storage
            template: https://s3.amazonaws.com/datomic-cloud-1/cft/1217/storage-template-9399-1217.json
          primary:
            stack: ${system}-compute
            kind: datomic-compute
            template: https://s3.amazonaws.com/datomic-cloud-1/cft/1217/compute-template-9399-1217.json
            parameters: { SystemName: "${system}", KeyName: datomic, ApplicationName: "${system}" }
            after: [ storage ]
        """;

    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_system_is_made_in_an_account_without_one_and_made_once()
    {
        var service = await WithoutSystem("yes");

        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var made = await accounts.Deploy();

        made.Verdict.ShouldBe(Verdict.Succeeded, made.Cause);
        made.Stacks.Select(stack => (stack.Name, stack.Action))
            .ShouldBe([("datomic-dev", StepAction.Created), ("datomic-dev-compute", StepAction.Created)]);
        (await accounts.Deploy()).Verdict.ShouldBe(Verdict.NothingToDo);
    }

    [Fact]
    public async Task Without_the_grant_it_is_refused_and_the_action_is_named()
    {
        var service = await WithoutSystem("no");

        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var refused = await accounts.Deploy();

        refused.Verdict.ShouldBe(Verdict.Failed);
        refused.Cause.ShouldNotBeNull().ShouldContain("is not authorized to perform: cloudformation:");
        var found = (await accounts.Doctor())
            .Checks.Where(check => check.Check.StartsWith("permissions ", StringComparison.Ordinal))
            .ToList();
        found
            .Select(check => check.Text)
            .ShouldContain(text =>
                text.StartsWith("deployer-dev-target may not cloudformation:ContinueUpdateRollback on arn:", StringComparison.Ordinal)
            );
        found
            .Select(check => check.Text)
            .ShouldContain(text => text.Contains("dynamodb:CreateTable on arn:aws:dynamodb:", StringComparison.Ordinal));
        found.ShouldAllBe(check =>
            check.Remedy!.EndsWith("deployer bootstrap service SERVICE --target dev --tools-account 222222222222", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_stack_that_is_not_called_as_the_service_s_is_found_before_it_is_refused()
    {
        var service = await WithoutSystem("yes");
        await SmallService.WriteAlone(service, "  api: { stack: orders, template: stacks/api.yaml }");

        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var found = (await accounts.Doctor()).Checks.Single(check => check.Check == "permissions deployer-dev-target");

        found.Text.ShouldMatch(
            "^deployer-dev-target may not cloudformation:[A-Za-z]+ and [0-9]+ more on "
                + "arn:aws:cloudformation:us-east-1:111111111111:stack/orders/1$"
        );
        found.Remedy.ShouldBe("no policy covers these names: stacks are called inventory-dev or begin with inventory-dev-");
    }

    /// <summary>What no bootstrap grants is not lost among what one grants, and neither has the other's remedy.</summary>
    [Fact]
    public async Task Stacks_that_nothing_covers_come_before_those_that_a_bootstrap_grants_each_with_its_remedy()
    {
        var service = await WithoutSystem("no");
        var file = Path.Combine(service, "deployer.yaml");
        await File.AppendAllTextAsync(
            file,
            """

              api: { stack: orders, template: stacks/api.yaml }
              web: { stack: shop-web, template: stacks/api.yaml }

            """
        );

        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var found = (await accounts.Doctor()).Checks.Where(check => check.Check == "permissions deployer-dev-target").ToList();

        found.Count.ShouldBe(2);
        found[0].Text.ShouldContain(":stack/orders/1, ");
        found[0].Text.ShouldEndWith(":stack/shop-web/1");
        found[0].Text.ShouldNotContain("datomic-dev");
        found[0].Remedy.ShouldBe("no policy covers these names: stacks are called inventory-dev or begin with inventory-dev-");
        found[1].Text.ShouldContain(":stack/datomic-dev/1");
        found[1].Text.ShouldNotContain("orders");
        found[1].Remedy!.ShouldEndWith("deployer bootstrap service SERVICE --target dev --tools-account 222222222222");
        found[1].Remedy!.ShouldNotContain("no policy covers");
    }

    /// <summary>A copy of the example with these steps alone, in whose account is the deployer and no Datomic.</summary>
    private async Task<string> WithoutSystem(string systemStacks)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(service, Steps);
        const string Accounts = "accounts/accounts.yaml";
        await SmallService.Drop(
            service,
            Accounts,
            "  - account: target                      # Datomic\n",
            "  - account: tools\n    stack: inventory-pipeline"
        );
        var path = Path.Combine(service, Accounts);
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text[..text.IndexOf("ions:  ", StringComparison.Ordinal)]);
        await SmallService.Change(
            service,
            Accounts,
            "Service: inventory, System: \"${system}\"",
            $"Service: inventory, System: \"${{system}}\", SystemStacks: \"{systemStacks}\""
        );
        return service;
    }
}
