namespace Deployer.Rehearsal.Logs.Filters;

/// <summary>
/// Words and quoted phrases: all of the plain ones, none of those with <c>-</c>, or, when there are only those with
/// <c>?</c>, any of them.
/// </summary>
internal static class TermPattern
{
    internal static Func<string, bool> Parse(string text)
    {
        var all = new List<string>();
        var none = new List<string>();
        var any = new List<string>();
        for (var at = 0; at < text.Length; )
        {
            if (text[at] == ' ')
            {
                at++;
                continue;
            }

            var target = text[at] switch
            {
                '-' => none,
                '?' => any,
                _ => all,
            };
            at += target == all ? 0 : 1;
            target.Add(Term(text, ref at));
        }

        return all.Count + none.Count == 0 && any.Count > 0
            ? message => any.Exists(term => message.Contains(term, StringComparison.Ordinal))
            : message =>
                all.TrueForAll(term => message.Contains(term, StringComparison.Ordinal))
                && !none.Exists(term => message.Contains(term, StringComparison.Ordinal));
    }

    private static string Term(string text, ref int at)
    {
        if (at < text.Length && text[at] == '"')
        {
            return QuotedText.Read(text, ref at);
        }

        var start = at;
        while (at < text.Length && text[at] != ' ')
        {
            if (!char.IsLetterOrDigit(text[at]) && text[at] is not '_')
            {
                throw new FormatException(
                    text[at] == '%'
                        ? "the rehearsal does not simulate regular expressions in filter patterns"
                        : $"Invalid filter pattern: '{text[at]}' belongs inside double quotes"
                );
            }

            at++;
        }

        return at > start ? text[start..at] : throw new FormatException("Invalid filter pattern: a term is missing");
    }
}
