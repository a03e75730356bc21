using System.Text.Json;

namespace Deployer.Functions.Ledger;

/// <summary>Reads and writes an enum each of whose values JSON has as a text.</summary>
public abstract class EnumConverter<T> : TextConverter<T>
    where T : struct, Enum
{
    private static readonly T[] All = Enum.GetValues<T>();

    /// <summary>What a value is, after "no": <c>action of a step</c>.</summary>
    protected abstract string What { get; }

    /// <inheritdoc/>
    protected sealed override T Parse(string text)
    {
        foreach (var value in All)
        {
            if (Format(value) == text)
            {
                return value;
            }
        }

        throw new JsonException($"'{text}' is no {What}; expected one of {string.Join(", ", Array.ConvertAll(All, Format))}");
    }
}
