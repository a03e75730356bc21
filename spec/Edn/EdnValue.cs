using System.Globalization;
using System.Numerics;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Edn;

/// <summary>
/// A value of EDN (https://github.com/edn-format/edn) with its place. Values are equal as EDN says, wherever they stand:
/// a list equals a vector with the same elements, maps and sets do not depend on order, and <c>1</c> equals <c>1N</c> but not <c>1.0</c>.
/// </summary>
/// <param name="Position">Where it begins.</param>
public abstract record EdnValue(SourcePosition Position)
{
    /// <summary>What the value is, in the words of a fault.</summary>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public virtual bool Equals(EdnValue? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>The value as EDN.</summary>
    public sealed override string ToString() => EdnPrinter.Print(this);

    private protected static string Shortened(string text) => AddressCredentials.HideAndShorten(text, 40);
}

/// <summary><c>nil</c>.</summary>
public sealed record EdnNil(SourcePosition Position) : EdnValue(Position)
{
    /// <inheritdoc/>
    public override string Description => "nil";
}

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed record EdnBoolean(SourcePosition Position, bool Value) : EdnValue(Position)
{
    /// <inheritdoc/>
    public override string Description => Value ? "true" : "false";
}

/// <summary>A text in double quotes.</summary>
public sealed record EdnString(SourcePosition Position, string Value) : EdnValue(Position)
{
    /// <inheritdoc/>
    public override string Description => $"the string \"{Shortened(Value)}\"";
}

/// <summary>A character such as <c>\a</c> or <c>\newline</c>: one UTF-16 unit, as in Clojure.</summary>
public sealed record EdnCharacter(SourcePosition Position, char Value) : EdnValue(Position)
{
    /// <inheritdoc/>
    public override string Description => "a character";
}

/// <summary>A symbol such as <c>inventory.ions/get-item</c>.</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Namespace">What stands before the slash, or null.</param>
/// <param name="Name">The name.</param>
public sealed record EdnSymbol(SourcePosition Position, string? Namespace, string Name) : EdnValue(Position)
{
    /// <summary>The symbol as it is written.</summary>
    public string FullName => Namespace is null ? Name : $"{Namespace}/{Name}";

    /// <inheritdoc/>
    public override string Description => $"the symbol {Shortened(FullName)}";
}

/// <summary>A keyword such as <c>:fn</c> or <c>:mvn/version</c>.</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Namespace">What stands before the slash, or null.</param>
/// <param name="Name">The name, without the colon.</param>
public sealed record EdnKeyword(SourcePosition Position, string? Namespace, string Name) : EdnValue(Position)
{
    /// <summary>The keyword as it is written, without the colon.</summary>
    public string FullName => Namespace is null ? Name : $"{Namespace}/{Name}";

    /// <inheritdoc/>
    public override string Description => $"the keyword :{Shortened(FullName)}";
}

/// <summary>An integer of any size.</summary>
public sealed record EdnInteger(SourcePosition Position, BigInteger Value) : EdnValue(Position)
{
    /// <inheritdoc/>
    public override string Description => $"the number {Shortened(Value.ToString(CultureInfo.InvariantCulture))}";
}

/// <summary>A ratio such as <c>1/3</c>, in lowest terms with a positive denominator greater than one.</summary>
public sealed record EdnRatio(SourcePosition Position, BigInteger Numerator, BigInteger Denominator) : EdnValue(Position)
{
    /// <inheritdoc/>
    public override string Description => "a ratio";
}

/// <summary>A floating-point number, among them the symbolic <c>##Inf</c>, <c>##-Inf</c> and <c>##NaN</c>.</summary>
public sealed record EdnDouble(SourcePosition Position, double Value) : EdnValue(Position)
{
    /// <inheritdoc/>
    public override string Description => $"the number {Value.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>An exact decimal, written with the suffix <c>M</c>: <c>Unscaled × 10^-Scale</c>.</summary>
public sealed record EdnDecimal(SourcePosition Position, BigInteger Unscaled, int Scale) : EdnValue(Position)
{
    /// <inheritdoc/>
    public override string Description => "an exact decimal";
}

/// <summary>A value with a tag such as <c>#inst</c>; the tag's own rules are not checked.</summary>
public sealed record EdnTagged(SourcePosition Position, EdnSymbol Tag, EdnValue Value) : EdnValue(Position)
{
    /// <inheritdoc/>
    public override string Description => $"a value tagged #{Shortened(Tag.FullName)}";
}
