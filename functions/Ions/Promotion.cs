namespace Deployer.Functions.Ions;

/// <summary>Compares a revision with the one that an earlier stage deployed: the same name or the same source has to give the same bytes.</summary>
public static class Promotion
{
    /// <summary>A sentence for each difference.</summary>
    /// <param name="pushed">What was pushed to this target.</param>
    /// <param name="earlier">What the earlier stage has, the newest first.</param>
    public static IReadOnlyList<string> Differences(PushedRevision pushed, IReadOnlyList<PushedRevision> earlier)
    {
        if (earlier.FirstOrDefault(other => other.Step == pushed.Step && (other.Name == pushed.Name || other.Content == pushed.Content)) is not { } promoted)
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

        differences.AddRange(pushed.Libraries
            .Where(library => promoted.Libraries.TryGetValue(library.Key, out var other) && !Same(library.Value, other))
            .Select(library => $"{library.Key} has {library.Value} and on {promoted.Target} {promoted.Libraries[library.Key]}"));
        return differences;
    }

    /// <summary>Where one account encrypts with KMS, only sizes can be compared.</summary>
    private static bool Same(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);
}
