using System.Text.Json.Serialization;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>What a check came to.</summary>
[JsonConverter(typeof(CheckStatusConverter))]
public enum CheckStatus
{
    /// <summary>It is as a deployment needs it.</summary>
    Ok,

    /// <summary>A deployment works; it is worth knowing nevertheless.</summary>
    Notice,

    /// <summary>A deployment would fail, or end later than it could.</summary>
    Problem,
}

/// <summary>One thing that was checked before a deployment.</summary>
/// <param name="Check">The check's name; one check may have several results.</param>
/// <param name="Status">What it came to.</param>
/// <param name="Text">What was found, a sentence.</param>
/// <param name="Remedy">What to do, a sentence; <see langword="null"/> where there is nothing to do.</param>
public sealed record CheckResult(string Check, CheckStatus Status, string Text, string? Remedy = null)
{
    /// <summary>What is as it has to be.</summary>
    public static CheckResult Ok(string check, string text) => new(check, CheckStatus.Ok, text);

    /// <summary>What is worth knowing.</summary>
    public static CheckResult Notice(string check, string text, string? remedy = null) => new(check, CheckStatus.Notice, text, remedy);

    /// <summary>The result of a check that itself failed.</summary>
    public static CheckResult NotChecked(string check, Exception exception)
    {
        var failure = Failure.Translate(exception);
        return Problem(
            check,
            $"could not be checked: {failure.Message}",
            failure.IsTransient
                ? "run the checks again"
                : "update the deployer's stacks with 'deployer bootstrap', which grant what the checks need"
        );
    }

    /// <summary>What would let a deployment fail.</summary>
    public static CheckResult Problem(string check, string text, string remedy) => new(check, CheckStatus.Problem, text, remedy);
}

/// <summary>Writes a <see cref="CheckStatus"/> as its name in lower case.</summary>
public sealed class CheckStatusConverter : EnumConverter<CheckStatus>
{
    /// <inheritdoc/>
    protected override string What => "status of a check";

    /// <inheritdoc/>
    protected override string Format(CheckStatus value) => value.ToString().ToLowerInvariant();
}
