using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>What YAML 1.1 reads as a number when it is not quoted.
/// https://yaml.org/type/int.html, https://yaml.org/type/float.html</summary>
internal static partial class YamlNumbers
{
    private const int MatchMilliseconds = 1000;

    /// <summary>Whether a plain scalar is a number.</summary>
    public static bool IsNumber(string text) => Integer().IsMatch(text) || Float().IsMatch(text);

    // Binary, octal, hexadecimal, decimal, base 60. 012345678901 is none of them: no octal number has an 8 or a 9.
    [GeneratedRegex(
        "^[-+]?(?:0b[01_]+|0[0-7_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*|[1-9][0-9_]*(?::[0-5]?[0-9])+)$",
        RegexOptions.ExplicitCapture,
        MatchMilliseconds
    )]
    private static partial Regex Integer();

    [GeneratedRegex(
        @"^[-+]?(?:(?:[0-9][0-9_]*)?\._*[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*\.(?:[eE][-+]?[0-9]+)?|"
            + @"[0-9][0-9_]*[eE][-+]?[0-9]+|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|\.(?:inf|Inf|INF))$",
        RegexOptions.ExplicitCapture,
        MatchMilliseconds
    )]
    private static partial Regex Float();
}
