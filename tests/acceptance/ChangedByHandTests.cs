using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.Lambda.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Plans;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// A service with a step for each thing that a comparison looks at, and people who change one of each by hand: after a deployment, and
/// once more while the next one works on its last step.
/// </summary>
public sealed class SystemChangedByHand : IAsyncLifetime
{
    public const string Orders = "inventory-consumer-dev-orders";
    public const string Reports = "inventory-consumer-dev-reports";

    /// <summary>What each step is found to differ in, in the words of all three: the plan, the proof and the next deployment.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Differences = new Dictionary<string, string[]>
    {
        ["group"] = ["stack inventory-dev was updated since the last deployment"],
        ["ions"] =
        [
            "inventory-dev-get-item has the timeout '61 s' instead of '60 s'",
            "inventory-dev-get-item has the reserved concurrency '7' instead of '20'",
            "inventory-dev-add-item does not exist",
        ],
        ["gone"] = ["stack inventory-dev-gone is DELETE_COMPLETE"],
        ["outer"] = ["nested stack Inner of stack inventory-dev-outer was updated since the last deployment"],
        ["outside"] =
        [
            "parameter /inventory/dev/shared/level of Systems Manager is not what stack inventory-dev-outside used in the last deployment",
            "the parameter /inventory/dev/outside/Level does not hold the output of stack inventory-dev-outside",
            "the parameter /inventory/dev/outside/Other does not hold the output of stack inventory-dev-outside",
        ],
        ["endpoint"] =
        [
            $"alias live of {Orders} would be moved to a version with DATOMIC_ENDPOINT",
            $"{Reports} would be given DATOMIC_ENDPOINT",
        ],
        ["web"] = ["container web would run "],
    };

    private const string Steps = """
          group:
            stack: inventory-${target}
            kind: datomic-query-group
            template: https://s3.amazonaws.com/datomic-cloud-1/cft/1217/query-group-template-9399-1217.json
            parameters: { SystemName: "${system}", KeyName: datomic, ApplicationName: inventory, Ions: "Yes" }
          ions:
            ions: ions
            group: ${steps.group.outputs.CodeDeployDeploymentGroup}
            allowConflicts: [ org.clojure/tools.reader ]
            after: [ group ]
          network:
            stack: inventory-${target}-network
            template: stacks/network.yaml
            parameters: { LoadBalancer: "${steps.group.outputs.LoadBalancer}", SystemName: "${system}" }
            after: [ group ]
          gone: { stack: "inventory-${target}-gone", template: stacks/gone.yaml }
          outer: { stack: "inventory-${target}-outer", template: stacks/outer.yaml }
          outside: { stack: "inventory-${target}-outside", template: stacks/outside.yaml, publish: "/inventory/${target}/outside" }
          endpoint:
            endpoint: ${steps.network.outputs.EndpointId}
            via: vpc-endpoint
            alias: live
            functions: { names: [ "inventory-consumer-${target}-*" ] }
            variables: { DATOMIC_ENDPOINT: "http://${dns}:8182" }
            after: [ network ]

        """;

    private const string Last = """

          last:
            stack: inventory-${target}-last
            template: stacks/last.yaml
            after: [ ions, gone, outer, outside, endpoint, web ]
        """;

    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public ServicePlan Planned { get; private set; } = null!;

    public CommandResult Mended { get; private set; } = null!;

    public CommandResult Again { get; private set; } = null!;

    public string Error { get; private set; } = string.Empty;

    public string Cause { get; private set; } = string.Empty;

    public CommandResult MendedAgain { get; private set; } = null!;

    public CommandResult Then { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var service = await Write();
        var first = await Run(service);
        first.Report.Verdict.ShouldBe(Verdict.Succeeded, first.Report.Cause ?? first.Terminal);
        await using (var accounts = await SimulatedAccounts.OpenService(service, State))
        {
            await ChangeAll(accounts, "second");
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(15));
            Planned = await accounts.Plan();
        }

