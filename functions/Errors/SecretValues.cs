using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Deployer.Functions.Errors;

/// <summary>
/// Values that may be in a text of AWS and must not leave with it. One of fewer than four characters is left: <c>1</c>, <c>dev</c> or
/// <c>no</c> stand in names, numbers and words of nearly every cause, so that what would be left says neither what failed nor where, and
/// the places that are cut out would give the value away; and so short a value can be guessed without any cause.
/// </summary>
public sealed class SecretValues
{
    private const int Shortest = 4;

    // Shorter parts are words, ports and names that stand in other facts too.
    private const int ShortestPart = 8;
    private static readonly char[] Separators = [.. " \t\r\n,;:/|@&=?#\"'{}[]()<>"];

    private readonly HashSet<string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Whether all was added that can be found out in this entry, so that it is not read again.</summary>
    public bool IsComplete { get; set; }

    /// <summary>
    /// Adds a value, and what the functions of a template make of one alone: its parts (<c>Fn::Split</c>), its Base64 form
    /// (<c>Fn::Base64</c>) and how it reads in JSON (<c>Fn::ToJsonString</c>), also where that is itself a text in JSON. Nothing for
    /// <see langword="null"/> and what is too short to be one.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
    /// </remarks>
    public void Add(string? value)
    {
        if (value is not { Length: >= Shortest })
        {
            return;
        }

        _values.Add(value);
        _values.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)));
        var inJson = InJson(value);
        _values.Add(inJson);
        _values.Add(InJson(inJson));
        foreach (var part in value.Split(Separators))
        {
            if (part.Length >= ShortestPart)
            {
                _values.Add(part);
            }
        }
    }

    private static string InJson(string value) => JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    /// <summary>
    /// Notes a name that a cause says anyway, such as that of a service: a value that is a part of it (the database's address has the
    /// service's name) is no secret, and without it the cause would say neither what failed nor what runs.
    /// </summary>
    public void Show(string? name)
    {
        if (name is not null)
        {
            _names.Add(name);
        }
    }

    /// <summary>A text without the values; the longest first, so that none is left in part.</summary>
    public string Hide(string text) =>
        _values
            .Where(value => !_names.Any(name => name.Contains(value, StringComparison.Ordinal)))
            .OrderByDescending(value => value.Length)
            .ThenBy(value => value, StringComparer.Ordinal)
            .Aggregate(text, (hidden, value) => hidden.Replace(value, CauseText.Hidden, StringComparison.Ordinal));

    /// <summary>How many there are: never the values themselves.</summary>
    public override string ToString() => $"{_values.Count} secret values";
}
