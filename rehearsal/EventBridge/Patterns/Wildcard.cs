using System.Text;

namespace Deployer.Rehearsal.EventBridge.Patterns;

/// <summary>Text with <c>*</c> for any characters; a backslash makes <c>*</c> or itself literal.</summary>
internal sealed class Wildcard
{
    private readonly IReadOnlyList<string> _parts;

    private Wildcard(IReadOnlyList<string> parts) => _parts = parts;

    internal static Wildcard Parse(string text)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when i + 1 < text.Length && text[i + 1] is '*' or '\\':
                    part.Append(text[++i]);
                    break;
                case '\\':
                    throw new InvalidEventPatternException($"Invalid escape character at pos {i}");
                case '*' when i + 1 < text.Length && text[i + 1] == '*':
                    throw new InvalidEventPatternException($"Consecutive wildcard characters at pos {i}");
                case '*':
                    parts.Add(part.ToString());
                    part.Clear();
                    break;
                default:
                    part.Append(text[i]);
                    break;
            }
        }

        parts.Add(part.ToString());
        return new Wildcard(parts);
    }

    internal bool Matches(string text)
    {
        if (_parts.Count == 1)
        {
            return text == _parts[0];
        }

        var last = _parts[^1];
        if (
            text.Length < _parts[0].Length + last.Length
            || !text.StartsWith(_parts[0], StringComparison.Ordinal)
            || !text.EndsWith(last, StringComparison.Ordinal)
        )
        {
            return false;
        }

        var at = _parts[0].Length;
        foreach (var part in _parts.Skip(1).SkipLast(1))
        {
            var found = text.IndexOf(part, at, text.Length - last.Length - at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return true;
    }
}
