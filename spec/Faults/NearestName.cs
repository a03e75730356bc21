namespace Deployer.Spec.Faults;

/// <summary>Finds the known name that a mistyped one was probably meant to be.</summary>
public static class NearestName
{
    // Longer names are compared by their beginning only: a distance costs the product of both lengths.
    private const int ComparedLength = 64;

    /// <summary>The known name with the smallest edit distance, when it is near enough to be a slip; otherwise null.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        var least = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest is not null && least <= Math.Max(1, Math.Min(name.Length, nearest.Length) / 3) ? nearest : null;
    }

    /// <summary>What is expected instead of an unknown name: the nearest one, else all.</summary>
    public static string Expectation(string name, IReadOnlyCollection<string> known)
    {
        if (known.Count == 0)
        {
            return "none, as there are none";
        }
        var nearest = Find(name, known);
        var list = $"one of {string.Join(", ", known)}";
        return nearest is null ? list : $"{list} (did you mean \"{nearest}\"?)";
    }

    // Optimal string alignment: insertions, deletions, replacements and swapped neighbours count one each.
    private static int Distance(string a, string b)
    {
        var (m, n) = (Math.Min(a.Length, ComparedLength), Math.Min(b.Length, ComparedLength));
        var table = new int[m + 1, n + 1];
        for (var i = 0; i <= m; i++)
        {
            table[i, 0] = i;
        }
        for (var j = 0; j <= n; j++)
        {
            table[0, j] = j;
        }
        for (var i = 1; i <= m; i++)
        {
            for (var j = 1; j <= n; j++)
            {
                var replaced = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }
        return table[m, n];
    }
}
