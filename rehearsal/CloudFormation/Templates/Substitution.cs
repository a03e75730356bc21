using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>The <c>${…}</c> of <c>Fn::Sub</c>.</summary>
internal static partial class Substitution
{
    /// <summary>The variables of a text; <c>${!literal}</c> is none.</summary>
    public static IEnumerable<Reference> Variables(string text) =>
        Pattern().Matches(text).Select(m => m.Groups["name"].Value.Trim()).Where(name => !name.StartsWith('!')).Select(Parse);

    public static string Replace(string text, Func<string, string> value) =>
        Pattern()
            .Replace(
                text,
                match =>
                {
                    var name = match.Groups["name"].Value.Trim();
                    return name.StartsWith('!') ? $"${{{name[1..]}}}" : value(name);
                }
            );

    public static Reference Parse(string variable) =>
        variable.Split('.', 2) is [var target, var attribute] ? new(target, attribute) : new(variable);

    [GeneratedRegex(@"\$\{(?<name>[^}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
