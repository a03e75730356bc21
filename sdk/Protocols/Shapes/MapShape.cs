using System.Collections;

namespace Deployer.Protocols;

/// <summary>A map from strings. Keys are strings also where the model has an enum, as in the official SDK.</summary>
/// <param name="value">The shape of every value.</param>
/// <param name="create">Makes a new, empty dictionary of the property's type.</param>
internal sealed class MapShape(Shape value, Func<IDictionary> create) : Shape
{
    /// <summary>The shape of every value.</summary>
    internal Shape Value => value;

    /// <summary>A new, empty dictionary of the right type.</summary>
    internal IDictionary Create() => create();
}
