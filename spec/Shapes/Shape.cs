using System.Text.RegularExpressions;

namespace Deployer.Spec.Shapes;

/// <summary>
/// What a value of deployer.yaml may be. The tables of shapes (<see cref="SpecShapes"/>) are the one place where keys, choices and patterns
/// are written: the checks (<see cref="ShapeChecker"/>) and the JSON Schema (<see cref="Reading.SpecSchema"/>) both come from them.
/// </summary>
/// <param name="Meaning">One sentence for the reader of the schema.</param>
internal abstract record Shape(string Meaning);

/// <summary>A text.</summary>
/// <param name="Meaning">One sentence for the reader of the schema.</param>
/// <param name="Pattern">The regular expression that the whole text matches, without anchors.</param>
/// <param name="Expected">The pattern in words.</param>
internal sealed record TextShape(string Meaning, string? Pattern = null, string Expected = "a text that is not empty") : Shape(Meaning)
{
    private readonly Regex? _regex = Pattern is null ? null : new Regex($"^(?:{Pattern})$", RegexOptions.CultureInvariant);

    /// <summary>The only texts allowed, if there are few.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Texts that have a place beside <see cref="Choices"/> and do not work yet: a rule refuses them and says so.</summary>
    public IReadOnlyList<string> Later { get; init; } = [];

    /// <summary>Whether numbers and booleans are taken as the text that is written.</summary>
    public bool AnyScalar { get; init; }

    /// <summary>Whether it may not be empty where any scalar is taken; any other text without a pattern may not be.</summary>
    public bool NotEmpty { get; init; }

    /// <summary>Whether what is written here by mistake can be a credential, so that no message shows it.</summary>
    public bool IsConfidential { get; init; }

    public bool IsMatch(string text) =>
        // The length is compared because $ also matches before a final line feed.
        _regex is null
            ? text.Length > 0 || (AnyScalar && !NotEmpty)
            : _regex.Match(text) is { Success: true } match && match.Length == text.Length;
}

/// <summary>true or false.</summary>
internal sealed record BooleanShape(string Meaning) : Shape(Meaning);

/// <summary>A list.</summary>
internal sealed record ListShape(string Meaning, Shape Item) : Shape(Meaning)
{
    /// <summary>Whether at least one item is needed.</summary>
    public bool NotEmpty { get; init; }
}

/// <summary>A map whose keys the service chooses.</summary>
/// <param name="Meaning">One sentence for the reader of the schema.</param>
/// <param name="Name">What a key may be.</param>
/// <param name="Value">What a value may be.</param>
internal sealed record MapShape(string Meaning, TextShape Name, Shape Value) : Shape(Meaning)
{
    /// <summary>Whether at least one entry is needed.</summary>
    public bool NotEmpty { get; init; }

    /// <summary>The most entries, or null for any number.</summary>
    public int? Most { get; init; }

    /// <summary>Names that match the pattern and are still refused, with the reason.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>Why <see cref="Refused"/> names are refused.</summary>
    public string RefusedBecause { get; init; } = "";
}

/// <summary>One known key of a map.</summary>
internal sealed record Key(string Name, Shape Shape, bool Required = false);

/// <summary>A map with known keys.</summary>
internal sealed record ObjectShape(string Meaning, IReadOnlyList<Key> Keys) : Shape(Meaning)
{
    /// <summary>Of the keys, whether at least one has to be there.</summary>
    public bool NotEmpty { get; init; }
}

/// <summary>A map whose first key can be written alone, as a text in its place.</summary>
internal sealed record ShortShape(TextShape Text, ObjectShape Map) : Shape(Map.Meaning);

/// <summary>true or false, or a map that says more than true.</summary>
internal sealed record FlagOrMapShape(BooleanShape Flag, ObjectShape Map) : Shape(Flag.Meaning);

/// <summary>A map that is one of several kinds, recognized by which kind's own key it has.</summary>
/// <param name="Meaning">One sentence for the reader of the schema.</param>
/// <param name="Kinds">The kinds by the key that decides them, which is each one's first key.</param>
internal sealed record KindsShape(string Meaning, IReadOnlyList<ObjectShape> Kinds) : Shape(Meaning)
{
    public IReadOnlyList<string> KindKeys { get; } = [.. Kinds.Select(kind => kind.Keys[0].Name)];
}
