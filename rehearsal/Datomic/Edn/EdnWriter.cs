using System.Globalization;

namespace Deployer.Rehearsal.Datomic.Edn;

/// <summary>Writes edn as Clojure prints it on one line.</summary>
internal static class EdnWriter
{
    /// <summary>The text of a value made of the types of this folder, strings, numbers, booleans and <see langword="null"/>.</summary>
    public static string Write(object? value) =>
        value switch
        {
            null => "nil",
            string text => Quote(text),
            bool truth => truth ? "true" : "false",
            EdnList list => $"({Join(list.Items)})",
            EdnVector vector => $"[{Join(vector.Items)}]",
            EdnMap map => WriteMap(map, ", "),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };

    /// <summary>A map with an entry a line, as ion-dev prints its answers.</summary>
    public static string WriteLines(EdnMap map) => WriteMap(map, ",\n ");

    /// <remarks>As clojure.main prints: names of one namespace share it, <c>#:mvn{:version "1.0"}</c>.</remarks>
    private static string WriteMap(EdnMap map, string separator)
    {
        var names = map.Entries.Select(entry => entry.Key).ToList();
        var space = names.Count > 0 ? Namespace(names[0]) : null;
        var shared = space is not null && names.TrueForAll(name => Namespace(name) == space) ? space : null;
        var entries = map.Entries.Select(entry =>
            $"{Write(shared is null ? entry.Key : WithoutNamespace(entry.Key))} {Write(entry.Value)}"
        );
        return $"{(shared is null ? string.Empty : $"#:{shared}")}{{{string.Join(separator, entries)}}}";
    }

    private static string? Namespace(object name) =>
        name switch
        {
            Keyword keyword when keyword.Name.Contains('/') => keyword.Name.Split('/')[0],
            Symbol symbol when symbol.Name.Contains('/') => symbol.Name.Split('/')[0],
            _ => null,
        };

    private static object WithoutNamespace(object name) =>
        name is Keyword keyword ? new Keyword(keyword.Name.Split('/', 2)[1]) : new Symbol(((Symbol)name).Name.Split('/', 2)[1]);

    private static string Join(IReadOnlyList<object?> items) => string.Join(' ', items.Select(Write));

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\t", "\\t").Replace("\r", "\\r")}\"";
}
