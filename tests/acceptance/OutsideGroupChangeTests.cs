using Amazon.AutoScaling.Model;
using Amazon.CodeBuild.Model;
using Amazon.Lambda.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.People;
using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Acceptance.Tests;

/// <summary>What others do to the example's compute group and to the functions that have its address.</summary>
public sealed class OutsideGroupChangeTests
{
    private static readonly TimeSpan UntilLooked = TimeSpan.FromMinutes(25);

    [Fact]
    public async Task Instances_that_were_replaced_and_run_the_revision_start_nothing_and_cost_no_transition()
    {
        using var folder = new TemporaryFolder();
        var state = await Scheduled.CopyDeployed(folder.Path);
        await using var accounts = await SimulatedAccounts.Open(state);
        var executions = (await accounts.Rehearsal.Executions()).Count;

        await AnotherInstance(accounts);

        var look = (await Looks(accounts)).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.NothingDiffers);
        look.Changes.ShouldHaveSingleItem().What.ShouldMatch("^instance i-[0-9a-f]+ was launched$");
        (await accounts.Rehearsal.Executions()).Count.ShouldBe(executions, "no execution, and so no transition");
    }

    [Fact]
    public async Task Instances_that_run_another_revision_are_found()
    {
        using var folder = new TemporaryFolder();
        var state = await Scheduled.CopyDeployed(folder.Path);
        await using var accounts = await SimulatedAccounts.Open(state);
        await accounts.DeployIonsByHand();
        await accounts.Rehearsal.Pass(UntilLooked);

        await AnotherInstance(accounts);

        var look = (await Looks(accounts)).Last();
        look.Result.ShouldBe(LookResult.Reported);
        look.Differences.ShouldHaveSingleItem().ShouldStartWith("step 'ions': revision ");
        // The group's first revision, which somebody deployed by hand.
        look.Differences[0].ShouldContain("5c1f0c3f7c1e4f0f8f0a4c0b6f0d7d1b7a9e2c44");
    }

    [Fact]
    public async Task A_Lambda_of_ions_that_others_have_changed_is_found()
    {
        using var folder = new TemporaryFolder();
        var state = await Scheduled.CopyDeployed(folder.Path);
        await using var accounts = await SimulatedAccounts.Open(state);
        await accounts
            .Target.Target("us-east-1")
            .Lambda.UpdateFunctionConfigurationAsync(
                new UpdateFunctionConfigurationRequest { FunctionName = "inventory-dev-get-item", Timeout = 61 },
                TestContext.Current.CancellationToken
            );

        await AnotherInstance(accounts);

        var look = (await Looks(accounts)).ShouldHaveSingleItem();
        look.Result.ShouldBe(LookResult.Reported);
        look.Differences.ShouldBe(["step 'ions': inventory-dev-get-item has the timeout '61 s' instead of '60 s'"]);
    }

    [Fact]
    public async Task Variables_and_instances_that_others_have_changed_are_put_right_without_a_push()
    {
        const string Function = "inventory-consumer-dev-orders";
        using var folder = new TemporaryFolder();
        var state = await Scheduled.CopyDeployed(folder.Path);
        var service = CommandLine.CopyInventory(folder.Path);
        const string Values = "    values: { system: datomic-dev, promotesFrom: \"\" }\n";
        await SmallService.Change(service, "deployer.yaml", Values, $"{Values}    onStackChange: redeploy\n");
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        (await accounts.Deploy()).Verdict.ShouldBe(Verdict.NothingToDo, "only what happens after changes by others is another");
        var variables = await accounts.Variables(Function);
        var builds = await Builds(accounts);

        // A stack's update writes its functions' variables as its own template has them.
        await accounts.Call<UpdateFunctionConfigurationResponse>(
            new UpdateFunctionConfigurationRequest
            {
                FunctionName = Function,
                Environment = new Amazon.Lambda.Model.Environment { Variables = new() { ["TABLE"] = "orders" } },
            }
        );
        await accounts.BeginUpdateByHand("inventory-service");
        await accounts.Rehearsal.Pass(UntilLooked);

        var first = (await Looks(accounts)).Single(look => look.Result == LookResult.Redeployed);
        first.Differences.ShouldAllBe(difference => difference.StartsWith("step 'endpoint': ", StringComparison.Ordinal));
        (await accounts.Variables(Function))["DATOMIC_ENDPOINT"].ShouldBe(variables["DATOMIC_ENDPOINT"]);
        (await Builds(accounts)).ShouldBe(builds, "no ions are concerned");

        await accounts.DeployIonsByHand();
        await accounts.Rehearsal.Pass(UntilLooked);
        await AnotherInstance(accounts);

        var second = (await Looks(accounts)).Last(look => look.Result == LookResult.Redeployed);
        second.Deployment.ShouldNotBe(first.Deployment);
        second.Differences.ShouldContain(difference => difference.StartsWith("step 'ions': ", StringComparison.Ordinal));
        var deployment = (await accounts.Rehearsal.Executions()).Single(execution => execution.Name == second.Deployment!.Value);
        deployment.Status.ShouldBe(ExecutionStatus.Succeeded);
        (await Builds(accounts)).ShouldBe(builds + 1, "ion-dev deploys, and pushes nothing");
    }

    [Fact]
    public async Task Launches_in_two_groups_within_a_minute_are_one_deployment_of_both_without_a_push()
    {
        string[] groups = ["inventory-dev", "inventory-dev-readers"];
        using var folder = new TemporaryFolder();
        var state = await Scheduled.CopyDeployed(folder.Path);
        var service = CommandLine.CopyInventory(folder.Path);
        await SmallService.WriteAlone(service, $"{Group("group", "")}{Group("readers", "-readers")}");
        await SmallService.Change(service, "deployer.yaml", "region: us-east-1, ", "region: us-east-1, onStackChange: redeploy, ");
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        (await accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
        foreach (var group in groups)
        {
            await accounts.DeployIonsByHand(group: group);
        }

        await accounts.Rehearsal.Pass(UntilLooked);
        var builds = await Builds(accounts);
        var executions = await Executions();
        var looks = (await Looks(accounts)).Count;

        await BeginAnotherInstance(accounts, groups[0]);
        await BeginAnotherInstance(accounts, groups[1]);
        await accounts.Rehearsal.Pass(UntilLooked);

        var made = (await Looks(accounts)).Skip(looks).ToList();
        var look = made.Single(look => look.Result == LookResult.Redeployed);
        look.Changes.Select(change => change.Resource[(change.Resource.LastIndexOf('/') + 1)..])
            .ShouldBe([await Scaling(groups[0]), await Scaling(groups[1])], ignoreOrder: true);
        (look.Changes.Max(change => change.At) - look.Changes.Min(change => change.At)).ShouldBeLessThan(TimeSpan.FromMinutes(1));
        look.Differences.Select(difference => difference.Split(':')[0])
            .Distinct()
            .ShouldBe(["step 'group-ions'", "step 'readers-ions'"], ignoreOrder: true);
        made.Where(other => other != look).ShouldAllBe(other => other.Result == LookResult.NothingDiffers, "what it launched itself");
        (await Executions()).ShouldBe(executions + 1);
        (await Builds(accounts)).ShouldBe(builds + 2, "a deploy of each, and no push");

        async Task<int> Executions() =>
            (await accounts.Rehearsal.Executions()).Count(execution => execution.MachineName == "deployer-dev-deploy");

        async Task<string> Scaling(string group) => (await accounts.ScalingGroup(group)).AutoScalingGroupName;

        static string Group(string name, string suffix) =>
            $$"""
                  {{name}}:
                    stack: inventory-${target}{{suffix}}
                    kind: datomic-query-group
                    template: https://s3.amazonaws.com/datomic-cloud-1/cft/1217/query-group-template-9399-1217.json
                    parameters: { SystemName: "${system}", KeyName: datomic, ApplicationName: inventory, Ions: "Yes" }
                  {{name}}-ions:
                    ions: ions
                    group: ${steps.{{name}}.outputs.CodeDeployDeploymentGroup}
                    allowConflicts: [ org.clojure/tools.reader ]
                    after: [ {{name}} ]

                """;
    }

    [Theory]
    [InlineData("redeploy")]
    [InlineData("notify")]
    public async Task A_group_that_the_deployer_has_turned_off_is_said_to_be_and_nothing_is_deployed(string policy)
    {
        using var folder = new TemporaryFolder();
        var state = await Scheduled.CopyDeployed(folder.Path);
        var service = CommandLine.CopyInventory(folder.Path);
        const string Values = "    values: { system: datomic-dev, promotesFrom: \"\" }\n";
        await SmallService.Change(service, "deployer.yaml", Values, $"{Values}    onStackChange: {policy}\n");
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        (await accounts.Deploy()).Verdict.ShouldBe(Verdict.NothingToDo, "only what happens after changes by others is another");
        var off = await accounts.ChangeCapacity("off");
        off.Verdict.ShouldBe(Verdict.Succeeded);

        await accounts.BeginUpdateByHand("inventory-service");
        await accounts.Rehearsal.Pass(UntilLooked);

        var look = (await Looks(accounts)).Last();
        look.Result.ShouldBe(LookResult.Reported);
        look.Reason.ShouldBe(
            $"the deployment {new ExecutionArn(off.Deployment!).Deployment} has turned compute groups off; nothing is deployed before "
                + "'deployer group on'"
        );

        (await accounts.ChangeCapacity("on")).Verdict.ShouldBe(Verdict.Succeeded);
        await accounts.Rehearsal.Pass(UntilLooked);
        (await Looks(accounts)).Last().Result.ShouldBe(LookResult.NothingDiffers, "it is looked at again once they are on");
    }

    [Fact]
    public async Task The_stack_of_functions_that_have_the_address_is_read_by_the_step_and_its_update_is_looked_at()
    {
        using var folder = new TemporaryFolder();
        var state = await Scheduled.CopyDeployed(folder.Path);
        await using var accounts = await SimulatedAccounts.Open(state);
        var watched = (await accounts.Tools.DynamoDB.ScanAsync(new Amazon.DynamoDBv2.Model.ScanRequest { TableName = "deployer-dev" }))
            .Items.Select(item => item["pk"].S)
            .Where(key => key.StartsWith("WATCH#", StringComparison.Ordinal))
            .Distinct()
            .Order()
            .ToList();

        watched.ShouldBe(
            [
                "WATCH#Auto Scaling group 111111111111/us-east-1/" + (await accounts.ScalingGroup()).AutoScalingGroupName,
                // The group imports what the system's stack, datomic-dev, exports.
                .. Stacks("inventory-service", "inventory-dev", "inventory-dev-api", "inventory-dev-network", "datomic-dev"),
            ],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task A_change_set_that_somebody_executes_in_a_rehearsal_is_in_its_report()
    {
        var rehearsed = await Scheduled.RehearseChange(
            """
            schedule:
              - { who: dave, when: { closes: 1, wait: 1m }, do: { changeStack: { stack: inventory-dev-api, tags: { by: dave } } } }
              - who: erin
                when: { closes: 1, wait: 20m }
                do: { setVariables: { function: inventory-consumer-dev-orders, variables: { A: b } } }
            """
        );

        rehearsed.Report.People![0].Outcome.ShouldBe(ActOutcome.Done);
        // Before it there may be one because of the instances that the deployment itself replaced.
        var look = rehearsed.Report.Looks.ShouldNotBeNull()[^1];
        look.Result.ShouldBe("reported");
        look.Differences.ShouldHaveSingleItem().ShouldContain("stack inventory-dev-api was updated since the last deployment");
        rehearsed.Terminal.ShouldContain("Changed outside of deployments");
    }

    private static async Task AnotherInstance(SimulatedAccounts accounts)
    {
        await BeginAnotherInstance(accounts, "inventory-dev");
        await accounts.Rehearsal.Pass(UntilLooked);
    }

    /// <summary>Somebody asks for an instance more, which is launched with the revision that CodeDeploy gives it.</summary>
    private static async Task BeginAnotherInstance(SimulatedAccounts accounts, string name)
    {
        var group = await accounts.ScalingGroup(name);
        await accounts.Target.AutoScaling.UpdateAutoScalingGroupAsync(
            new UpdateAutoScalingGroupRequest
            {
                AutoScalingGroupName = group.AutoScalingGroupName,
                MaxSize = group.DesiredCapacity + 1,
                DesiredCapacity = group.DesiredCapacity + 1,
            }
        );
    }

    private static async Task<int> Builds(SimulatedAccounts accounts) =>
        (await accounts.InTools<ListBuildsForProjectResponse>(new ListBuildsForProjectRequest { ProjectName = "deployer-dev-ions" }))
            .Ids
            ?.Count
        ?? 0;

    private static Task<IReadOnlyList<LookRecord>> Looks(SimulatedAccounts accounts) =>
        accounts.Tools.Ledger("dev").Query(LookRecord.All("inventory", "dev"));

    private static IEnumerable<string> Stacks(params string[] names) =>
        names.Select(name => $"WATCH#arn:aws:cloudformation:us-east-1:111111111111:stack/{name}");
}
