namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>Two paths of one expression must not meet.</summary>
internal static class Overlaps
{
    public static void Refuse(TokenReader reader, IReadOnlyList<DocumentPath> paths)
    {
        for (var second = 1; second < paths.Count; second++)
        {
            for (var first = 0; first < second; first++)
            {
                var how =
                    paths[first].Contains(paths[second]) || paths[second].Contains(paths[first]) ? "overlap"
                    : paths[first].Conflicts(paths[second]) ? "conflict"
                    : null;
                if (how is not null)
                {
                    throw reader.Invalid(
                        $"Two document paths {how} with each other; must remove or rewrite one of these paths; path one: "
                            + $"{paths[first]}, path two: {paths[second]}"
                    );
                }
            }
        }
    }
}
