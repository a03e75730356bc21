using System.Text.Json.Nodes;

namespace Deployer.Functions.Tests.StateMachines;

public sealed class MachineRulesTests
{
    public static TheoryData<string> Machines => [.. Product.Machines];

    [Theory]
    [MemberData(nameof(Machines))]
    public void Every_machine_holds_the_rules(string machine) => MachineRules.Violations(Product.Machine(machine)).ShouldBeEmpty();

    [Theory]
    [InlineData("UpdateStack", "HeartbeatSeconds", "without a heartbeat")]
    [InlineData("UpdateStack", "Retry", "does not retry an expired heartbeat")]
    [InlineData("PrepareStack", "Retry", "does not retry Lambda.")]
    [InlineData("Plan", "TimeoutSeconds", "no TimeoutSeconds")]
    public void A_machine_that_lacks_something_is_caught(string state, string member, string violation)
    {
        var machine = Product.Machine("deploy");
        MachineRules.States(machine).First(found => found.Name == state).State.Remove(member);

        MachineRules
            .Violations(machine)
            .ShouldContain(found => found.Contains(state, StringComparison.Ordinal) && found.Contains(violation, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("BackoffRate", 1.0)]
    [InlineData("MaxAttempts", 4)]
    [InlineData("MaxAttempts", 0)]
    [InlineData("IntervalSeconds", 0)]
    public void A_retry_without_backoff_of_what_AWS_could_not_do_for_now_is_caught(string member, double value)
    {
        var machine = Product.Machine("deploy");
        var retry = MachineRules.States(machine).First(found => found.Name == "PrepareStack").State["Retry"]!
            .AsArray()
            .First(retry => retry!["ErrorEquals"]!.AsArray().Any(error => (string?)error == "AwsUnavailableException"))!;
        retry[member] = value;

        MachineRules
            .Violations(machine)
            .ShouldBe(["PrepareStack does not retry AwsUnavailableException with a growing pause and at least 5 times"]);
    }

    [Theory]
    [InlineData("deploy", "RemoveStack", 0)]
    [InlineData("deploy", "Begin", 59)]
    [InlineData("plan", "BeginPlan", null)]
    [InlineData("plan", "FinishPlan", null)]
    public void A_state_that_does_not_look_again_for_what_is_not_there_yet_is_caught(string machine, string state, int? attempts)
    {
        var definition = Product.Machine(machine);
        var retries = MachineRules.States(definition).First(found => found.Name == state).State["Retry"]!.AsArray();
        var early = retries.First(retry => retry!["ErrorEquals"]!.AsArray().Any(error => (string?)error == "NotYetException"))!;
        if (attempts is null)
        {
            retries.Remove(early);
        }
        else
        {
            early["MaxAttempts"] = (double)attempts;
        }

        MachineRules.Violations(definition).ShouldBe([$"{state} does not retry NotYetException at least 60 times"]);
    }

    /// <summary>What is on its way at the end is waited for as long as its step may take, which is longer than any other look.</summary>
    [Theory]
    [InlineData("Prove", 60)]
    [InlineData("Prove", 4_019)]
    [InlineData("Finish", 4_019)]
    public void A_proof_that_gives_up_before_its_steps_do_is_caught(string state, int attempts)
    {
        var definition = Product.Machine("deploy");
        var retries = MachineRules.States(definition).First(found => found.Name == state).State["Retry"]!.AsArray();
        var early = retries.First(retry => retry!["ErrorEquals"]!.AsArray().Any(error => (string?)error == "NotYetException"))!;
        early["MaxAttempts"] = (double)attempts;

        MachineRules.Violations(definition).ShouldHaveSingleItem().ShouldStartWith($"{state} looks for ");
    }

    [Fact]
    public void A_caught_error_and_a_Fail_state_are_caught()
    {
        var machine = Product.Machine("deploy");
        var states = machine["States"]!.AsObject();
        states["Finish"]!.AsObject()["Catch"] = new JsonArray(
            new JsonObject { ["ErrorEquals"] = new JsonArray("States.ALL"), ["Next"] = "Tell" }
        );
        states["Tell"] = new JsonObject { ["Type"] = "Fail", ["Error"] = "Failed" };

        MachineRules.Violations(machine).Count.ShouldBe(2);
    }
}
