using System.Globalization;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>
/// Compares steps within the time of one function. Where there is more to read, the next try of the state goes on from there; so it does
/// after a read that was throttled.
/// </summary>
/// <param name="ledger">Keeps how far it came.</param>
/// <param name="retryCount">How often the state was tried again: before the first time, nothing was kept.</param>
public sealed class BatchedComparison(LedgerTable ledger, int retryCount)
{
    /// <summary>The reads of one try, about half a minute at Lambda's rate; nearly every service has fewer.</summary>
    public const int MostReads = 400;

    private readonly List<Compared> _compared = [];
    private int _left = MostReads;

    /// <summary>Compares a step.</summary>
    /// <param name="run">The step.</param>
    /// <param name="compare">Compares it as far as the progress lets it.</param>
    /// <exception cref="NotYetException">More is to be read than one try may.</exception>
    public async Task<Comparison> Compare(StepRun run, Func<ComparisonProgress, Task<Comparison>> compare)
    {
        var before = (retryCount > 0 ? await ledger.Read(StoppedComparison.Key(run)) : null) ?? new StoppedComparison([], []);
        var progress = new ComparisonProgress(before.Compared, _left, before.Listing);
        _compared.Add(new Compared(run, before, progress));
        Comparison comparison;
        try
        {
            comparison = await compare(progress);
        }
        catch (Exception exception) when (Failure.Translate(exception, run.Secrets).IsTransient)
        {
            await Keep();
            throw;
        }

        _left = progress.ReadsLeft;
        if (comparison is Comparison.Unfinished)
        {
            await Keep();
            throw new NotYetException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{progress.Compared.Count} parts of step '{run.Name}' are compared, and the rest follows"
                )
            );
        }

        return before.Notices.Count == 0 ? comparison : comparison with { Notices = [.. before.Notices, .. comparison.Notices] };
    }

    private async Task Keep()
    {
        foreach (var (run, before, progress) in _compared)
        {
            if (progress.Compared.Count > before.Compared.Count || progress.Listing != before.Listing)
            {
                await ledger.Put(
                    StoppedComparison.Key(run),
                    new StoppedComparison([.. progress.Compared], [.. before.Notices, .. progress.Notices], progress.Listing),
                    run.Expiry
                );
            }
        }
    }

    private sealed record Compared(StepRun Run, StoppedComparison Before, ComparisonProgress Progress);
}
