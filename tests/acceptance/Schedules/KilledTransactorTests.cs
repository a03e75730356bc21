using System.Text.RegularExpressions;
using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>
/// Functions die while transactors are replaced, after a request has had its effect and before they hear of it: where a single transactor
/// changes its part, and where what was there before is put back. <see cref="KilledFunctionTests"/> has the roll of a pair.
/// </summary>
public sealed partial class KilledTransactorTests(ITestOutputHelper output)
{
    private const string Standby = "ReplaceStandby";
    private const string Active = "ReplaceActive";
    private const string Watch = "WatchTransactors";
    private const string Change = "ecs:UpdateService";
    private const int Redrives = 30;

    private static readonly string Redriven = Scheduled.Lines(
        Redrives,
        time => $"  - {{ who: bob, when: {{ closes: 1, occurrence: {time}, wait: 1m }}, do: redrive }}"
    );

    /// <summary>The part that is down is raised, the other one dropped, and they have swapped their parts.</summary>
    [Fact]
    public async Task A_single_transactor_that_swaps_its_parts_comes_to_the_same_end() =>
        await new KilledRuns(output, acts => Roll(isSingle: true, fault: null, acts + Redriven)).KillEach(
            [Standby, Active, Watch],
            [Standby, Active, Watch]
        );

    /// <summary>
    /// What is put back is so once, and the cause is the one that it is without any death. ECS gives up a task that does not start, so that
    /// an event has it put back; for what a log does not say no event comes.
    /// </summary>
    [Theory]
    [InlineData(false, "tasks-do-not-start", Standby, "Resume")]
    [InlineData(false, "transactor-does-not-stand-by", Standby)]
    [InlineData(false, "transactor-does-not-take-over", Active)]
    [InlineData(true, "transactor-does-not-stand-by", Standby)]
    [InlineData(true, "transactor-does-not-take-over", Active)]
    public async Task What_is_put_back_comes_to_the_same_end(bool isSingle, string fault, params string[] functions) =>
        await new KilledRuns(output, acts => Roll(isSingle, fault, acts)).KillEachAgain(functions, Change);

    private static async Task<RunEnd> Roll(bool isSingle, string? fault, string acts)
    {
        using var folder = new TemporaryFolder();
        var (state, service) = await OrdersService.CopyDeployed(folder.Path, isSingle);
        await OrdersService.AnotherImage(service);
        var result = await OrdersService.Rehearse(
            service,
            state,
            ["--schedule", await Scheduled.Write(folder.Path, acts), .. fault is null ? Array.Empty<string>() : ["--fault", fault]]
        );
        var (gaps, isWritable) = await OrdersService.Writer(service, state);
        var report = result.Report;
        // Of two that are put back at once, either may be active; how many have failed by the time they are listed is ECS's matter.
        var cause = Counts().Replace(Roles().Replace(Ids().Replace(report.Cause ?? string.Empty, "ID"), "(ROLE)"), "tasks of");
        return new RunEnd(
            $"{report.Verdict} {report.Error} {cause}; locks held {report.LocksHeld}, "
                + $"waits open {report.WaitsOpen}; {await OrdersService.Described(service, state)}; {gaps.Count} gaps, "
                + (isWritable ? "writable" : "not writable"),
            report.People!
        )
        {
            Changes = RunEnd.ChangesOf(report),
        };
    }

    /// <summary>Ids of tasks and deployments, and the times of lines of logs, are others in each run.</summary>
    [GeneratedRegex("[0-9a-f]{32}|ecs-svc/[0-9]+|\"timestamp\":[0-9]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ids();

    [GeneratedRegex("[0-9]+ tasks of", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counts();

    [GeneratedRegex("\\((active|standby)\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Roles();
}
