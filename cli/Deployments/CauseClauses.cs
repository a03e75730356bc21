namespace Deployer.Cli.Deployments;

/// <summary>The clauses of a cause: our exceptions put a fact after a semicolon, or on a line of its own.</summary>
internal static class CauseClauses
{
    private const string Separator = "; ";

    /// <summary>The clauses in their order; a semicolon in quotes or in brackets belongs to the clause.</summary>
    public static IReadOnlyList<string> Split(string cause)
    {
        var clauses = new List<string>();
        foreach (var line in cause.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (start, depth) = (0, 0);
            var isQuoted = false;
            for (var i = 0; i < line.Length; i++)
            {
                isQuoted ^= line[i] == '"';
                depth += line[i] is '(' or '[' or '{' ? 1 : 0;
                depth -= line[i] is ')' or ']' or '}' && depth > 0 ? 1 : 0;
                if (!isQuoted && depth == 0 && line.AsSpan(i).StartsWith(Separator))
                {
                    clauses.Add(line[start..i].Trim());
                    start = i + Separator.Length;
                }
            }

            clauses.Add(line[start..].Trim());
        }

        return [.. clauses.Where(clause => clause.Length > 0)];
    }
}
