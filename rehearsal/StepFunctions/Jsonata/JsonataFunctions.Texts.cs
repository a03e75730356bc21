using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.Json;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <content>Functions over texts.</content>
internal static partial class JsonataFunctions
{
    private static IEnumerable<(string, int, Func<IReadOnlyList<object?>, object?, object?>)> Texts()
    {
        yield return ("string", 1, (a, c) => Subject(a, c) is { } value ? Text(value, At(a, 1) is true) : null);
        yield return Unary("length", s => (double)s.EnumerateRunes().Count());
        yield return Unary("lowercase", s => s.ToLowerInvariant());
        yield return Unary("uppercase", s => s.ToUpperInvariant());
        yield return Unary(
            "trim",
            s => Regex.Replace(s, "[ \t\n\r]+", " ", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).Trim(' ')
        );
        yield return Unary("base64encode", s => Convert.ToBase64String(Encoding.UTF8.GetBytes(s)));
        yield return Unary("base64decode", s => Encoding.UTF8.GetString(Convert.FromBase64String(s)));
        yield return Unary("encodeUrlComponent", Uri.EscapeDataString);
        yield return Unary("decodeUrlComponent", Uri.UnescapeDataString);
        yield return Unary("parse", Parsed);
        yield return ("hash", 2, (a, _) => a.Count > 0 && a[0] is { } value ? Hashed(value, At(a, 1) as string ?? "SHA-256") : null);
        yield return Binary("substringBefore", (s, t) => s.IndexOf(t, StringComparison.Ordinal) is >= 0 and var at ? s[..at] : s);
        yield return Binary(
            "substringAfter",
            (s, t) => s.IndexOf(t, StringComparison.Ordinal) is >= 0 and var at ? s[(at + t.Length)..] : s
        );
        yield return ("substring", 3, Substring);
        yield return ("pad", 3, Padded);
        yield return ("contains", 2, Contains);
        yield return ("split", 3, Split);
        yield return ("join", 2, Join);
        yield return ("match", 3, Match);
        yield return ("replace", 4, Replace);
    }

    private static (string, int, Func<IReadOnlyList<object?>, object?, object?>) Unary(string name, Func<string, object?> call) =>
        (name, 1, (a, c) => Subject(a, c) is { } value ? call(String(value, name)) : null);

    private static (string, int, Func<IReadOnlyList<object?>, object?, object?>) Binary(string name, Func<string, string, object?> call) =>
        (
            name,
            2,
            (a, c) =>
            {
                var (subject, other) = a.Count == 1 ? (c, a[0]) : (At(a, 0), At(a, 1));
                return subject is null ? null : call(String(subject, name), String(other, name, 2));
            }
        );

    private static object? Parsed(string text)
    {
        try
        {
            return JsonataValue.From(DeepJson.Node(text));
        }
        catch (JsonException)
        {
            throw new JsonataException("D3137", "The argument of function \"parse\" is not JSON");
        }
    }

    private static object Hashed(object value, string algorithm)
    {
        try
        {
            return Paths
                .IntrinsicFunctions.Call("Hash", [JsonValue.Create(Text(value)), JsonValue.Create(algorithm)], () => 0)!
                .GetValue<string>();
        }
        catch (Paths.IntrinsicFailureException e)
        {
            throw new JsonataException("D3137", e.Message);
        }
    }

    private static object? Substring(IReadOnlyList<object?> a, object? c)
    {
        if (At(a, 0) is null)
        {
            return null;
        }

        var text = String(a[0], "substring");
        var start = (int)Number(At(a, 1), "substring", 2);
        start = start < 0 ? Math.Max(0, text.Length + start) : Math.Min(start, text.Length);
        if (At(a, 2) is null)
        {
            return text[start..];
        }

        var length = (int)Math.Max(0, Number(a[2], "substring", 3));
        return text.Substring(start, Math.Min(length, text.Length - start));
    }

