using System.Reflection;
using Amazon.CodeDeploy;
using Amazon.StepFunctions;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Ions;

public sealed class IonJudgeTests
{
    private const string Waits = "waits";
    private const string Success = "success";
    private const string NoCode = nameof(IonsDeployFailedException);
    private const string RolledBack = nameof(IonsRolledBackException);
    private const string Lambdas = nameof(LambdasNotConfiguredException);

    private static readonly string[] Executions = ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "RUNNING", "PENDING_REDRIVE"];

    /// <summary>
    /// What is said of each pair of statuses, in the order of <see cref="Executions"/>; the former revision runs on where the code is
    /// not deployed.
    /// </summary>
    private static readonly Dictionary<string, string[]> Table = new()
    {
        ["none"] = [NoCode, NoCode, NoCode, NoCode, Waits, Waits],
        ["Created"] = [Waits, Waits, Waits, Waits, Waits, Waits],
        ["Queued"] = [Waits, Waits, Waits, Waits, Waits, Waits],
        ["InProgress"] = [Waits, Waits, Waits, Waits, Waits, Waits],
        ["Baking"] = [Waits, Waits, Waits, Waits, Waits, Waits],
        ["Ready"] = [Waits, Waits, Waits, Waits, Waits, Waits],
        ["Succeeded"] = [Success, Lambdas, Lambdas, Lambdas, Waits, Waits],
        ["Failed"] = [RolledBack, RolledBack, RolledBack, RolledBack, Waits, Waits],
        ["Stopped"] = [RolledBack, RolledBack, RolledBack, RolledBack, Waits, Waits],
    };

    public static TheoryData<string, string, string> Pairs()
    {
        var pairs = new TheoryData<string, string, string>();
        foreach (var (code, verdicts) in Table)
        {
            foreach (var (execution, verdict) in Executions.Zip(verdicts))
            {
                pairs.Add(execution, code, verdict);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Every_pair_of_statuses_has_its_verdict(string execution, string code, string verdict)
    {
        var group = new SimulatedGroup
        {
            Deploy = new ExecutionStatus(execution),
            Code = code == "none" ? null : new DeploymentStatus(code),
        };

        var outcome = await group.Judge.Judge(SimulatedGroup.Execution);

        Verdict(outcome).ShouldBe(verdict);
    }

    [Fact]
    public void The_table_has_every_status_that_there_is()
    {
        Values<ExecutionStatus>().ShouldBe(Executions, ignoreOrder: true);
        Values<DeploymentStatus>().ShouldBe(Table.Keys.Where(code => code != "none"), ignoreOrder: true);
    }

    [Theory]
    [InlineData("SOMETHING_NEW", "Succeeded")]
    [InlineData("SUCCEEDED", "SomethingNew")]
    public async Task A_status_that_is_not_known_is_no_success(string execution, string code) =>
        Verdict(
                await new SimulatedGroup { Deploy = new ExecutionStatus(execution), Code = new DeploymentStatus(code) }.Judge.Judge(
                    SimulatedGroup.Execution
                )
            )
            .ShouldBe(Waits);

    [Fact]
    public async Task An_execution_that_is_not_described_yet_runs() =>
        Verdict(await new SimulatedGroup { IsDescribed = false }.Judge.Judge(SimulatedGroup.Execution)).ShouldBe(Waits);

    [Theory]
    [InlineData(0, Waits)]
    [InlineData(1, Lambdas)]
    public async Task A_failure_of_before_a_redrive_does_not_count(int redrives, string verdict) =>
        Verdict(
                await new SimulatedGroup { Deploy = ExecutionStatus.FAILED, Redrives = redrives }.Judge.Judge(
                    SimulatedGroup.Execution,
                    redrives: 1
                )
            )
            .ShouldBe(verdict);

    [Fact]
    public async Task A_group_that_runs_the_revision_with_its_Lambdas_has_no_changes() =>
        (await new SimulatedGroup().Judge.Compare(ComparisonProgress.Whole)).ShouldBeOfType<Comparison.NoChanges>();

    [Theory]
    [InlineData(
        "RUNNING",
        "Succeeded",
        "execution inventory-dev-0123456789abcdef0123456789abcdef01234567-1 of datomic-inventory-dev is RUNNING"
    )]
    [InlineData("SUCCEEDED", "InProgress", "to inventory-dev is InProgress")]
    public async Task A_group_that_something_is_deployed_to_is_waited_for(string execution, string code, string what)
    {
        var group = new SimulatedGroup
        {
            Deploy = new ExecutionStatus(execution),
            Code = new DeploymentStatus(code),
            Reached = ["i-2"],
        };

        (await group.Judge.Compare(ComparisonProgress.Whole))
            .ShouldBeOfType<Comparison.NotReadable>()
            .Cause.ShouldBeOfType<NotYetException>()
            .Message.ShouldEndWith(what);
    }

    [Fact]
    public async Task An_instance_in_service_on_another_revision_is_a_difference() =>
        (await new SimulatedGroup { Deploy = ExecutionStatus.FAILED, Reached = ["i-2"] }.Judge.Compare(ComparisonProgress.Whole))
            .ShouldBeOfType<Comparison.Changes>()
            .Differences.Single()
            .ShouldContain("runs on i-1");

    [Fact]
    public async Task An_instance_in_service_on_another_revision_is_no_success()
    {
        var failed = Failure(await new SimulatedGroup { Reached = ["i-2"] }.Judge.Judge(SimulatedGroup.Execution));

        failed.ShouldBeOfType<IonsDeployFailedException>();
        failed.Message.ShouldContain("an instance that was launched meanwhile");
        failed.Message.ShouldContain($"revision {SimulatedGroup.Former} runs on i-1");
        failed.Message.ShouldContain($"revision {SimulatedGroup.Wanted} runs on i-2");
    }

    [Fact]
    public async Task A_group_without_an_instance_in_service_is_no_success() =>
        Failure(await new SimulatedGroup { InService = [] }.Judge.Judge(SimulatedGroup.Execution))
            .Message.ShouldContain("has no instance in service");

    [Fact]
    public async Task A_Lambda_that_differs_is_no_success_and_is_named()
    {
        var failed = Failure(await new SimulatedGroup { LambdaTimeout = 3 }.Judge.Judge(SimulatedGroup.Execution));

        failed.ShouldBeOfType<LambdasNotConfiguredException>();
        failed.Message.ShouldContain("runs on all 2 instances");
        failed.Message.ShouldContain("inventory-dev-get-item has the timeout '3 s' instead of '60 s'");
        failed.Message.ShouldContain("a redrive updates only the Lambdas");
    }

    [Fact]
    public async Task A_Lambda_that_is_left_of_the_release_before_is_no_success_and_is_named() =>
        Failure(await new SimulatedGroup { LeftoverLambda = "inventory-dev-removed" }.Judge.Judge(SimulatedGroup.Execution))
            .ShouldBeOfType<LambdasNotConfiguredException>()
            .Message.ShouldContain("inventory-dev-removed still exists and ion-config.edn no longer names it");

    [Fact]
    public async Task A_rollback_is_reported_with_what_runs_on_each_instance_the_failed_event_and_the_first_exception()
    {
        var group = new SimulatedGroup
        {
            Deploy = ExecutionStatus.FAILED,
            Code = DeploymentStatus.Failed,
            Rollback = DeploymentStatus.Succeeded,
        };

        var failed = Failure(await group.Judge.Judge(SimulatedGroup.Execution));

        failed.ShouldBeOfType<IonsRolledBackException>();
        failed.Message.ShouldContain(
            $"revision {SimulatedGroup.Wanted} did not load on inventory-dev: revision {SimulatedGroup.Former} runs on i-1 and i-2"
        );
        failed.Message.ShouldContain("ValidateService failed on arn:aws:codedeploy:us-east-1:111111111111:instance/i-1 (exit code 1)");
        failed.Message.ShouldContain("log datomic-datomic-dev, datomic-dev-inventory-dev-i-1: LoadIonsFailed: Assert failed: cfg");
        failed.Message.ShouldContain("HEALTH_CONSTRAINTS");
    }

    [Fact]
    public async Task A_rollback_that_still_runs_is_waited_for()
    {
        var group = new SimulatedGroup
        {
            Deploy = ExecutionStatus.FAILED,
            Code = DeploymentStatus.Failed,
            Rollback = DeploymentStatus.InProgress,
        };

        (await group.Judge.Judge(SimulatedGroup.Execution))
            .ShouldBeOfType<Outcome.Running>()
            .What.ShouldContain("the rollback d-rollback is InProgress");
    }

    [Theory]
    [InlineData("FAILED", "Succeeded", 0, SimulatedGroup.Execution)]
    [InlineData("FAILED", "Succeeded", 1, null)]
    [InlineData("FAILED", "Failed", 0, null)]
    [InlineData("SUCCEEDED", "Succeeded", 0, null)]
    [InlineData("RUNNING", "Succeeded", 0, null)]
    public async Task Only_a_failed_execution_whose_code_runs_everywhere_can_go_on_with_the_Lambdas_once(
        string execution,
        string code,
        int redrives,
        string? half
    )
    {
        var group = new SimulatedGroup
        {
            Deploy = new ExecutionStatus(execution),
            Code = new DeploymentStatus(code),
            Redrives = redrives,
        };

        (await group.Judge.FindFailedAtLambdas()).ShouldBe(half);
    }

    [Fact]
    public async Task Half_done_is_only_what_runs_on_every_instance() =>
        (await new SimulatedGroup { Deploy = ExecutionStatus.FAILED, Reached = ["i-2"] }.Judge.FindFailedAtLambdas()).ShouldBeNull();

    private static string Verdict(Outcome outcome) =>
        outcome switch
        {
            Outcome.Running => Waits,
            Outcome.Succeeded => Success,
            _ => Failure(outcome).Error,
        };

    private static DeployerException Failure(Outcome outcome) => outcome.ShouldBeOfType<Outcome.Failed>().Cause;

    private static IEnumerable<string> Values<T>()
        where T : Amazon.Runtime.ConstantClass =>
        typeof(T)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(T))
            .Select(field => ((T)field.GetValue(null)!).Value);
}
