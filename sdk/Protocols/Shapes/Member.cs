namespace Deployer.Protocols;

/// <summary>
/// One member of a structure: its names, its shape and the way to it. Properties are reached by delegates, never by reflection.
/// </summary>
internal sealed class Member(Shape shape, Func<object, object?> get, Action<object, object> set)
{
    /// <summary>The property's name.</summary>
    internal required string Name { get; init; }

    /// <summary>The name in JSON and in XML, or of the header, query parameter or label that <see cref="Location"/> says.</summary>
    internal required string WireName { get; init; }

    /// <summary>The name in a request of the query protocols; EC2's requests capitalise it.</summary>
    internal required string QueryName { get; init; }

    /// <summary>
    /// The name in the documents of Step Functions' service integrations. It differs where the official SDK renamed the property.
    /// </summary>
    internal required string DocumentName { get; init; }

    internal Shape Shape => shape;

    internal HttpLocation Location { get; init; }

    /// <summary>Whether the model demands a value. The client does not check; the service does.</summary>
    internal bool Required { get; init; }

    /// <summary>Whether the client fills in a random value where the caller gave none.</summary>
    internal bool IdempotencyToken { get; init; }

    internal object? Get(object owner) => get(owner);

    internal void Set(object owner, object value) => set(owner, value);
}
