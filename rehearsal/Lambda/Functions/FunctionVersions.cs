using System.Globalization;
using System.Text.Json;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Functions;

/// <summary>A published version: settings that never change again.</summary>
internal sealed record FunctionVersion(
    string Version,
    FunctionSettings Settings,
    string Description,
    string RevisionId,
    DateTimeOffset Published
);

/// <summary>A name for a version.</summary>
internal sealed record FunctionAlias(string Name, string Version, string Description, string RevisionId)
{
    /// <summary>
    /// The share of calls that another version serves, by version; <see langword="null"/> for none
    /// (https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html).
    /// </summary>
    public IReadOnlyDictionary<string, double>? Weights { get; init; }
}

/// <summary>The published versions and aliases of functions.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html</remarks>
internal sealed class FunctionVersions(RehearsalWorld world, FunctionStore functions)
{
    /// <summary>The version that is not published.</summary>
    public const string Latest = "$LATEST";

    private static readonly Dictionary<string, double> None = [];

    private readonly Table<FunctionVersion> _versions = world.Store.Table<FunctionVersion>("lambda/versions");
    private readonly Table<FunctionAlias> _aliases = world.Store.Table<FunctionAlias>("lambda/aliases");

    /// <summary>What a qualifier stands for: the version and its settings.</summary>
    /// <exception cref="ApiException">ResourceNotFoundException.</exception>
    public (string Version, FunctionSettings Settings) Resolve(Function function, string? qualifier)
    {
        if (qualifier is null or Latest)
        {
            return (Latest, function.Serving);
        }

        var number = _aliases.Get(Key(function, qualifier))?.Version ?? qualifier;
        return number == Latest ? (Latest, function.Serving)
            : _versions.Get(Key(function, number)) is { } version ? (version.Version, version.Settings)
            : throw new ApiException("ResourceNotFoundException", $"Function not found: {function.Arn}:{qualifier}", 404);
    }

    /// <summary>Freezes the settings of now as the next version; unchanged settings give the last version again.</summary>
    /// <exception cref="ApiException">ResourceConflictException, PreconditionFailedException.</exception>
    public FunctionVersion Publish(FunctionReference reference, string? revisionId, string? description)
    {
        var function = functions.Get(reference);
        FunctionStore.CheckRevision(function.RevisionId, revisionId);
        FunctionStore.CheckIdle(function);
        var last = _versions.Get(Key(function, Number(function.LastVersion)));
        if (last is not null && Text(last.Settings) == Text(function.Settings))
        {
            return last;
        }

        var version = new FunctionVersion(
            Number(function.LastVersion + 1),
            function.Settings,
            description ?? function.Settings.Description,
            world.Random.Uuid(),
            world.Now
        );
        _versions.Put(Key(function, version.Version), version);
        functions.Amend(reference, old => old with { LastVersion = old.LastVersion + 1 });
        return version;
    }

    /// <summary>The published versions.</summary>
    public IEnumerable<FunctionVersion> Published(Function function) => _versions.WithPrefix($"{function.Key}/").Select(pair => pair.Value);

    /// <summary>The aliases by name.</summary>
    public IEnumerable<FunctionAlias> Aliases(Function function) => _aliases.WithPrefix($"{function.Key}/").Select(pair => pair.Value);

    /// <summary>The alias.</summary>
    /// <exception cref="ApiException">ResourceNotFoundException.</exception>
    public FunctionAlias Alias(Function function, string name) =>
        _aliases.Get(Key(function, name))
        ?? throw new ApiException("ResourceNotFoundException", $"Cannot find alias arn: {function.Arn}:{name}", 404);

    /// <summary>Makes an alias.</summary>
    /// <exception cref="ApiException">ResourceConflictException, ResourceNotFoundException.</exception>
    public FunctionAlias CreateAlias(
        Function function,
        string name,
        string version,
        string? description,
        IReadOnlyDictionary<string, double>? weights = null
    )
    {
        if (_aliases.Get(Key(function, name)) is not null)
        {
            throw new ApiException("ResourceConflictException", $"Alias already exists: {function.Arn}:{name}", 409);
        }

        return PutAlias(function, name, version, description ?? string.Empty, weights);
    }

    /// <summary>Points an alias to another version; without weights those that it has stay.</summary>
    /// <exception cref="ApiException">
    /// ResourceNotFoundException, PreconditionFailedException, InvalidParameterValueException.
    /// </exception>
    public FunctionAlias UpdateAlias(
        Function function,
        string name,
        string? version,
        string? description,
        string? revisionId,
        IReadOnlyDictionary<string, double>? weights = null
    )
    {
        var old = Alias(function, name);
        FunctionStore.CheckRevision(old.RevisionId, revisionId);
        return PutAlias(function, name, version ?? old.Version, description ?? old.Description, weights ?? old.Weights);
    }

    /// <summary>The version that serves a call: of an alias with weights one or the other.</summary>
    /// <inheritdoc cref="Resolve"/>
    public (string Version, FunctionSettings Settings) Serving(Function function, string? qualifier)
    {
        foreach (var (version, weight) in (qualifier is null ? null : _aliases.Get(Key(function, qualifier)))?.Weights ?? None)
        {
            if (world.Random.NextDouble() < weight)
            {
                return Resolve(function, version);
            }
        }

        return Resolve(function, qualifier);
    }

    /// <summary>Forgets the versions and aliases of a deleted function.</summary>
    public void Delete(Function function)
    {
        foreach (var (key, _) in _versions.WithPrefix($"{function.Key}/"))
        {
            _versions.Remove(key);
        }

        foreach (var (key, _) in _aliases.WithPrefix($"{function.Key}/"))
        {
            _aliases.Remove(key);
        }
    }

    private FunctionAlias PutAlias(
        Function function,
        string name,
        string version,
        string description,
        IReadOnlyDictionary<string, double>? weights
    )
    {
        foreach (var known in (weights?.Keys ?? Enumerable.Empty<string>()).Prepend(version))
        {
            if (known != Latest && _versions.Get(Key(function, known)) is null)
            {
                throw new ApiException("ResourceNotFoundException", $"Function not found: {function.Arn}:{known}", 404);
            }
        }

        if (weights is { Count: > 0 } && (weights.Count > 1 || weights.Values.Any(weight => weight is < 0 or > 1)))
        {
            throw new ApiException(
                "InvalidParameterValueException",
                "An alias routes to one more version at most, with a weight from 0 to 1."
            );
        }

        if (weights is { Count: > 0 } && (version == Latest || weights.ContainsKey(Latest)))
        {
            throw new ApiException(
                "InvalidParameterValueException",
                "$LATEST is not supported for an alias pointing to more than 1 version"
            );
        }

        var alias = new FunctionAlias(name, version, description, world.Random.Uuid())
        {
            Weights = weights is { Count: > 0 } ? weights : null,
        };
        _aliases.Put(Key(function, name), alias);
        return alias;
    }

    private static string Text(FunctionSettings settings) => JsonSerializer.Serialize(settings, Store.Json);

    private static string Key(Function function, string name) => $"{function.Key}/{name}";

    private static string Number(int version) => version.ToString(CultureInfo.InvariantCulture);
}
