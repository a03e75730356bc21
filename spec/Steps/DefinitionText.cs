using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Deployer.Spec.Steps;

/// <summary>
/// The texts of a task definition in a file with the values of a target: <c>${target}</c> and the target's own are what they are in
/// <c>deployer.yaml</c>; every other <c>${…}</c> may be a variable of a shell in a command, and stays.
/// </summary>
public static partial class DefinitionText
{
    /// <summary>The file's text for a target, JSON as before.</summary>
    /// <param name="json">The file's text.</param>
    /// <param name="target">The target.</param>
    public static string InJson(string json, TargetSpec target) =>
        In(json, target, value => JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString());

    /// <summary>One text of it.</summary>
    internal static string In(string text, TargetSpec target) => In(text, target, value => value);

    private static string In(string text, TargetSpec target, Func<string, string> written) =>
        Reference()
            .Replace(
                text,
                found =>
                {
                    var name = found.Groups["name"].Value;
                    return target.Values.TryGetValue(name, out var value) ? written(value)
                        : name == "target" ? written(target.Name)
                        : found.Value;
                }
            );

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z][A-Za-z0-9_-]*)\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 60_000)]
    private static partial Regex Reference();
}
