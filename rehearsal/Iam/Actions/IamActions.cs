using System.Collections.Concurrent;
using System.IO.Compression;
using System.IO.Enumeration;
using System.Text;

namespace Deployer.Rehearsal.Iam.Actions;

/// <summary>
/// The actions that IAM knows, an entry of the embedded file for each service's prefix. A service's is read at the first question for it.
/// </summary>
public static class IamActions
{
    /// <summary>The embedded file.</summary>
    internal const string Resource = "actions.zip";

    private const string Type = "=";

    private static readonly Lazy<ZipArchive> Archive = new(() =>
        new ZipArchive(typeof(IamActions).Assembly.GetManifestResourceStream(Resource)!)
    );
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyDictionary<string, IamAction>>> Services = new(
        StringComparer.OrdinalIgnoreCase
    );
    private static readonly Lock Reading = new();

    /// <summary>The action of a name such as <c>s3:GetObject</c>, which IAM compares without case; null when there is none.</summary>
    public static IamAction? Find(string action) =>
        action.Split(':') is [var service, var name] ? ForService(service).GetValueOrDefault(name) : null;

    /// <summary>The actions of one service that a pattern such as <c>ec2:Describe*</c> names; none when the service is not known.</summary>
    public static IEnumerable<IamAction> Matching(string pattern)
    {
        if (pattern.Split(':') is not [var service, var name])
        {
            return [];
        }

        return ForService(service)
            .Where(action => FileSystemName.MatchesSimpleExpression(name, action.Key, ignoreCase: true))
            .Select(action => action.Value);
    }

    /// <summary>All of the file as text, as its generator writes it.</summary>
    internal static string Text()
    {
        var text = new StringBuilder();
        foreach (var name in Archive.Value.Entries.Select(entry => entry.FullName))
        {
            text.Append("# ").Append(name).Append('\n').Append(Read(name));
        }

        return text.ToString();
    }

    private static IReadOnlyDictionary<string, IamAction> ForService(string service) =>
        Services.GetOrAdd(service, name => new Lazy<IReadOnlyDictionary<string, IamAction>>(() => Parse(name.ToLowerInvariant()))).Value;

    private static Dictionary<string, IamAction> Parse(string service)
    {
        var types = new List<(string Name, ArnPattern Arn)>();
        var actions = new Dictionary<string, IamAction>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Read(service).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (line.Split('\t'))
            {
                case [Type, var name, var arn]:
                    types.Add((name, new ArnPattern(arn)));
                    break;
                case [var name, var known, var keys]:
                    actions[name] = new IamAction(
                        $"{service}:{name}",
                        Parts(known).Select(place => types[int.Parse(place)]).ToDictionary(type => type.Name, type => type.Arn),
                        Parts(keys)
                    );
                    break;
            }
        }

        return actions;
    }

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static string Read(string service)
    {
        // An archive has one position in its stream.
        lock (Reading)
        {
            if (Archive.Value.GetEntry(service) is not { } entry)
            {
                return "";
            }

            using var content = new BrotliStream(entry.Open(), CompressionMode.Decompress);
            using var reader = new StreamReader(content, Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }
}
