using Deployer.Spec.Edn;

namespace Deployer.Spec.Ions;

/// <summary>
/// What ion-dev answered to push, deploy or deploy-status. It prints progress first and one EDN map last
/// (https://docs.datomic.com/ions/ions-reference.html#push); a failed command prints <c>:command-failed</c> and <c>:causes</c>.
/// </summary>
public sealed record IonDevAnswer
{
    /// <summary>The git SHA that was pushed, if the push was reproducible.</summary>
    public string? Rev { get; init; }

    /// <summary>The name under which an unreproducible push was made.</summary>
    public string? Uname { get; init; }

    /// <summary>The compute groups to which the application can be deployed.</summary>
    public IReadOnlyList<string> DeployGroups { get; init; } = [];

    /// <summary>Libraries that differ from Datomic's own, with the coordinate that Datomic uses.</summary>
    public IReadOnlyDictionary<string, string> DependencyConflicts { get; init; } = new Dictionary<string, string>();

    /// <summary>The execution that deploys.</summary>
    public string? ExecutionArn { get; init; }

    /// <summary>The status of the whole deployment.</summary>
    public string? DeployStatus { get; init; }

    /// <summary>The status of the deployment of code.</summary>
    public string? CodeDeployStatus { get; init; }

    /// <summary>The command that failed; null when none did.</summary>
    public string? CommandFailed { get; init; }

    /// <summary>Why it failed, outermost first.</summary>
    public IReadOnlyList<string> Causes { get; init; } = [];

    // The map stands at the end; more attempts than this mean that it is not there.
    private const int MaxAttempts = 200;

    /// <summary>Reads the output of a command; null when it does not end with an EDN map.</summary>
    public static IonDevAnswer? Read(string output)
    {
        var end = output.Length;
        for (var attempt = 0; attempt < MaxAttempts && end > 0; attempt++)
        {
            var start = StartOfLastMapLine(output, end);
            if (start < 0)
            {
                return null;
            }
            // A map nested in the answer also begins a line, but does not end the text.
            if (EdnReader.ReadLast(output, start, "ion-dev") is EdnMap map)
            {
                return FromMap(map);
            }
            end = start;
        }
        return null;
    }

    // Where a line before the end begins with a map, after blanks.
    private static int StartOfLastMapLine(string output, int end)
    {
        for (var at = output.LastIndexOf('{', end - 1); at >= 0; at = at == 0 ? -1 : output.LastIndexOf('{', at - 1))
        {
            var before = at;
            while (before > 0 && output[before - 1] is ' ' or '\t')
            {
                before--;
            }
            if (before == 0 || output[before - 1] is '\n' or '\r')
            {
                return at;
            }
        }
        return -1;
    }

    private static IonDevAnswer FromMap(EdnMap map) =>
        new()
        {
            Rev = Text(map["rev"]),
            Uname = Text(map["uname"]),
            DeployGroups = [.. Items(map["deploy-groups"]).Select(Text).OfType<string>()],
            DependencyConflicts = Conflicts(map),
            ExecutionArn = Text(map["execution-arn"]),
            DeployStatus = Text(map["deploy-status"]),
            CodeDeployStatus = Text(map["code-deploy-status"]),
            CommandFailed = Text(map["command-failed"]),
            Causes = [.. Items(map["causes"]).Select(Cause)],
        };

    private static IReadOnlyList<EdnValue> Items(EdnValue? value) =>
        value switch
        {
            EdnSequence sequence => sequence.Items,
            EdnSet set => set.Items,
            _ => [],
        };

    // Names are printed as symbols or strings, depending on the release.
    private static string? Text(EdnValue? value) =>
        value switch
        {
            null or EdnNil => null,
            EdnString text => text.Value,
            _ => value.ToString(),
        };

    private static string Cause(EdnValue value) => Text((value as EdnMap)?["message"]) ?? Text(value) ?? "nil";

    private static Dictionary<string, string> Conflicts(EdnMap map) =>
        ((map["dependency-conflicts"] as EdnMap)?["deps"] as EdnMap)?.Entries.ToDictionary(
            entry => entry.Key.ToString(),
            entry => Text((entry.Value as EdnMap)?["mvn/version"]) ?? entry.Value.ToString()
        )
        ?? [];
}
