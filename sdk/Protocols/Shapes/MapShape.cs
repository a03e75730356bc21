using System.Collections;

namespace Deployer.Protocols;

/// <summary>A map from strings.</summary>
internal interface IMapShape
{
    /// <summary>The shape of every value.</summary>
    Shape Value { get; }

    /// <summary>A new, empty dictionary of the right type.</summary>
    IDictionary Create();
}

/// <summary>
/// A map whose values have the CLR type <typeparamref name="T"/>. Keys are strings also where the model has an enum, as in the
/// official SDK.
/// </summary>
internal sealed class MapShape<T>(Shape<T> value) : Shape<Dictionary<string, T>>, IMapShape
{
    /// <inheritdoc/>
    public Shape Value => value;

    /// <inheritdoc/>
    public IDictionary Create() => new Dictionary<string, T>();
}
