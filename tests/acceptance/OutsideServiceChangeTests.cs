using Amazon.CloudFormation.Model;
using Amazon.ECS.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests;

/// <summary>What steps own or read beside their stacks, and others change: ECS services, and stacks whose exports are imported.</summary>
public sealed class OutsideServiceChangeTests : IDisposable
{
    /// <summary>What the deployer's sweep may take until it looks.</summary>
    private static readonly TimeSpan UntilLooked = TimeSpan.FromMinutes(12);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_task_definition_that_others_deploy_to_a_service_is_found()
    {
        var (state, service) = (Path.Combine(_folder.Path, "state"), await ContainerService.Write(_folder.Path));
        (await ContainerService.Rehearse(service, state)).ExitCode.ShouldBe(0);
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        await accounts.Rehearsal.Pass(UntilLooked);
        (await Looks(accounts, "inventory")).ShouldBeEmpty("its own deployment is no change by others");
        var arn = $"arn:aws:ecs:us-east-1:111111111111:service/{ContainerService.Cluster}/{ContainerService.Name}";
        (await Watched(accounts)).ShouldContain(arn);

        await Deploy(accounts, "us-east-1", ContainerService.Cluster, ContainerService.Name, $"{ContainerService.Name}:1");

        var look = (await Looks(accounts, "inventory")).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.Reported);
        look.Changes.Select(change => change.Resource).Distinct().ShouldBe([arn]);
        look.Changes.ShouldAllBe(change => change.What == "SERVICE_DEPLOYMENT_COMPLETED");
        look.Differences.ShouldHaveSingleItem().ShouldStartWith("step 'web': ");
    }

    [Fact]
    public async Task A_task_definition_that_others_deploy_to_a_transactor_is_found_and_its_stack_is_watched()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        await accounts.Rehearsal.Pass(UntilLooked);
        var before = await Looks(accounts, "orders");
        before.ShouldAllBe(look => look.Result == LookResult.NothingDiffers);
        var watched = await Watched(accounts);
        foreach (var part in new[] { "a", "b" })
        {
            watched.ShouldContain(
                $"arn:aws:ecs:{OrdersService.Region}:111111111111:service/{OrdersService.Name}/{OrdersService.Name}-{part}"
            );
        }

        watched.ShouldContain(name => name.Contains(":stack/", StringComparison.Ordinal));

        await Deploy(accounts, OrdersService.Region, OrdersService.Name, $"{OrdersService.Name}-b", $"{OrdersService.Name}:1");

        var look = (await Looks(accounts, "orders")).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.Reported);
        look.Differences.ShouldContain(difference => difference.StartsWith("step 'transactor': ", StringComparison.Ordinal));
    }

    /// <summary>An export that is imported cannot be changed, so that what is found is that nothing differs; it is looked at.</summary>
    [Fact]
    public async Task An_update_of_a_stack_whose_exports_a_step_imports_is_looked_at()
    {
        var (state, service) = (Path.Combine(_folder.Path, "state"), CommandLine.CopyInventory(_folder.Path));
        await SmallService.WriteAlone(
            service,
            """
              logs:
                stack: inventory-${target}-logs
                template: stacks/logs.yaml
                parameters: { Base: shared-base }
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "logs.yaml"),
            """
            Parameters:
              Base: { Type: String }
            Resources:
              Log:
                Type: AWS::Logs::LogGroup
                Properties: { LogGroupName: !Join [ "-", [ inventory-dev, !ImportValue { "Fn::Sub": "${Base}-name" } ] ] }
            """
        );
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        await accounts.Target.CloudFormation.CreateStackAsync(new CreateStackRequest { StackName = "base", TemplateBody = Base(1) });
        await accounts.Until("base", Amazon.CloudFormation.StackStatus.CREATE_COMPLETE);
        (await accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
        (await Watched(accounts)).ShouldContain("arn:aws:cloudformation:us-east-1:111111111111:stack/base");

        await accounts.Target.CloudFormation.UpdateStackAsync(new UpdateStackRequest { StackName = "base", TemplateBody = Base(7) });
        await accounts.Rehearsal.Pass(UntilLooked);

        var look = (await Looks(accounts, "inventory")).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.NothingDiffers);
        look.Changes.Select(change => change.Resource).Distinct().ShouldBe(["arn:aws:cloudformation:us-east-1:111111111111:stack/base"]);
    }

    private static string Base(int days) =>
        $$"""
            Resources:
              Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: base, RetentionInDays: {{days}} } }
            Outputs:
              Name: { Value: orders, Export: { Name: shared-base-name } }
            """;

    /// <summary>Somebody deploys a task definition in the console, and the deployer's sweep comes.</summary>
    private static async Task Deploy(SimulatedAccounts accounts, string region, string cluster, string name, string definition)
    {
        await accounts
            .Target.Target(region)
            .Ecs.UpdateServiceAsync(
                new UpdateServiceRequest
                {
                    Cluster = cluster,
                    Service = name,
                    TaskDefinition = definition,
                }
            );
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(30));
    }

    private static Task<IReadOnlyList<LookRecord>> Looks(SimulatedAccounts accounts, string service) =>
        accounts.Tools.Ledger("dev").Query(LookRecord.All(service, "dev"));

    private static async Task<IReadOnlyList<string>> Watched(SimulatedAccounts accounts) =>
        [
            .. (await accounts.Tools.DynamoDB.ScanAsync(new Amazon.DynamoDBv2.Model.ScanRequest { TableName = "deployer-dev" }))
                .Items.Select(item => item["pk"].S)
                .Where(key => key.StartsWith("WATCH#", StringComparison.Ordinal))
                .Select(key => key["WATCH#".Length..]),
        ];
}
