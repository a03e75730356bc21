namespace Deployer.Functions.Ions;

/// <summary>
/// Compares a revision with what an earlier stage deployed: it was released there, and the same name or the same source gave the same
/// bytes.
/// </summary>
public static class Promotion
{
    /// <summary>A sentence for each difference.</summary>
    /// <param name="pushed">What was pushed to this target.</param>
    /// <param name="earlier">What the earlier stage has, the newest first; one that was released there comes before one that was only
    /// pushed.</param>
    public static IReadOnlyList<string> Differences(PushedRevision pushed, IReadOnlyList<PushedRevision> earlier)
    {
        var same = earlier
            .Where(other => other.Step == pushed.Step && (other.Name == pushed.Name || other.Content == pushed.Content))
            .ToList();
        if ((same.Find(other => other.ReleasedBy is not null) ?? same.FirstOrDefault()) is not { } promoted)
        {
            return [];
        }

        var differences = new List<string>();
        if (promoted.Content != pushed.Content)
        {
            differences.Add($"it was made of other sources than {promoted} on {promoted.Target}");
        }
        else if (promoted.Zip != pushed.Zip)
        {
            differences.Add($"its zip holds other files than that of {promoted} on {promoted.Target}");
        }

        differences.AddRange(
            pushed
                .Libraries.Where(library => promoted.Libraries.TryGetValue(library.Key, out var other) && !Same(library.Value, other))
                .Select(library => $"{library.Key} has {library.Value} and on {promoted.Target} {promoted.Libraries[library.Key]}")
        );
        return differences;
    }

    /// <summary>
    /// What a record of revisions lacks of one, in words that follow its name; <see langword="null"/> when the same name or content was
    /// released.
    /// </summary>
    /// <param name="step">The step that the revision is of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="content">Digest of its folder's content.</param>
    /// <param name="recorded">The record, the newest first.</param>
    public static string? Lacking(string step, string name, string content, IReadOnlyList<PushedRevision> recorded)
    {
        var same = recorded.Where(other => other.Step == step && (other.Name == name || other.Content == content)).ToList();
        return same.Exists(other => other.ReleasedBy is not null) ? null
            : same is [var pushed, ..] ? $"was pushed to {pushed.Target} by deployment {pushed.Deployment} and never released"
            : "was never released";
    }

    /// <summary>Where one account encrypts with KMS, only sizes can be compared.</summary>
    private static bool Same(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);
}
