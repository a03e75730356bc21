using System.Text.RegularExpressions;

namespace Deployer.Spec.Yaml;

/// <summary>The types of a scalar in YAML's core schema.</summary>
internal enum YamlScalarType
{
    Text,
    Null,
    Boolean,
    Number,
}

internal static partial class YamlScalarTypes
{
    public static YamlScalarType Resolve(string plain) =>
        plain switch
        {
            "" or "~" or "null" or "Null" or "NULL" => YamlScalarType.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => YamlScalarType.Boolean,
            _ => Number().IsMatch(plain) ? YamlScalarType.Number : YamlScalarType.Text,
        };

    [GeneratedRegex(
        @"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z"
    )]
    private static partial Regex Number();
}
