using Deployer.Acceptance.Tests.Running;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>
/// A function that dies in every try that the machine makes fails its execution; a redrive of that comes to the end that a deployment comes
/// to which nothing disturbs.
/// </summary>
public sealed class KilledInEveryTryTests(ITestOutputHelper output)
{
    /// <summary>One invocation, and the six retries on <c>Runtime.ExitError</c> of each task in statemachines/deploy.asl.json.</summary>
    private const int Tries = 7;

    private const string Redrive = "  - { who: bob, when: { closes: 1, wait: 1m }, do: redrive }\n";

    private static readonly string[] Functions =
    [
        "Begin",
        "Plan",
        "PrepareStack",
        "UpdateStack",
        "PushIons",
        "DeployIons",
        "ResolveEndpoint",
        "InjectEndpoint",
        "Prove",
        "Finish",
    ];

    private static readonly Lazy<Task<RunEnd>> Undisturbed = new(() =>
        Run(
            Functions.SelectMany(function =>
                Enumerable.Range(1, Scheduled.MostRequests).Select(number => new Place(function, number) { Invocation = 1 })
            ),
            "{ delay: { by: 0s } }"
        )
    );

    public static TheoryData<string> Tasks => [.. Functions];

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task A_function_that_dies_in_every_try_is_redriven_to_the_same_end(string function)
    {
        var undisturbed = await Undisturbed.Value;
        var last = undisturbed
            .People.Where(act => act.Outcome == ActOutcome.Done && act.When.StartsWith("request ", StringComparison.Ordinal))
            .Select(act => Place.Read(act.When))
            .Where(place => place.Function == function)
            .Max(place => place.Number);
        if (function == "Begin")
        {
            // Its last request answers the token of the state, which then has ended whatever becomes of the function.
            last--;
        }

        // All that the first try does has its effect; the others find that, and die at once.
        var killed = await Run(
            Enumerable.Range(1, Tries).Select(number => new Place(function, number == 1 ? last : 1) { Invocation = number }),
            "kill"
        );

        output.WriteLine(string.Join('\n', killed.People.Select(act => $"{act.When}: {act.Outcome}")));
        killed.People.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        killed.People[^1].Did.ShouldStartWith("redrive");
        killed.Effects.ShouldBe(undisturbed.Effects);
    }

    private static async Task<RunEnd> Run(IEnumerable<Place> places, string act)
    {
        var effects = string.Empty;
        var result = await Scheduled.Rehearse(
            "schedule:\n"
                + string.Concat(places.Select(place => $"  - {{ when: {{ {place.When} }}, do: {act} }}\n"))
                + (act == "kill" ? Redrive : ""),
            async (accounts, result) => effects = $"{await accounts.EffectsOf(result)}"
        );
        return RunEnd.Of(result, effects);
    }
}
