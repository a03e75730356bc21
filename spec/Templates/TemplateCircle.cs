namespace Deployer.Spec.Templates;

/// <summary>Finds names that wait for each other.</summary>
internal static class TemplateCircle
{
    /// <summary>The names in a circle; none when each can come after those that it waits for.</summary>
    /// <param name="waits">What each name waits for.</param>
    public static IReadOnlyList<string> Find(IReadOnlyDictionary<string, HashSet<string>> waits)
    {
        var left = waits.ToDictionary();
        while (left.FirstOrDefault(name => !name.Value.Overlaps(left.Keys)) is { Key: { } free })
        {
            left.Remove(free);
        }

        // What nothing in the circle waits for only leads to it.
        while (left.Keys.FirstOrDefault(name => !left.Values.Any(needed => needed.Contains(name))) is { } outside)
        {
            left.Remove(outside);
        }

        return [.. left.Keys];
    }
}
