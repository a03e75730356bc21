using System.Text;
using System.Text.RegularExpressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Expressions;

/// <summary>Parses texts with references.</summary>
internal static partial class ExpressionParser
{
    private const string Forms =
        "${target}, ${service}, ${dns}, a value of the target such as ${system}, or ${steps.NAME.outputs.OUTPUT}; "
        + "$${ stands for a literal ${";

    /// <summary>The expression; what could not be parsed is reported and left out.</summary>
    public static Expression Parse(string text, SourcePosition position, FaultList faults)
    {
        var parts = new List<ExpressionPart>();
        var literal = new StringBuilder();
        var at = 0;
        while (at < text.Length)
        {
            if (StartsWith(text, at, "$${"))
            {
                literal.Append("${");
                at += 3;
            }
            else if (StartsWith(text, at, "${"))
            {
                var end = text.IndexOf('}', at);
                if (end < 0)
                {
                    faults.Add(position, $"the reference that begins with \"{Shortened(text[at..])}\" has no end", "a closing brace");
                    break;
                }
                AddReference(text[(at + 2)..end]);
                at = end + 1;
            }
            else
            {
                literal.Append(text[at++]);
            }
        }
        AddLiteral();
        return new Expression(position, text, parts);

        void AddReference(string name)
        {
            AddLiteral();
            if (ReferenceOf(name) is { } reference)
            {
                parts.Add(reference);
            }
            else
            {
                faults.Add(position, $"\"${{{Shortened(name)}}}\" is not a reference", Forms);
            }
        }

        void AddLiteral()
        {
            if (literal.Length > 0)
            {
                parts.Add(new Literal(literal.ToString()));
                literal.Clear();
            }
        }
    }

    private static Reference? ReferenceOf(string name) =>
        name switch
        {
            "target" => new TargetName(),
            "service" => new ServiceName(),
            "dns" => new EndpointDns(),
            "steps" => null,
            _ when OutputPattern().Match(name) is { Success: true } output => new StepOutput(
                output.Groups[1].Value,
                output.Groups[2].Value
            ),
            _ when ValuePattern().IsMatch(name) => new TargetValue(name),
            _ => null,
        };

    private static bool StartsWith(string text, int at, string prefix) => string.CompareOrdinal(text, at, prefix, 0, prefix.Length) == 0;

    private static string Shortened(string text) => AddressCredentials.HideAndShorten(text, 60);

    [GeneratedRegex(@"^steps\.([A-Za-z][A-Za-z0-9_-]*)\.outputs\.([A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)\z")]
    private static partial Regex OutputPattern();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]*\z")]
    private static partial Regex ValuePattern();
}
