using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>Runs that end as one that nothing disturbs, whichever request functions die after.</summary>
/// <param name="output">Where the places are named.</param>
/// <param name="run">Runs with a schedule, in accounts of its own.</param>
internal sealed class KilledRuns(ITestOutputHelper output, Func<string, Task<RunEnd>> run)
{
    /// <summary>The function that a pipeline invokes.</summary>
    public const string OfPipeline = "AnswerJob";

    /// <summary>
    /// Rehearsals side by side. In the first of them every function dies after its request 1, and, once it is tried again, after request
    /// 1 and this many more, and so on; in the second, after request 2: so each place is met with few rehearsals.
    /// </summary>
    private const int Worlds = 6;

    /// <summary>
    /// Lambda tries an event three times in all; then a pipeline's job is lost, whatever the function does:
    /// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html.
    /// </summary>
    private const int MostKillsOfAnEvent = 2;

    private const string Nothing = "{ delay: { by: 0s } }";

    /// <summary>Runs once undisturbed, then with kills until each function has died after each request that it made.</summary>
    /// <param name="functions">The functions that die.</param>
    /// <param name="expected">Functions that have to be among those that make requests.</param>
    public async Task KillEach(IReadOnlyList<string> functions, IReadOnlyList<string> expected)
    {
        var undisturbed = await run(Acts(functions.SelectMany(function => Requests(function)), Nothing));
        var left = Happened(undisturbed);
        expected.Except(left.Select(place => place.Function)).ShouldBeEmpty();
        await KillEach(left, undisturbed, Worlds);
    }

    /// <summary>
    /// Runs undisturbed, then with kills until functions have died after each request that changes something, in the invocations in which
    /// they ask for something again and in their last ones. A death after a read leaves what one after the change before it left. The
    /// machine tries a function again itself, so that nothing is redriven.
    /// </summary>
    /// <param name="functions">The functions; the first of them asks for it a first time, which is not looked at.</param>
    /// <param name="operation">What they ask for again.</param>
    public async Task KillEachAgain(IReadOnlyList<string> functions, string operation)
    {
        var observed = await run(
            Acts(
                functions.SelectMany(function =>
                    Enumerable
                        .Range(1, MostInvocations)
                        .SelectMany(number =>
                            new[]
                            {
                                new Place(function, 1) { Invocation = number },
                                new Place(function, 1) { Invocation = number, Operation = operation },
                            }
                        )
                ),
                Nothing
            )
        );
        var happened = Happened(observed);
        happened.ShouldAllBe(place => place.Invocation < MostInvocations);
        var asked = happened.Where(place => place.Operation is not null).ToList();
        asked.Count.ShouldBeGreaterThan(1, $"{operation} is asked for once");
        asked.RemoveAll(place => place.Function == functions[0] && place.Invocation == asked.Where(IsFirst).Min(one => one.Invocation));
        var last = happened.GroupBy(place => place.Function).Select(places => places.MaxBy(place => place.Invocation)!);
        var watched = asked.Concat(last).Select(place => (place.Function, place.Invocation!.Value)).Distinct().ToList();
        var undisturbed = await run(
            Acts(
                watched.SelectMany(one =>
                    observed.Changes.SelectMany(change =>
                        Enumerable
                            .Range(1, MostChanges)
                            .Select(number => new Place(one.Function, number) { Invocation = one.Value, Operation = change })
                    )
                ),
                Nothing
            )
        );
        undisturbed.Effects.ShouldBe(observed.Effects);
        var left = Happened(undisturbed);
        left.ShouldContain(place => place.Operation == operation);
        left.ShouldAllBe(place => place.Number < MostChanges);
        foreach (var places in left.GroupBy(place => (place.Function, place.Invocation)))
        {
            await KillEach([.. places], undisturbed, (places.Count() + MostKillsOfATask - 1) / MostKillsOfATask);
        }

        bool IsFirst(Place place) => place.Function == functions[0];
    }

    // Twenty minutes of patience and fifteen more, each with three looks.
    private const int MostInvocations = 150;

    private const int MostChanges = 20;

    // Lambda tries an event three times in all. Step Functions tries a task seven times, and most of what follows a change is not reached
    // again once it is made.
    private const int MostKillsOfATask = 2;

