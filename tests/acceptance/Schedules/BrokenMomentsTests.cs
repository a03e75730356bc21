using System.Collections.Concurrent;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Cli.Rehearsals;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>
/// The rehearsal itself fails in a moment that was due: what that moment was of ends, the run comes to its end and says so, nothing is left
/// locked, and the accounts can be used again. One run for each kind of due moment that a deployment has.
/// </summary>
public sealed class BrokenMomentsTests
{
    private const string OnPurpose = "broken on purpose";

    /// <summary>A function that could not be made refuses every change, and the next deployment says so.</summary>
    private const string StaysFailed = "lambda/settled";

    [Fact]
    public Task A_deployment_of_stacks_and_ions() =>
        BreakEach(
            async folder => (CommandLine.Inventory, await Scheduled.CopyPrepared(folder)),
            "autoscaling/instance",
            "cloudformation/advance",
            "cloudformation/changeset",
            "cloudformation/look",
            "codebuild/phase",
            "codedeploy/event",
            "codedeploy/start",
            "codepipeline/action",
            "codepipeline/continue",
            "codepipeline/source",
            "events/delivery",
            "lambda/event",
            "lambda/settled",
            "states/call",
            "states/timer"
        );

    [Fact]
    public Task A_deployment_of_an_ECS_service() =>
        BreakEach(
            async folder =>
            {
                var (state, service) = await ContainerService.CopyDeployed(folder);
                return (service, state);
            },
            "ecs/health",
            "ecs/task"
        );

    [Fact]
    public Task A_deployment_of_transactors() =>
        BreakEach(
            async folder =>
            {
                var (state, service) = await OrdersService.CopyDeployed(folder);
                await OrdersService.AnotherImage(service);
                return (service, state);
            },
            "datomic/transactor",
            "ecs/task"
        );

    private static async Task BreakEach(Func<string, Task<(string Service, string State)>> prepare, params string[] expected)
    {
        var kinds = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        await Run(
            prepare,
            async accounts =>
            {
                await accounts.Rehearsal.World.Do(() => accounts.Rehearsal.World.Coming = (kind, _) => kinds[kind] = true);
                (await accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
            }
        );
        // Lets time pass for the run itself, and is of nothing.
        kinds.Remove("rehearsal/nothing", out _);
        expected.Except(kinds.Keys, StringComparer.Ordinal).ShouldBeEmpty();

        var problems = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(
            kinds.Keys.Order(StringComparer.Ordinal),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
            async (kind, _) =>
            {
                if (await Broken(prepare, kind) is { } problem)
                {
                    problems.Enqueue($"{kind}: {problem}");
                }
            }
        );
        problems.Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    /// <summary>Deploys with the first moment of a kind broken, and once more in the accounts that this leaves.</summary>
    /// <returns>What is not as it should be.</returns>
    private static async Task<string?> Broken(Func<string, Task<(string Service, string State)>> prepare, string kind)
    {
        string? problem = null;
        await Run(
            prepare,
            async accounts =>
            {
                var world = accounts.Rehearsal.World;
                var isBroken = false;
                await world.Do(() =>
                    world.Coming = (coming, _) =>
                    {
                        if (coming == kind && !isBroken)
                        {
                            isBroken = true;
                            throw new InvalidOperationException(OnPurpose);
                        }
                    }
                );
                try
                {
                    problem = $"the run says nothing: {(await accounts.Deploy()).Verdict}";
                }
                catch (RehearsalFailedException failure)
                {
                    problem = failure.Message.Contains(OnPurpose, StringComparison.Ordinal) ? null : failure.Message;
                }
                catch (Exception failure)
                {
                    problem = $"the run ended: {failure.Message}";
                }

                var problems = await world.Do(() => world.Problems.ToList());
                problem ??= problems.Count == 1 ? null : string.Join("; ", problems);
            },
            async accounts =>
            {
                var report = await accounts.Deploy();
                var isAsItShouldBe =
                    kind == StaysFailed
                        ? report.Cause?.Contains("currently in the following state: Failed", StringComparison.Ordinal) == true
                        : report.Verdict is Verdict.Succeeded or Verdict.NothingToDo;
                problem ??=
                    isAsItShouldBe && report is { LocksHeld: 0, WaitsOpen: 0 }
                        ? null
                        : $"afterwards {report.Verdict} {report.Cause}; locks held {report.LocksHeld}, waits open {report.WaitsOpen}";
            }
        );
        return problem;
    }

    private static async Task Run(Func<string, Task<(string Service, string State)>> prepare, params Func<SimulatedAccounts, Task>[] works)
    {
        using var folder = new TemporaryFolder();
        var (service, state) = await prepare(folder.Path);
        foreach (var work in works)
        {
            await using var accounts = await SimulatedAccounts.OpenService(service, state);
            await work(accounts);
        }
    }
}