        Mended = await Run(service);
        Again = await Run(service);
        await Write(service, "last.yaml", "LogGroupName: /inventory/dev/last-2");
        await using (var accounts = await SimulatedAccounts.OpenService(service, State))
        {
            // A plan has the folder as it is now pushed, which the pipeline then takes.
            (await accounts.Plan()).Problems.ShouldBe(0);
            var execution = await accounts.BeginDeployment(TimeSpan.FromSeconds(30));
            await accounts.Until("inventory-dev-last", StackStatus.UPDATE_IN_PROGRESS);
            await ChangeAll(accounts, "third");
            await accounts.Rehearsal.RunUntilClosed(execution);
            var ended = await accounts.Describe(execution);
            (Error, Cause) = (ended.Error ?? string.Empty, ended.Cause ?? string.Empty);
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(15));
        }

        MendedAgain = await Run(service);
        Then = await Run(service);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Writes the service; both consumers have a version 1 and an alias <c>live</c>.</summary>
    private async Task<string> Write()
    {
        var service = await ContainerService.Write(_folder.Path, Steps + ContainerService.Step + Last);
        await SmallService.AllowCloudFormation(service, "ssm:*", "logs:*");
        await SmallService.Change(
            service,
            "accounts/service.yaml",
            "\nOutputs:\n",
            """

              OrdersVersion: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref Orders } }
              OrdersLive:
                Type: AWS::Lambda::Alias
                Properties: { FunctionName: !Ref Orders, FunctionVersion: !GetAtt OrdersVersion.Version, Name: live }
              ReportsVersion: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref Reports } }
              ReportsLive:
                Type: AWS::Lambda::Alias
                Properties: { FunctionName: !Ref Reports, FunctionVersion: !GetAtt ReportsVersion.Version, Name: live }
              Level:
                Type: AWS::SSM::Parameter
                Properties: { Name: !Sub "/inventory/${Target}/shared/level", Type: String, Value: first }

            Outputs:

            """
        );
        await Write(service, "gone.yaml", "LogGroupName: /inventory/dev/gone");
        await Write(service, "last.yaml", "LogGroupName: /inventory/dev/last");
        await Write(service, "inner.yaml", "LogGroupName: /inventory/dev/inner");
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "outer.yaml"),
            "Resources: { Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: inner.yaml } } }"
        );
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "outside.yaml"),
            """
            Parameters:
              Level: { Type: "AWS::SSM::Parameter::Value<String>", Default: /inventory/dev/shared/level }
            Resources:
              G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Sub "/x/${Level}" } }
            Outputs:
              Level: { Value: !Ref G }
              Other: { Value: other }
            """
        );
        return service;
    }

    private static Task Write(string service, string template, string properties) =>
        File.WriteAllTextAsync(
            Path.Combine(service, "stacks", template),
            $$"""
            Resources: { G: { Type: AWS::Logs::LogGroup, Properties: { {{properties}} } } }
            """
        );

    /// <summary>A change of each kind, made as an administrator at the console makes it.</summary>
    /// <param name="accounts">The accounts.</param>
    /// <param name="level">Another value of the parameter that a stack reads.</param>
    private static async Task ChangeAll(SimulatedAccounts accounts, string level)
    {
        var target = accounts.Target.Target("us-east-1");
        await accounts.BeginUpdateByHand("inventory-dev");
        await target.CloudFormation.DeleteStackAsync(new DeleteStackRequest { StackName = "inventory-dev-gone" });
        var nested = (
            await target.CloudFormation.DescribeStackResourcesAsync(new DescribeStackResourcesRequest { StackName = "inventory-dev-outer" })
        ).StackResources.Single();
        await accounts.BeginUpdateByHand(nested.PhysicalResourceId);

        await target.Lambda.UpdateFunctionConfigurationAsync(
            new UpdateFunctionConfigurationRequest { FunctionName = "inventory-dev-get-item", Timeout = 61 }
        );
        await accounts.Call<PutFunctionConcurrencyResponse>(
            new PutFunctionConcurrencyRequest { FunctionName = "inventory-dev-get-item", ReservedConcurrentExecutions = 7 }
        );
        await accounts.Call<DeleteFunctionResponse>(new DeleteFunctionRequest { FunctionName = "inventory-dev-add-item" });

        await target.Parameters.PutParameterAsync(
            new()
            {
                Name = "/inventory/dev/shared/level",
                Value = level,
                Overwrite = true,
            }
        );
        await target.Parameters.PutParameterAsync(
            new()
            {
                Name = "/inventory/dev/outside/Level",
                Value = "by hand",
                Overwrite = true,
            }
        );
        await target.Parameters.DeleteParameterAsync(new() { Name = "/inventory/dev/outside/Other" });

        await target.Lambda.UpdateAliasAsync(
            new UpdateAliasRequest
            {
                FunctionName = Orders,
                Name = "live",
                FunctionVersion = "1",
            }
        );
        await target.Lambda.UpdateFunctionConfigurationAsync(
            new UpdateFunctionConfigurationRequest
            {
                FunctionName = Reports,
                Environment = new() { Variables = new() { ["DATOMIC_ENDPOINT"] = "http://by.hand:8182" } },
            }
        );
        await target.Ecs.UpdateServiceAsync(
            new()
            {
                Cluster = ContainerService.Cluster,
                Service = ContainerService.Name,
                TaskDefinition = "inventory-dev-web:1",
            }
        );
    }

    private Task<CommandResult> Run(string service) => CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", State);
}

