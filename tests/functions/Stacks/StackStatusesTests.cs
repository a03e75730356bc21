using System.Reflection;
using Amazon.CloudFormation;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>What is done about a stack in each status of CloudFormation, found before and ended after an update of ours.</summary>
public sealed class StackStatusesTests
{
    private const string Updates = "UPDATE change set";
    private const string Creates = "CREATE change set";
    private const string Waits = "waits";
    private const string Deletes = $"delete {AskedCloudFormation.StackId}";
    private const string Continues = $"continue {AskedCloudFormation.StackId}";
    private const string RollsBack = $"roll back {AskedCloudFormation.StackId}";
    private const string Refuses = "refuses";
    private const string Succeeds = "succeeds";
    private const string Fails = "fails";

    // A status that AWS adds is missing here, and the tests of it fail.
    private static readonly Dictionary<string, (string Found, string Ended)> Reactions = new()
    {
        ["CREATE_IN_PROGRESS"] = (Waits, Waits),
        ["CREATE_FAILED"] = (Deletes, Fails),
        ["CREATE_COMPLETE"] = (Updates, Succeeds),
        ["ROLLBACK_IN_PROGRESS"] = (Waits, Waits),
        ["ROLLBACK_FAILED"] = (Deletes, Fails),
        ["ROLLBACK_COMPLETE"] = (Deletes, Fails),
        ["DELETE_IN_PROGRESS"] = (Waits, Waits),
        ["DELETE_FAILED"] = (Refuses, Fails),
        ["DELETE_COMPLETE"] = (Creates, Fails),
        ["UPDATE_IN_PROGRESS"] = (Waits, Waits),
        ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"] = (Waits, Waits),
        ["UPDATE_COMPLETE"] = (Updates, Succeeds),
        ["UPDATE_FAILED"] = (RollsBack, Fails),
        ["UPDATE_ROLLBACK_IN_PROGRESS"] = (Waits, Waits),
        ["UPDATE_ROLLBACK_FAILED"] = (Continues, Continues),
        ["UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"] = (Waits, Waits),
        ["UPDATE_ROLLBACK_COMPLETE"] = (Updates, Fails),
        ["REVIEW_IN_PROGRESS"] = (Deletes, Waits),
        ["IMPORT_IN_PROGRESS"] = (Waits, Waits),
        ["IMPORT_COMPLETE"] = (Updates, Succeeds),
        ["IMPORT_ROLLBACK_IN_PROGRESS"] = (Waits, Waits),
        ["IMPORT_ROLLBACK_FAILED"] = (Refuses, Fails),
        ["IMPORT_ROLLBACK_COMPLETE"] = (Updates, Fails),
    };

    public static TheoryData<string> Statuses =>
        [
            .. typeof(StackStatus)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(candidate => candidate.FieldType == typeof(StackStatus))
                .Select(candidate => ((StackStatus)candidate.GetValue(null)!).Value),
            "A_STATUS_THAT_IS_NEW",
        ];

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_stack_that_is_found_so_is_treated_so(string status)
    {
        var (cloudFormation, bench) = await Open(status);
        await using var opened = bench;

        (await Done(bench, cloudFormation)).ShouldBe(Expected(status).Found);
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task An_update_of_ours_that_ends_so_is_judged_so(string status)
    {
        var (cloudFormation, bench) = await Open(status);
        await using var opened = bench;
        cloudFormation.Happened("d-one-api-stack-1", StackBench.StackName, new ResourceStatus(status), null);
        bench.Record = bench.Record.Keep<StackProgress>(_ =>
            new()
            {
                Stack = AskedCloudFormation.StackId,
                ChangeSet = "arn:change-set",
                Inputs = "digest",
            }
        ) with
        {
            Resource = AskedCloudFormation.StackId,
            Action = StepAction.Updated,
        };

        (await Done(bench, cloudFormation)).ShouldBe(Expected(status).Ended);
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Where_nothing_was_to_do_the_stack_has_to_be_one_that_can_be_updated(string status)
    {
        var (cloudFormation, bench) = await Open(status);
        await using var opened = bench;
        bench.Record = bench.Record.Keep<StackProgress>(_ => new() { Stack = AskedCloudFormation.StackId, Inputs = "digest" }) with
        {
            Action = StepAction.None,
        };

        (await Done(bench, cloudFormation)).ShouldBe(
            Expected(status).Found switch
            {
                Updates => Succeeds,
                Waits => Waits,
                _ => Fails,
            }
        );
    }

    private static (string Found, string Ended) Expected(string status) =>
        status == "A_STATUS_THAT_IS_NEW" ? (Refuses, Fails) : Reactions[status];

    private static async Task<(AskedCloudFormation CloudFormation, StackBench Bench)> Open(string status)
    {
        var cloudFormation = new AskedCloudFormation(new StackStatus(status));
        return (cloudFormation, new StackBench(await Desk.Open(), cloudFormation.Client));
    }

    private static async Task<string> Done(StackBench bench, AskedCloudFormation cloudFormation)
    {
        try
        {
            var outcome = await bench.Advance();
            return cloudFormation.Changes.SingleOrDefault()
                ?? outcome switch
                {
                    Outcome.Running => Waits,
                    Outcome.Succeeded => Succeeds,
                    _ => Fails,
                };
        }
        catch (NotYetException)
        {
            return cloudFormation.Changes.Single();
        }
        catch (StackFailedException)
        {
            cloudFormation.Changes.ShouldBeEmpty();
            return Refuses;
        }
    }
}
