using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>The intrinsic functions of the States language.</summary>
internal static class IntrinsicFunctions
{
    private const int MaximumArrayRange = 1000;
    private const int MaximumEncodedLength = 10_000;

    public static readonly IReadOnlySet<string> Known = new HashSet<string>
    {
        "Array",
        "ArrayContains",
        "ArrayGetItem",
        "ArrayLength",
        "ArrayPartition",
        "ArrayRange",
        "ArrayUnique",
        "Base64Decode",
        "Base64Encode",
        "Format",
        "Hash",
        "JsonMerge",
        "JsonToString",
        "MathAdd",
        "MathRandom",
        "StringSplit",
        "StringToJson",
        "UUID",
    };

    public static JsonNode? Call(string function, IReadOnlyList<JsonNode?> arguments, Func<double> random) =>
        function switch
        {
            "Array" => new JsonArray([.. arguments.Select(a => a?.DeepClone())]),
            "ArrayContains" => JsonValue.Create(Array(arguments, 0, 2).Any(n => JsonNode.DeepEquals(n, arguments[1]))),
            "ArrayGetItem" => ArrayGetItem(Array(arguments, 0, 2), Integer(arguments, 1)),
            "ArrayLength" => JsonValue.Create(Array(arguments, 0, 1).Count),
            "ArrayPartition" => ArrayPartition(Array(arguments, 0, 2), Integer(arguments, 1)),
            "ArrayRange" => ArrayRange(Integer(arguments, 0, 3), Integer(arguments, 1), Integer(arguments, 2)),
            "ArrayUnique" => ArrayUnique(Array(arguments, 0, 1)),
            "Base64Decode" => Base64Decode(Limited(String(arguments, 0, 1))),
            "Base64Encode" => JsonValue.Create(Convert.ToBase64String(Encoding.UTF8.GetBytes(Limited(String(arguments, 0, 1))))),
            "Format" => JsonValue.Create(Format(arguments)),
            "Hash" => JsonValue.Create(Hash(arguments)),
            "JsonMerge" => JsonMerge(arguments),
            "JsonToString" => JsonValue.Create(StateData.Text(Argument(arguments, 0, 1))),
            "MathAdd" => JsonValue.Create(Integer(arguments, 0, 2) + Integer(arguments, 1)),
            "MathRandom" => MathRandom(arguments, random),
            "StringSplit" => StringSplit(String(arguments, 0, 2), String(arguments, 1)),
            "StringToJson" => StringToJson(String(arguments, 0, 1)),
            "UUID" => JsonValue.Create(Uuid(random)),
            _ => throw new IntrinsicFailureException($"Unknown function States.{function}"),
        };

    /// <summary>A version 4 UUID from the given randomness.</summary>
    internal static string Uuid(Func<double> random)
    {
        var bytes = new byte[16];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(random() * 256);
        }

        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private static JsonNode? ArrayGetItem(JsonArray array, long index) =>
        index >= 0 && index < array.Count
            ? array[(int)index]?.DeepClone()
            : throw new IntrinsicFailureException($"Index {index} is out of bounds for an array of length {array.Count}");

    private static JsonArray ArrayPartition(JsonArray array, long size) =>
        size < 1
            ? throw new IntrinsicFailureException("The chunk size must be a positive number")
            : new JsonArray([
                .. array.Chunk((int)Math.Min(size, int.MaxValue)).Select(part => new JsonArray([.. part.Select(n => n?.DeepClone())])),
            ]);

    private static JsonArray ArrayRange(long first, long last, long step)
    {
        if (step == 0)
        {
            throw new IntrinsicFailureException("The increment must not be 0");
        }

        var range = new JsonArray();
        for (var i = first; step > 0 ? i <= last : i >= last; i += step)
        {
            if (range.Count == MaximumArrayRange)
            {
                throw new IntrinsicFailureException($"The range has more than {MaximumArrayRange} items");
            }

            range.Add(i);
        }

        return range;
    }

    private static JsonArray ArrayUnique(JsonArray array)
    {
        var unique = new JsonArray();
        foreach (var item in array)
        {
            if (!unique.Any(n => JsonNode.DeepEquals(n, item)))
            {
                unique.Add(item?.DeepClone());
            }
        }

        return unique;
    }

    private static JsonValue Base64Decode(string text)
    {
        try
        {
            return JsonValue.Create(Encoding.UTF8.GetString(Convert.FromBase64String(text)));
        }
        catch (FormatException)
        {
            throw new IntrinsicFailureException("The text is not Base64");
        }
    }