    private async Task KillEach(HashSet<Place> left, RunEnd undisturbed, int worlds)
    {
        output.WriteLine($"{left.Count} places: {string.Join(", ", left.CountBy(place => place.Function))}");
        left.ShouldAllBe(place => place.Number < Scheduled.MostRequests);
        var problems = new ConcurrentQueue<string>();
        var next = left.GroupBy(place => place.Function)
            .SelectMany(places => places.Select((place, number) => (Place: place, World: number % worlds)))
            .GroupBy(place => place.World, place => place.Place)
            .Select(places => places.ToList())
            .ToList();
        while (left.Count > 0 && next.Count > 0)
        {
            var before = left.Count;
            var happened = new ConcurrentQueue<Place>();
            await Parallel.ForEachAsync(
                next.Where(places => places.Count > 0),
                new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
                async (places, _) =>
                {
                    var kills = Few(places);
                    var killed = await run(Acts(InTurn(kills), "kill"));
                    if (killed.Effects != undisturbed.Effects)
                    {
                        problems.Enqueue($"after {string.Join(", ", kills)}:\n{killed.Effects}\ninstead of\n{undisturbed.Effects}");
                    }

                    foreach (var (kill, act) in kills.Zip(killed.People).Where(kill => kill.Second.Outcome == ActOutcome.Done))
                    {
                        happened.Enqueue(kill);
                    }
                }
            );
            left.ExceptWith(happened);
            // A function that finds its work done makes fewer requests: what was not reached so is met alone.
            next =
                left.Count < before && left.Count > 0
                    ?
                    [
                        [.. left.GroupBy(place => place.Function).Select(places => places.MinBy(place => place.Number)!)],
                    ]
                    : [];
        }

        problems.Order(StringComparer.Ordinal).ShouldBeEmpty();
        left.ShouldBeEmpty("these never happened");
    }

    private static IEnumerable<Place> Requests(string function) =>
        Enumerable.Range(1, Scheduled.MostRequests).Select(number => new Place(function, number));

    private static string Acts(IEnumerable<Place> places, string act) =>
        "schedule:\n" + string.Concat(places.Select(place => $"  - {{ when: {{ {place.When} }}, do: {act} }}\n"));

    /// <summary>Each kill is followed by another invocation, in which the next one happens.</summary>
    private static IEnumerable<Place> InTurn(IReadOnlyList<Place> places) =>
        places.Select((place, number) => place.Invocation is { } first ? place with { Invocation = first + number } : place);

    private static HashSet<Place> Happened(RunEnd end) =>
        [
            .. end
                .People.Where(act => act.Outcome == ActOutcome.Done && act.When.StartsWith("request ", StringComparison.Ordinal))
                .Select(act => Place.Read(act.When)),
        ];

    private static IReadOnlyList<Place> Few(IReadOnlyList<Place> places) =>
        [
            .. places.Where(place => place.Function != OfPipeline),
            .. places.Where(place => place.Function == OfPipeline).OrderBy(place => place.Number).Take(MostKillsOfAnEvent),
        ];
}

/// <summary>What a run came to, and what became of its schedule.</summary>
internal sealed record RunEnd(string Effects, IReadOnlyList<ActReport> People)
{
    private static readonly string[] Reads = ["Get", "List", "Describe", "Query", "BatchGet", "Head", "AssumeRole"];

    /// <summary>The operations that change something, by their names in a schedule.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>How many faults struck.</summary>
    public int Struck { get; init; }

    /// <summary>What a rehearsal came to.</summary>
    /// <param name="result">The command's result.</param>
    /// <param name="effects">What is different in the accounts.</param>
    public static RunEnd Of(CommandResult result, string effects)
    {
        var report = result.Report;
        return new RunEnd(
            $"{report.Verdict} {report.Error} {report.Cause}; locks held {report.LocksHeld}, waits open {report.WaitsOpen}; {effects}",
            report.People!
        );
    }

    /// <summary>The operations among a report's calls that change something.</summary>
    public static IReadOnlyList<string> ChangesOf(DeploymentReport report) =>
        [
            .. report
                .Calls.Where(call => !Reads.Any(read => call.Operation.StartsWith(read, StringComparison.Ordinal)))
                .Select(call => $"{call.Service}:{call.Operation}")
                .Distinct(),
        ];
}

/// <summary>A request after which a function dies, the first that is the so-manieth of an invocation.</summary>
/// <param name="Function">The function.</param>
/// <param name="Number">Which request.</param>
internal sealed partial record Place(string Function, int Number)
{
    /// <summary>The invocation; <see langword="null"/> for any.</summary>
    public int? Invocation { get; init; }

    /// <summary>The only operation that counts; <see langword="null"/> for all.</summary>
    public string? Operation { get; init; }

    /// <summary>The trigger of a schedule.</summary>
    public string When =>
        $"request: {Number}, of: {Function}"
        + (Invocation is { } invocation ? $", invocation: {invocation}" : string.Empty)
        + (Operation is { } operation ? $", operation: {operation}" : string.Empty);

    /// <summary>Reads what a report says of a trigger.</summary>
    public static Place Read(string when)
    {
        var found = Reported().Match(when);
        found.Success.ShouldBeTrue(when);
        return new Place(found.Groups["function"].Value, int.Parse(found.Groups["number"].Value, CultureInfo.InvariantCulture))
        {
            Invocation = found.Groups["invocation"] is { Success: true } invocation
                ? int.Parse(invocation.Value, CultureInfo.InvariantCulture)
                : null,
            Operation = found.Groups["operation"] is { Success: true } operation ? operation.Value : null,
        };
    }

    public override string ToString() => When;

    [GeneratedRegex(
        "^request (?<number>[0-9]+) of (?<function>[A-Za-z]+)( in invocation (?<invocation>[0-9]+))?( for (?<operation>[^ ]+))?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Reported();
}
