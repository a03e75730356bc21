namespace Deployer.Rehearsal.World;

/// <summary>The key of a record that belongs to an account in a region, or the beginning of such keys.</summary>
public readonly record struct RegionalKey
{
    private readonly string _text;

    private RegionalKey(string text) => _text = text;

    /// <summary>The key of one record: <c>account/region/part/…</c>.</summary>
    public static RegionalKey Create(string account, string region, params ReadOnlySpan<string?> parts) =>
        new($"{account}/{region}/{string.Join('/', parts)}");

    /// <summary>What the keys of all records below these parts begin with.</summary>
    public static RegionalKey Prefix(string account, string region, params ReadOnlySpan<string?> parts) =>
        new(parts.IsEmpty ? $"{account}/{region}/" : $"{account}/{region}/{string.Join('/', parts)}/");

    /// <summary>The key as tables take it.</summary>
    public static implicit operator string(RegionalKey key) => key._text;

    /// <inheritdoc/>
    public override string ToString() => _text;
}
