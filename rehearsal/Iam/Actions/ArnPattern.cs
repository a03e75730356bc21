namespace Deployer.Rehearsal.Iam.Actions;

/// <summary>The ARN of a type of resource, with a <c>*</c> for each part that differs.</summary>
/// <param name="Text">Such as <c>arn:*:s3:::*/*</c>; a few types have several, with a comma between them.</param>
public sealed record ArnPattern(string Text)
{
    private const int Parts = 6;

    private readonly string[][] _forms = [.. Text.Split(", ").Select(form => form.Split(':', Parts))];

    /// <summary>The parts of the first of its forms.</summary>
    public IReadOnlyList<string> First => _forms[0];

    /// <summary>Whether some ARN is of this type and of another pattern, such as a Resource element or an ARN itself.</summary>
    public bool Overlaps(string pattern) =>
        pattern.Split(':', Parts) is { Length: Parts } parts
        && Array.Exists(_forms, form => !IsInsideOfBucket(form, parts) && form.Zip(parts).All(pair => Overlap(pair.First, pair.Second)));

    // A bucket's name has no slash; without this the ARN of an object would be one of a bucket.
    private static bool IsInsideOfBucket(string[] form, string[] parts) =>
        form is [_, _, "s3", "", "", "*"] && parts[^1].Contains('/', StringComparison.Ordinal);

    private static bool Overlap(string form, string pattern)
    {
        // reachable[j]: what was read of the other pattern fits the first j characters of this one.
        var reachable = new bool[form.Length + 1];
        reachable[0] = true;
        Skip(form, reachable);
        foreach (var character in pattern)
        {
            var next = new bool[form.Length + 1];
            for (var j = 0; j <= form.Length; j++)
            {
                if (!reachable[j])
                {
                    continue;
                }

                if (character == '*')
                {
                    // It takes any rest of this pattern, up to each of its places.
                    Array.Fill(next, value: true, j, form.Length + 1 - j);
                    break;
                }

                if (j < form.Length && form[j] == '*')
                {
                    next[j] = true;
                }
                else if (j < form.Length && (character == '?' || form[j] == character))
                {
                    next[j + 1] = true;
                }
            }

            Skip(form, next);
            reachable = next;
        }

        return reachable[form.Length];
    }

    // A * of this pattern may stand for nothing.
    private static void Skip(string form, bool[] reachable)
    {
        for (var j = 0; j < form.Length; j++)
        {
            reachable[j + 1] |= reachable[j] && form[j] == '*';
        }
    }
}
