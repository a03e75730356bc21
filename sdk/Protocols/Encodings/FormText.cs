namespace Deployer.Protocols;

/// <summary>The text of <c>application/x-www-form-urlencoded</c>, which query strings share.</summary>
internal static class FormText
{
    internal static string Format(IEnumerable<KeyValuePair<string, string>> pairs) =>
        string.Join('&', pairs.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    internal static IEnumerable<KeyValuePair<string, string>> Parse(string text) =>
        from part in text.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        let split = part.IndexOf('=', StringComparison.Ordinal)
        select split < 0 ? new KeyValuePair<string, string>(Decode(part), "") : new(Decode(part[..split]), Decode(part[(split + 1)..]));

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
