using System.Collections;
using Deployer.Protocols;

namespace Deployer.Sdk.Tests;

/// <summary>Generated values of any shape, repeatable from a seed, and their comparison.</summary>
internal sealed class Values(int seed)
{
    private const string Characters = "abcXYZ019 .,;:/?&=+%#<>\"'{}[]()\\\t\r\n~äß漢😀-_*|";
    private readonly Random _random = new(seed);

    internal object Create(Shape shape, int depth = 0, bool inHead = false)
    {
        switch (shape)
        {
            case StructureShape structure:
                var instance = structure.Create();
                foreach (var member in structure.Members)
                {
                    // Deep members grow rare, so that shapes that contain themselves end. A query cannot say "a structure with
                    // nothing in it".
                    var always =
                        member.Location is HttpLocation.Label or HttpLocation.StatusCode or HttpLocation.Payload
                        || member == structure.Members[0];
                    if (always || _random.NextDouble() < (depth < 2 ? 0.8 : 0.8 / depth))
                    {
                        member.Set(
                            instance,
                            member.Location == HttpLocation.StatusCode ? 200 : Create(member.Shape, depth + 1, InHead(member))
                        );
                    }
                }

                return instance;
            case ListShape list:
                var items = list.Create();
                for (var i = _random.Next(1, 4); i > 0; i--)
                {
                    items.Add(Create(list.Item, depth + 1));
                }
                return items;
            case MapShape map:
                var entries = map.Create();
                for (var i = _random.Next(1, 4); i > 0; i--)
                {
                    entries[Text() + i] = Create(map.Value, depth + 1);
                }
                return entries;
            default:
                return Scalar((ScalarShape)shape, inHead);
        }
    }

    /// <summary>Both values written out, for a comparison that shows where they differ.</summary>
    internal static string Show(Shape shape, object? value, string indent = "") =>
        (shape, value) switch
        {
            (_, null) => "null",
            (StructureShape structure, _) => string.Concat(
                structure
                    .Members.Select(m => (m.Name, Value: Show(m.Shape, m.Get(value), indent + "  ")))
                    .Where(m => m.Value != "null")
                    .Select(m => $"\n{indent}{m.Name}: {m.Value}")
            ),
            (ListShape list, _) => string.Concat(
                ((IList)value).Cast<object>().Select(item => $"\n{indent}- {Show(list.Item, item, indent + "  ")}")
            ),
            (MapShape map, _) => string.Concat(
                ((IDictionary)value)
                    .Keys.Cast<string>()
                    .Order(StringComparer.Ordinal)
                    .Select(key => $"\n{indent}{key} -> {Show(map.Value, ((IDictionary)value)[key], indent + "  ")}")
            ),
            (_, MemoryStream stream) => Convert.ToHexString(stream.ToArray()),
            (_, DateTime time) => $"{time:O}",
            _ => value.ToString()!,
        };

    private object Scalar(ScalarShape shape, bool inHead) =>
        shape.Kind switch
        {
            ScalarKind.String when shape is EnumShape => shape.FromRead($"value-{_random.Next(10)}"),
            ScalarKind.String => inHead ? $"arn:aws:x:{_random.Next()}/a b" : Text(),
            ScalarKind.Boolean => _random.Next(2) == 0,
            ScalarKind.Integer => _random.Next(int.MinValue, int.MaxValue),
            ScalarKind.Long => _random.NextInt64(),
            ScalarKind.Float => (float)_random.NextDouble(),
            ScalarKind.Double => _random.NextDouble(),
            ScalarKind.Timestamp or ScalarKind.EpochMilliseconds => DateTime.UnixEpoch.AddMilliseconds(
                _random.NextInt64(4_000_000_000_000)
            ),
            ScalarKind.Blob => new MemoryStream([(byte)_random.Next(256), 0, 255, (byte)'a']),
            _ => throw new InvalidOperationException($"No value for {shape.Kind}."),
        };

    // A path or a header cannot hold every character.
    private static bool InHead(Member member) => member.Location is HttpLocation.Label or HttpLocation.Header;

    private string Text()
    {
        var runes = Characters.EnumerateRunes().ToArray();
        return string.Concat(Enumerable.Range(0, _random.Next(1, 12)).Select(_ => runes[_random.Next(runes.Length)])) + "z";
    }
}
