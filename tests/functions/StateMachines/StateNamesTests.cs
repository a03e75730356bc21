using System.Text.Json.Nodes;

namespace Deployer.Functions.Tests.StateMachines;

/// <summary>The names of the states, by which histories, dashboards and people speak of what a deployment does.</summary>
public sealed class StateNamesTests
{
    /// <summary>Those that the machines had before the house was put in order; none of them may go.</summary>
    [Theory]
    [InlineData(
        "deploy",
        "Batches Begin ChangeCapacity DeployIons Finish InjectEndpoint Kind Plan PrepareStack PushIons RemoveStack ResolveEndpoint Steps "
            + "UpdateStack Waves"
    )]
    [InlineData("plan", "BeginPlan FinishPlan PlanStep Steps")]
    public void A_name_that_a_state_had_is_kept(string machine, string before) =>
        before.Split(' ').Except(Names(Product.Machine(machine)), StringComparer.Ordinal).ShouldBeEmpty();

    /// <summary>The names of all states, those inside of maps too.</summary>
    private static IEnumerable<string> Names(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.SelectMany(member =>
                (member is { Key: "States", Value: JsonObject states } ? states.Select(state => state.Key) : []).Concat(Names(member.Value))
            ),
            JsonArray items => items.SelectMany(Names),
            _ => [],
        };
}
