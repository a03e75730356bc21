namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>An expression that cannot be parsed or evaluated, with JSONata's own code and words.
/// Source: https://github.com/jsonata-js/jsonata/blob/master/src/jsonata.js (its table of errors).</summary>
public sealed class JsonataException(string code, string message) : Exception($"{code}: {message}")
{
    /// <summary>The code, as T1006: S are syntax, T type and D evaluation errors.</summary>
    public string Code { get; } = code;
}
