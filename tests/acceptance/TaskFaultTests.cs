using System.Collections.Concurrent;
using Deployer.Acceptance.Tests.Running;
using Deployer.Acceptance.Tests.Schedules;

namespace Deployer.Acceptance.Tests;

/// <summary>Requests that Step Functions makes to Lambda for the tasks of the example fail, one way or the other.</summary>
public sealed class TaskFaultTests
{
    /// <summary>Rehearsals: in each of them one of so many requests fails, so that no state uses up its retries.</summary>
    private const int Worlds = 6;

    /// <summary>More than a deployment makes.</summary>
    private const int MostRequests = 120;

    private static readonly Lazy<Task<RunEnd>> Undisturbed = new(() => Run());

    [Theory]
    [InlineData("server-error")]
    [InlineData("throttled")]
    [InlineData("connection-lost-before")]
    [InlineData("connection-lost-after")]
    public async Task A_deployment_comes_to_the_same_end_whichever_of_its_requests_to_Lambda_fail(string fault)
    {
        var undisturbed = await Undisturbed.Value;
        var struck = new ConcurrentBag<int>();

        await Parallel.ForEachAsync(
            Enumerable.Range(1, Worlds),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
            async (first, _) =>
            {
                var end = await Run([
                    .. Enumerable
                        .Range(0, MostRequests / Worlds)
                        .SelectMany(number => new[] { "--fault", $"{fault}:lambda:Invoke:{first + (number * Worlds)}" }),
                ]);
                end.Effects.ShouldBe(undisturbed.Effects);
                struck.Add(end.Struck);
            }
        );

        struck.ShouldAllBe(count => count > 2 && count < MostRequests / Worlds);
    }

    private static async Task<RunEnd> Run(params string[] options)
    {
        var effects = string.Empty;
        var result = await Scheduled.Rehearse(
            "schedule: [ { when: { request: 1, of: Begin }, do: { delay: { by: 0s } } } ]",
            async (accounts, result) => effects = $"{await accounts.EffectsOf(result)}",
            options
        );
        return RunEnd.Of(result, effects) with { Struck = result.Report.Faults?.Count(fault => fault.Struck) ?? 0 };
    }
}
