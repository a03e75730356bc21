using Deployer.Rehearsal.AutoScaling;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Lambda;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.Tests.CloudFormation;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Tests.Datomic;

public sealed class TemplatesTests
{
    private const string Storage = "1217/storage-template-9399-1217.json";
    private const string Compute = "1217/compute-template-9399-1217.json";
    private const string Group = "1217/query-group-template-9399-1217.json";
    private const string FormerGroup = "1172/query-group-template-9392-1172.json";

    [Fact]
    public async Task The_templates_have_no_errors_for_cfn_lint()
    {
        Assert.SkipUnless(Programs.OnPath("cfn-lint"), "cfn-lint is not installed, so the templates were compared with nothing");
        var templates = new[] { Storage, Compute, Group, FormerGroup }.Select(template => Path.Combine(Folder(), template));

        var (exit, output) = await Programs.Run("cfn-lint", ["--non-zero-exit-code", "error", "--", .. templates]);

        exit.ShouldBe(0, output);
    }

    [Fact]
    public async Task A_system_and_its_groups_are_created_and_a_group_is_brought_to_the_next_release()
    {
        await using var stacks = new StackWorld();
        var (groups, scaling) = await stacks.Do(() => Simulate(stacks));
        var storage = await stacks.Created("datomic-dev", Text(Storage));
        var compute = await stacks.Created("datomic-dev-compute", Text(Compute), Given("datomic-dev", "shared"));
        var former = await stacks.Created("inventory-dev", Text(FormerGroup), Given("datomic-dev", "shared"));
        var nodes = Nodes();

        var group = await stacks.Updated("inventory-dev", Text(Group), Given("datomic-dev", "shared"));

        storage.Status.ShouldBe(StackStatus.CREATE_COMPLETE, string.Join('\n', stacks.Events(storage)));
        compute.Status.ShouldBe(StackStatus.CREATE_COMPLETE, string.Join('\n', stacks.Events(compute)));
        former.Status.ShouldBe(StackStatus.UPDATE_COMPLETE, string.Join('\n', stacks.Events(group)));
        Output(group, "DatomicCloudVersion").ShouldBe("9399");
        Output(group, "CodeDeployApplicationName").ShouldBe("shared");
        Output(group, "CodeDeployDeploymentGroup").ShouldBe("inventory-dev");
        Output(group, "DeployStateMachine").ShouldBe("arn:aws:states:us-east-1:111111111111:stateMachine:datomic-inventory-dev");
        Output(group, "LoadBalancer")!.ShouldContain(":loadbalancer/app/");
        Output(group, "IonApiGatewayEndpoint")!.ShouldEndWith(".execute-api.us-east-1.amazonaws.com");
        groups.Of("111111111111", "us-east-1", "shared").Select(known => known.Name).ShouldBe(["datomic-dev-compute", "inventory-dev"]);
        groups.Find("111111111111", "us-east-1", "shared", "inventory-dev")!.RollsBackFailures.ShouldBeTrue();
        Nodes().Count.ShouldBe(2);
        Nodes().Intersect(nodes).ShouldBeEmpty();

        List<string> Nodes() =>
            [
                .. scaling
                    .All("111111111111", "us-east-1")
                    .Single(known => known.Name.StartsWith("inventory-dev-", StringComparison.Ordinal))
                    .InService.Select(node => node.Id),
            ];
    }

    [Fact]
    public async Task The_shared_application_goes_with_its_last_group()
    {
        await using var stacks = new StackWorld();
        var (groups, _) = await stacks.Do(() => Simulate(stacks));
        await stacks.Created("datomic-dev", Text(Storage));
        var one = await stacks.Created("one", Text(Group), Given("datomic-dev", "shared"));
        var two = await stacks.Created("two", Text(Group), Given("datomic-dev", "shared"));

        await stacks.Settle(await stacks.Do(() => Delete(stacks, one)));
        groups.Application("111111111111", "us-east-1", "shared").ShouldNotBeNull();
        await stacks.Settle(await stacks.Do(() => Delete(stacks, two)));

        stacks.Stacks.Get(two.Key).Status.ShouldBe(StackStatus.DELETE_COMPLETE, string.Join('\n', stacks.Events(two)));
        groups.Application("111111111111", "us-east-1", "shared").ShouldBeNull();
    }

    [Fact]
    public async Task A_group_without_its_system_is_refused_in_the_documented_words()
    {
        await using var stacks = new StackWorld();
        await stacks.Do(() => Simulate(stacks));

        var group = await stacks.Created("inventory-dev", Text(Group), Given("datomic-dev", "shared"));

        group.Status.ShouldBe(StackStatus.ROLLBACK_COMPLETE);
        string.Join('\n', stacks.Events(group)).ShouldContain("No export named datomic-dev-");
    }

    private static StackRecord Delete(StackWorld stacks, StackRecord stack)
    {
        stacks.Requests.Delete(stacks.Call, stack.Name, null, null, []);
        return stacks.Stacks.Get(stack.Key);
    }

    private static (DeployGroups Groups, ScalingGroups Scaling) Simulate(StackWorld stacks)
    {
        var services = stacks.Services;
        foreach (
            var service in new IWireService[]
            {
                services.GetRequiredService<LambdaService>(),
                services.GetRequiredService<StepFunctionsService>(),
                services.GetRequiredService<LogsService>(),
                services.GetRequiredService<AutoScalingService>(),
                services.GetRequiredService<CodeDeployService>(),
                services.GetRequiredService<Ec2Service>(),
            }
        )
        {
            stacks.World.Api.Register(service);
        }

        return (services.GetRequiredService<DeployGroups>(), services.GetRequiredService<ScalingGroups>());
    }

    private static GivenParameter[] Given(string system, string application) =>
        [new("SystemName", system), new("KeyName", "datomic"), new("ApplicationName", application), new("MinInstancesInService", "1")];

    private static string? Output(StackRecord stack, string key) => stack.Outputs.Find(output => output.Key == key)?.Value;

    private static string Text(string template) => File.ReadAllText(Path.Combine(Folder(), template));

    private static string Folder() => Repository.At("examples/inventory/accounts/datomic-cloud-1/cft");
}
