using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>What a deployment would do for a step.</summary>
[JsonConverter(typeof(PlannedActionConverter))]
public enum PlannedAction
{
    /// <summary>Nothing: there are no changes.</summary>
    None,

    /// <summary>Nothing as it is now; it is judged again when its turn comes, because steps before it change.</summary>
    Depends,

    /// <summary>What the step is about is created.</summary>
    Create,

    /// <summary>What the step is about is updated.</summary>
    Update,

    /// <summary>A revision is released.</summary>
    Release,

    /// <summary>Functions are given variables.</summary>
    Inject,
}

/// <summary>The texts of <see cref="PlannedAction"/> in plans.</summary>
public static class PlannedActions
{
    /// <summary>The action as plans have it, such as <c>create</c>.</summary>
    public static string Text(this PlannedAction action) => action.ToString().ToLowerInvariant();
}

/// <summary>Writes a <see cref="PlannedAction"/> as its text.</summary>
public sealed class PlannedActionConverter : EnumConverter<PlannedAction>
{
    /// <inheritdoc/>
    protected override string What => "action of a plan";

    /// <inheritdoc/>
    protected override string Format(PlannedAction value) => value.Text();
}