    private static string Format(IReadOnlyList<JsonNode?> arguments)
    {
        if (arguments.Count == 0 || !StateData.TryString(arguments[0], out var template))
        {
            throw new IntrinsicFailureException("The template must be a string");
        }

        var text = new StringBuilder();
        var next = 1;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == '\\' && i + 1 < template.Length && template[i + 1] is '{' or '}')
            {
                text.Append(template[++i]);
            }
            else if (template[i] == '{' && i + 1 < template.Length && template[i + 1] == '}')
            {
                text.Append(
                    next < arguments.Count
                        ? Shown(arguments[next++])
                        : throw new IntrinsicFailureException("The number of arguments does not match the number of '{}' in the template")
                );
                i++;
            }
            else
            {
                text.Append(template[i]);
            }
        }

        return next == arguments.Count
            ? text.ToString()
            : throw new IntrinsicFailureException("The number of arguments does not match the number of '{}' in the template");
    }

    /// <summary>As Java prints a value: objects as <c>{name=value}</c>.</summary>
    private static string Shown(JsonNode? node) =>
        node switch
        {
            JsonObject o => "{" + string.Join(", ", o.Select(p => $"{p.Key}={Shown(p.Value)}")) + "}",
            JsonArray a => "[" + string.Join(", ", a.Select(Shown)) + "]",
            _ when StateData.TryString(node, out var text) => text,
            _ => StateData.Text(node),
        };

#pragma warning disable CA5350, CA5351 // The States language offers MD5 and SHA-1; nothing here rests on their strength.
    private static string Hash(IReadOnlyList<JsonNode?> arguments)
    {
        var data = Encoding.UTF8.GetBytes(Limited(Shown(Argument(arguments, 0, 2))));
        var digest = String(arguments, 1) switch
        {
            "MD5" => System.Security.Cryptography.MD5.HashData(data),
            "SHA-1" => System.Security.Cryptography.SHA1.HashData(data),
            "SHA-256" => System.Security.Cryptography.SHA256.HashData(data),
            "SHA-384" => System.Security.Cryptography.SHA384.HashData(data),
            "SHA-512" => System.Security.Cryptography.SHA512.HashData(data),
            var other => throw new IntrinsicFailureException($"Unknown hash algorithm {other}"),
        };
        return Convert.ToHexStringLower(digest);
    }
#pragma warning restore CA5350, CA5351

    private static JsonObject JsonMerge(IReadOnlyList<JsonNode?> arguments)
    {
        if (
            Argument(arguments, 0, 3) is not JsonObject first
            || arguments[1] is not JsonObject second
            || arguments[2]?.GetValueKind() != JsonValueKind.False
        )
        {
            throw new IntrinsicFailureException("Two objects and false are expected: only the shallow merge exists");
        }

        var merged = (JsonObject)first.DeepClone();
        foreach (var (name, value) in second)
        {
            merged[name] = value?.DeepClone();
        }

        return merged;
    }

    private static JsonValue MathRandom(IReadOnlyList<JsonNode?> arguments, Func<double> random)
    {
        if (arguments.Count is not (2 or 3))
        {
            throw new IntrinsicFailureException("Two or three arguments are expected");
        }

        var from = Integer(arguments, 0);
        var to = Integer(arguments, 1);
        if (from >= to)
        {
            throw new IntrinsicFailureException("The start must be less than the end");
        }

        var draw = arguments.Count == 2 ? random() : new Random(unchecked((int)Integer(arguments, 2))).NextDouble();
        return JsonValue.Create(from + (long)Math.Floor(draw * (to - from)));
    }

    private static JsonArray StringSplit(string text, string separators) =>
        new([.. text.Split(separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries).Select(part => (JsonNode)part)]);

    private static JsonNode? StringToJson(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            return StateData.Parse(text);
        }
        catch (JsonException)
        {
            throw new IntrinsicFailureException("The text is not JSON");
        }
    }

    private static JsonNode? Argument(IReadOnlyList<JsonNode?> arguments, int index, int? count = null) =>
        count is null || arguments.Count == count
            ? arguments[index]
            : throw new IntrinsicFailureException($"{count} arguments are expected but there are {arguments.Count}");

    private static JsonArray Array(IReadOnlyList<JsonNode?> arguments, int index, int? count = null) =>
        Argument(arguments, index, count) as JsonArray ?? throw new IntrinsicFailureException($"Argument {index + 1} must be an array");

    private static string String(IReadOnlyList<JsonNode?> arguments, int index, int? count = null) =>
        StateData.TryString(Argument(arguments, index, count), out var text)
            ? text
            : throw new IntrinsicFailureException($"Argument {index + 1} must be a string");

    /// <summary>Rounded to the nearest whole number, halves upwards, as recorded on AWS.</summary>
    private static long Integer(IReadOnlyList<JsonNode?> arguments, int index, int? count = null) =>
        StateData.TryNumber(Argument(arguments, index, count), out var number)
            ? (long)Math.Floor(number + 0.5)
            : throw new IntrinsicFailureException($"Argument {index + 1} must be a number");

    private static string Limited(string text) =>
        text.Length <= MaximumEncodedLength
            ? text
            : throw new IntrinsicFailureException($"The text is longer than {MaximumEncodedLength} characters");
}
