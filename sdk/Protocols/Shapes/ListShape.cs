using System.Collections;

namespace Deployer.Protocols;

/// <summary>A list.</summary>
/// <param name="item">The shape of every item.</param>
/// <param name="create">Makes a new, empty list of the property's type.</param>
/// <param name="itemName">
/// The name of an item on the wire of the XML protocols, and in a query that is not flattened: "member" unless the model says otherwise.
/// </param>
internal sealed class ListShape(Shape item, Func<IList> create, string itemName) : Shape
{
    /// <summary>The shape of every item.</summary>
    internal Shape Item => item;

    /// <summary>The name of an item on the wire of the XML protocols.</summary>
    internal string ItemName => itemName;

    /// <summary>A new, empty list of the right type.</summary>
    internal IList Create() => create();
}
