namespace Deployer.Tests.Fuzzing;

/// <summary>Tries a property with many inputs, each within bounds of time and memory.</summary>
internal static class Fuzz
{
    private const int MostShown = 10;
    private const long MostBytes = 256L * 1024 * 1024;

    /// <summary>An input is a few kilobytes at most: what takes longer than this, or more than those bytes, grows without end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs a property for many seeds; a case that throws, does not end in time or allocates too much fails with its
    /// seed.</summary>
    public static Task ForEachSeed(Action<Mutator> property) =>
        ForEachSeed(mutator =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            property(mutator);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated <= MostBytes ? Task.CompletedTask : throw new InvalidOperationException($"it allocated {allocated} bytes");
        });

    /// <inheritdoc cref="ForEachSeed(Action{Mutator})"/>
    public static async Task ForEachSeed(Func<Mutator, Task> property)
    {
        var problems = new Dictionary<string, InvalidOperationException>();
        for (var seed = 0; seed < Mutator.Cases && problems.Count < MostShown; seed++)
        {
            var mutator = new Mutator(seed);
            try
            {
                await Task.Run(() => property(mutator)).WaitAsync(Patience);
            }
            catch (TimeoutException problem)
            {
                throw new InvalidOperationException($"Seed {seed}: no end within {Patience.TotalSeconds} s", problem);
            }
            catch (Exception problem)
            {
                problems.TryAdd(
                    Place(problem),
                    new InvalidOperationException($"Seed {seed}: {problem.GetType().Name}: {problem.Message}\n{Place(problem)}", problem)
                );
            }
        }

        if (problems.Count > 0)
        {
            throw new AggregateException(problems.Values);
        }
    }

    /// <summary>The innermost line of our code, by which problems of one cause are reported once.</summary>
    private static string Place(Exception problem) =>
        problem.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains(" Deployer.", StringComparison.Ordinal))?.Trim()
        ?? problem.GetType().Name;
}
