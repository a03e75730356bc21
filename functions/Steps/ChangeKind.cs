using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>What happens to a thing by a change that a plan shows, in the order in which changes are counted.</summary>
[JsonConverter(typeof(ChangeKindConverter))]
public enum ChangeKind
{
    /// <summary>It is made.</summary>
    Added,

    /// <summary>It stays, and is changed.</summary>
    Modified,

    /// <summary>Another one takes its place.</summary>
    Replaced,

    /// <summary>It goes.</summary>
    Removed,

    /// <summary>It is there, and becomes part of the stack.</summary>
    Imported,

    /// <summary>What happens to it is decided after apply.</summary>
    Dynamic,
}

/// <summary>The texts of <see cref="ChangeKind"/> in plans.</summary>
public static class ChangeKinds
{
    /// <summary>The kind as plans have it, such as <c>replaced</c>.</summary>
    public static string Text(this ChangeKind kind) => kind.ToString().ToLowerInvariant();
}

/// <summary>Writes a <see cref="ChangeKind"/> as its text.</summary>
public sealed class ChangeKindConverter : EnumConverter<ChangeKind>
{
    /// <inheritdoc/>
    protected override string What => "kind of change";

    /// <inheritdoc/>
    protected override string Format(ChangeKind value) => value.Text();
}