    private static object? Padded(IReadOnlyList<object?> a, object? c)
    {
        if (At(a, 0) is null)
        {
            return null;
        }

        var text = String(a[0], "pad");
        var width = (int)Number(At(a, 1), "pad", 2);
        var fill = At(a, 2) is string { Length: > 0 } given ? given : " ";
        var missing = Math.Abs(width) - text.Length;
        if (missing <= 0)
        {
            return text;
        }

        var padding = string.Concat(Enumerable.Repeat(fill, (missing / fill.Length) + 1))[..missing];
        return width > 0 ? text + padding : padding + text;
    }

    private static object? Contains(IReadOnlyList<object?> a, object? c)
    {
        var (subject, pattern) = a.Count == 1 ? (c, a[0]) : (At(a, 0), At(a, 1));
        if (subject is null)
        {
            return null;
        }

        var text = String(subject, "contains");
        return pattern is Regex regex ? regex.IsMatch(text) : text.Contains(String(pattern, "contains", 2), StringComparison.Ordinal);
    }

    private static object? Split(IReadOnlyList<object?> a, object? c)
    {
        if (At(a, 0) is null)
        {
            return null;
        }

        var text = String(a[0], "split");
        var limit = At(a, 2) is null ? int.MaxValue : (int)Number(a[2], "split", 3);
        if (limit < 0)
        {
            throw new JsonataException("D3020", "Third argument of split function must evaluate to a positive number");
        }

        var parts = At(a, 1) switch
        {
            Regex regex => regex.Split(text),
            "" => [.. text.Select(ch => ch.ToString())],
            var separator => text.Split(String(separator, "split", 2)),
        };
        return new JsonataArray(parts.Take(limit));
    }

    private static object? Join(IReadOnlyList<object?> a, object? c) =>
        At(a, 0) is null ? null : string.Join(At(a, 1) as string ?? "", Many(a[0]).Select(item => String(item, "join")));

    private static object? Match(IReadOnlyList<object?> a, object? c)
    {
        if (At(a, 0) is null)
        {
            return null;
        }

        var regex = At(a, 1) as Regex ?? throw Refused("match", 2);
        var limit = At(a, 2) is null ? int.MaxValue : (int)Number(a[2], "match", 3);
        return JsonataArray.Sequence(regex.Matches(String(a[0], "match")).Take(limit).Select(Matched));
    }

    private static object Matched(Match match) =>
        new JsonataObject
        {
            ["match"] = match.Value,
            ["index"] = (double)match.Index,
            ["groups"] = new JsonataArray(match.Groups.Cast<Group>().Skip(1).Select(g => (object?)g.Value)),
        };

    private static object? Replace(IReadOnlyList<object?> a, object? c)
    {
        if (At(a, 0) is null)
        {
            return null;
        }

        var text = String(a[0], "replace");
        var limit = At(a, 3) is null ? -1 : (int)Number(a[3], "replace", 4);
        var regex = At(a, 1) switch
        {
            Regex given => given,
            "" => throw new JsonataException("D3010", "Second argument of replace function cannot be an empty string"),
            var pattern => new Regex(Regex.Escape(String(pattern, "replace", 2)), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
        };
        if (At(a, 2) is JsonataFunction function)
        {
            return regex.Replace(text, m => String(function.Call([Matched(m)], null), "replace", 3), limit);
        }

        var replacement = String(At(a, 2), "replace", 3);
        return a[1] is Regex ? regex.Replace(text, m => Expanded(replacement, m), limit) : regex.Replace(text, _ => replacement, limit);
    }

    /// <summary><c>$1</c> is a group, <c>$$</c> a dollar.</summary>
    private static string Expanded(string replacement, Match match) =>
        Regex.Replace(
            replacement,
            @"\$\$|\$[0-9]+",
            m => m.Value == "$$" ? "$" : match.Groups[int.Parse(m.Value[1..])].Value,
            RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1)
        );
}
