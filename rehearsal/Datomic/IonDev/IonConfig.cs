using Deployer.Rehearsal.Datomic.Edn;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>What ion-dev reads of <c>datomic/ion-config.edn</c>.</summary>
/// <remarks>https://docs.datomic.com/cloud/ions/ions-reference.html#ion-config</remarks>
internal sealed record IonConfig(string AppName, IReadOnlyList<IonLambda> Lambdas)
{
    /// <summary>Where the resource is on the classpath and in a revision.</summary>
    public const string ResourceName = "datomic/ion-config.edn";

    /// <exception cref="CommandFailedException">It is not an ion-config.</exception>
    public static IonConfig Parse(string text)
    {
        EdnMap map;
        try
        {
            map = EdnReader.ReadMap(text);
        }
        catch (FormatException exception)
        {
            throw new CommandFailedException($"{ResourceName}: {exception.Message}", "RuntimeException");
        }

        var lambdas = map["lambdas"] switch
        {
            null => EdnMap.Empty,
            EdnMap entries => entries,
            _ => throw new CommandFailedException($"{ResourceName}: :lambdas must be a map"),
        };
        return new IonConfig(
            map["app-name"] as string ?? throw new CommandFailedException($"{ResourceName}: :app-name must be a string"),
            [.. lambdas.Entries.Select(entry => Lambda(entry.Key, entry.Value))]
        );
    }

    private static IonLambda Lambda(object key, object? value)
    {
        var name = key is Keyword keyword
            ? keyword.Name
            : throw new CommandFailedException($"{ResourceName}: the name of a lambda must be a keyword, not {EdnWriter.Write(key)}");
        var map = value as EdnMap ?? throw new CommandFailedException($"{ResourceName}: {key} must be a map");
        return new IonLambda(
            name,
            (map["fn"] as Symbol)?.Name ?? throw new CommandFailedException($"{ResourceName}: {key} needs a symbol as :fn"),
            map["description"] as string ?? string.Empty,
            Positive(key, map, "timeout-secs") ?? 60,
            Equals(map["concurrency-limit"], new Keyword("none")) ? null : Positive(key, map, "concurrency-limit") ?? 20
        );
    }

    private static int? Positive(object key, EdnMap map, string name) =>
        map[name] switch
        {
            null => null,
            long and > 0 and <= int.MaxValue and var number => (int)number,
            _ => throw new CommandFailedException($"{ResourceName}: :{name} of {key} must be a positive integer"),
        };
}
