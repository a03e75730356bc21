using System.Text.Json.Nodes;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>People of a schedule change resources of a stack by hand, so that drift is rehearsed.</summary>
public sealed class ChangedResourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_people_change_by_hand_in_a_rehearsal_is_found_and_refused()
    {
        var service = await Write();
        var state = Path.Combine(_folder.Path, "state");
        var schedule = await Scheduled.Write(
            _folder.Path,
            """
            people:
              alice: { may: [ "cloudformation:UpdateResource", "ssm:*" ] }
              bob: { may: [ "ssm:*" ] }
              carol:
            schedule:
              - { who: alice, when: { closes: 1, wait: 1m },
                  do: { changeResource: { stack: "inventory-${target}-modes", resource: Mode, properties: { Value: fast } } } }
              - { who: bob, when: { closes: 1, wait: 1m },
                  do: { changeResource: { stack: "inventory-${target}-modes", resource: Mode, properties: { Value: faster } } } }
              - { who: carol, when: { closes: 1, wait: 2m },
                  do: { changeResource: { stack: "inventory-${target}-modes", resource: Log, properties: { RetentionInDays: 7 } } } }
              - { who: carol, when: { closes: 1, wait: 3m },
                  do: { changeResource: { stack: "inventory-${target}-modes", resource: Nothing, properties: { Value: a } } } }
            """
        );

        var rehearsed = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", state, "--schedule", schedule);
        var planned = await CommandLine.InProcess("plan", service, "--target", "dev", "--state", state, "--drift");
        await SmallService.Change(service, "deployer.yaml", "region: us-east-1, values", "region: us-east-1, drift: refuse, values");
        var refused = await CommandLine.InProcess("deploy", service, "--target", "dev", "--state", state);

        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded, rehearsed.Terminal);
        var people = rehearsed.Report.People.ShouldNotBeNull();
        people
            .Select(act => (act.Who, act.Did, act.Outcome))
            .ShouldBe([
                ("alice", "change Value of Mode of stack inventory-dev-modes", ActOutcome.Done),
                ("bob", "change Value of Mode of stack inventory-dev-modes", ActOutcome.Refused),
                ("carol", "change RetentionInDays of Log of stack inventory-dev-modes", ActOutcome.Done),
                ("carol", "change Value of Nothing of stack inventory-dev-modes", ActOutcome.Refused),
            ]);
        people[0].Requests.ShouldHaveSingleItem().Operation.ShouldBe("cloudformation:UpdateResource");
        people[0].Requests[0].Answer.ShouldBe("OK");
        people[1].Problem.ShouldNotBeNull().ShouldContain("is not authorized to perform: cloudformation:UpdateResource");
        people[3].Problem.ShouldBe("ResourceNotFoundException: stack inventory-dev-modes has no resource Nothing");

        var drift = JsonNode.Parse(planned.Json)!["steps"]!.AsArray().Single()!["drift"]!.AsArray();
        var mode = drift.Single(found => (string?)found!["resource"] == "Mode")!;
        var property = mode["properties"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)property["path"], (string?)property["expected"], (string?)property["actual"]).ShouldBe(("/Value", "slow", "fast"));

        // The deployer's role may read parameters and no log groups, which is said and refuses nothing.
        var log = drift.Single(found => (string?)found!["resource"] == "Log")!;
        ((string?)log["drift"]).ShouldBe("unknown");
        ((string?)log["reason"]).ShouldNotBeNull().ShouldContain("logs:DescribeLogGroups");
        refused.Report.Error.ShouldBe(nameof(DriftedException));
        refused.Report.Cause.ShouldNotBeNull().ShouldStartWith("1 changes by hand may be written over");
        refused.ShouldLeaveNothingBehind();
    }

    private async Task<string> Write()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(
            service,
            """
              modes:
                stack: inventory-${target}-modes
                template: stacks/modes.yaml
            """
        );
        await SmallService.AllowCloudFormation(service, "ssm:*");
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "modes.yaml"),
            """
            Resources:
              Mode: { Type: AWS::SSM::Parameter, Properties: { Name: /inventory/dev/mode, Type: String, Value: slow } }
              Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: inventory-dev-modes, RetentionInDays: 3 } }
            """
        );
        return service;
    }
}