public sealed class ChangedByHandTests(SystemChangedByHand changed) : IClassFixture<SystemChangedByHand>
{
    public static TheoryData<string> Changed => [.. SystemChangedByHand.Differences.Keys];

    [Theory]
    [MemberData(nameof(Changed))]
    public void The_plan_names_what_somebody_changed(string step)
    {
        var planned = changed.Planned.Steps.Single(planned => planned.Step == step);

        planned.Problem.ShouldBeNull();
        planned.Action.ShouldNotBeOneOf(PlannedAction.None, PlannedAction.Depends);
        ShouldName(string.Join('\n', planned.Notices), step);
    }

    [Fact]
    public void What_nobody_changed_has_no_changes_in_the_plan()
    {
        changed.Planned.Steps.Single(planned => planned.Step == "last").Action.ShouldBeOneOf(PlannedAction.None, PlannedAction.Depends);
    }

    [Theory]
    [MemberData(nameof(Changed))]
    public void The_next_deployment_is_no_no_op_and_mends_it(string step)
    {
        changed.Mended.Report.Verdict.ShouldBe(Verdict.Succeeded, changed.Mended.Report.Cause);
        changed.Mended.Report.Steps.Select(ran => ran.Name).ShouldContain(step);
        changed.Again.Report.Verdict.ShouldBe(Verdict.NothingToDo, changed.Again.Report.Cause);
        changed.Again.ShouldChangeNothing();
        changed.Again.Report.Transitions.ShouldBeInRange(1, 15);
    }

    [Theory]
    [MemberData(nameof(Changed))]
    public void The_proof_at_the_end_names_what_somebody_changed_after_its_step(string step)
    {
        changed.Error.ShouldBe("StepDiffersException");
        changed.Cause.ShouldContain($"step '{step}' is not as it was deployed: ");
        ShouldName(changed.Cause, step);
    }

    [Fact]
    public void The_deployment_after_a_proof_that_failed_mends_what_it_named()
    {
        changed.MendedAgain.Report.Verdict.ShouldBe(Verdict.Succeeded, changed.MendedAgain.Report.Cause);
        changed.MendedAgain.ShouldLeaveNothingBehind();
        changed.Then.Report.Verdict.ShouldBe(Verdict.NothingToDo, changed.Then.Report.Cause);
        changed.Then.ShouldChangeNothing();
    }

    /// <summary>An earlier revision is deployed again past the deployer, after a deployment and while another one works.</summary>
    [Fact]
    public async Task A_revision_that_somebody_deployed_by_hand_is_named_and_mended()
    {
        using var folder = new TemporaryFolder();
        var (state, service, _) = await Scheduled.CopyReleased(folder.Path);
        const string Named = "was released last to inventory-dev, and revision [0-9a-f]+ runs on i-";
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            await accounts.Rehearsal.RunUntilClosed(await accounts.DeployIonsByHand());
            var ions = (await accounts.Plan()).Steps.Single(step => step.Step == "ions");
            ions.Action.ShouldBe(PlannedAction.Release);
            string.Join('\n', ions.Notices).ShouldMatch(Named);
            (await accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
            (await accounts.Deploy()).Verdict.ShouldBe(Verdict.NothingToDo);
        }

        var another = CommandLine.CopyInventory(Path.Combine(folder.Path, "changed"));
        const string Ions = "ions/src/inventory/ions.clj";
        File.Copy(Path.Combine(service, Ions), Path.Combine(another, Ions), overwrite: true);
        await SmallService.Change(another, "stacks/api.yaml", "Name: !Sub ${Group}-api", "Name: !Sub ${Group}-api-2");
        await using (var accounts = await SimulatedAccounts.OpenService(another, state))
        {
            (await accounts.Plan()).Problems.ShouldBe(0);
            var execution = await accounts.BeginDeployment(TimeSpan.FromSeconds(30));
            await accounts.Until("inventory-dev-api", Amazon.CloudFormation.StackStatus.UPDATE_IN_PROGRESS);
            await accounts.DeployIonsByHand(number: 2);
            await accounts.Rehearsal.RunUntilClosed(execution);
            var ended = await accounts.Describe(execution);
            ended.Error.ShouldBe("StepDiffersException");
            ended.Cause.ShouldContain("step 'ions' is not as it was deployed: ");
            ended.Cause.ShouldMatch(Named);
            (await accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
            (await accounts.Deploy()).Verdict.ShouldBe(Verdict.NothingToDo);
        }
    }

    private static void ShouldName(string text, string step)
    {
        foreach (var difference in SystemChangedByHand.Differences[step])
        {
            text.ShouldContain(difference);
        }
    }
}
