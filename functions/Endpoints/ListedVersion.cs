using Amazon.Lambda.Model;

namespace Deployer.Functions.Endpoints;

/// <summary>A version of a function as it is kept while the others are listed: without the values of its variables.</summary>
/// <param name="Function">The function's name.</param>
/// <param name="Version">The version's number, or <c>$LATEST</c>.</param>
/// <param name="Differing">The names of the variables that differ.</param>
internal sealed record ListedVersion(string Function, string Version, IReadOnlyList<string> Differing)
{
    /// <summary>What functions call the version that is not published.</summary>
    public const string Latest = "$LATEST";

    /// <summary>Whether it is the one that is not published.</summary>
    public bool IsLatest => Version == Latest;

    /// <summary>A version, compared with the variables that it should have.</summary>
    public static ListedVersion FromConfiguration(FunctionConfiguration version, IReadOnlyDictionary<string, string> wanted) =>
        new(version.FunctionName, version.Version, EndpointComparison.Differing(version.Environment?.Variables, wanted));

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static ListedVersion Parse(string text)
    {
        var parts = text.Split(':');
        return new ListedVersion(parts[0], parts[1], parts[2].Length == 0 ? [] : parts[2].Split(','));
    }

    /// <summary>
    /// In one line: neither the names of functions nor those of variables have a colon or a comma
    /// (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html,
    /// https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html).
    /// </summary>
    public override string ToString() => $"{Function}:{Version}:{string.Join(',', Differing)}";
}
