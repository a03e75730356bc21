using System.Collections;

namespace Deployer.Protocols;

/// <summary>A list. <c>ItemName</c> is the element's name in XML and in a query that is not flattened.</summary>
internal interface IListShape
{
    /// <summary>The shape of every item.</summary>
    Shape Item { get; }

    /// <summary>The name of an item on the wire of the XML protocols, "member" unless the model says otherwise.</summary>
    string ItemName { get; }

    /// <summary>A new, empty list of the right type.</summary>
    IList Create();
}

/// <summary>A list whose items have the CLR type <typeparamref name="T"/>.</summary>
internal sealed class ListShape<T>(Shape<T> item, string itemName) : Shape<List<T>>, IListShape
{
    /// <inheritdoc/>
    public Shape Item => item;

    /// <inheritdoc/>
    public string ItemName => itemName;

    /// <inheritdoc/>
    public IList Create() => new List<T>();
}
