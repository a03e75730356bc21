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
