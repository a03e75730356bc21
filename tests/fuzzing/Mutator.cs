using System.Globalization;

namespace Deployer.Tests.Fuzzing;

/// <summary>Breaks inputs at random, repeatably from a seed.</summary>
internal sealed class Mutator(int seed)
{
    /// <summary>What makes readers stumble whatever they read.</summary>
    private static readonly string[] Nasty =
    [
        "\0",
        "\uFEFF",
        "\r",
        "\t",
        "\U0001F600",
        "\ud83d",
        "-1",
        "99999999999999999999",
        "1e400",
        "%",
        "\\",
        "\"",
        "'",
        "[[[[[[[[",
        "{\"a\":",
        "\\u0000",
        "null",
        "true",
        "",
    ];

    private readonly Random _random = new(seed);

    /// <summary>How many cases each property tries: few by default, more with the environment variable DEPLOYER_FUZZ_CASES.</summary>
    public static int Cases { get; } =
        int.TryParse(
            Environment.GetEnvironmentVariable("DEPLOYER_FUZZ_CASES"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var cases
        )
            ? cases
            : 200;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    public string Text(string original, params IReadOnlyList<string> tokens)
    {
        tokens = tokens.Count == 0 ? Nasty : tokens;
        var text = original;
        for (var count = _random.Next(1, 6); count > 0; count--)
        {
            var at = _random.Next(text.Length + 1);
            var end = Math.Min(text.Length, at + _random.Next(1, 12));
            text = _random.Next(5) switch
            {
                0 => text.Remove(at, end - at),
                1 => text.Insert(at, text[at..end]),
                2 => text.Insert(at, Pick(tokens)),
                3 => string.Concat(text.AsSpan(0, at), Pick(tokens), text.AsSpan(end)),
                _ => text.Insert(at, ((char)_random.Next(_random.Next(2) == 0 ? 0x80 : 0x10000)).ToString()),
            };
        }
        return text;
    }

    public byte[] Bytes(byte[] original)
    {
        var bytes = original.ToList();
        for (var count = _random.Next(1, 8); count > 0 && bytes.Count > 0; count--)
        {
            var at = _random.Next(bytes.Count);
            switch (_random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(_random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.Insert(at, (byte)_random.Next(256));
                    break;
                default:
                    bytes[at] = (byte)(_random.Next(2) * 0xff);
                    break;
            }
        }
        return [.. bytes];
    }
}
