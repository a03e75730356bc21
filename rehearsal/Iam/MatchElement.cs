namespace Deployer.Rehearsal.Iam;

/// <summary>An Action, NotAction, Resource or NotResource element: patterns, and whether they are turned round.</summary>
internal sealed record MatchElement(IReadOnlyList<string> Patterns, bool Negated)
{
    public bool Covers(string text, ConditionKeys? variables, bool ignoreCase) =>
        Patterns.Any(pattern => TextPattern.Expand(pattern, variables, wildcards: true)?.Matches(text, ignoreCase) == true) != Negated;
}
