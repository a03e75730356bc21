namespace Deployer.Protocols;

/// <summary>
/// One member of a structure: its names, its shape and the way to it. Properties are reached by delegates, never by reflection.
/// </summary>
/// <param name="name">The property's name.</param>
/// <param name="wireName">The name in JSON and in XML, or of the header, query parameter or label that the location says.</param>
/// <param name="shape">The shape of the property.</param>
/// <param name="get">Reads the property of an instance.</param>
/// <param name="set">Writes it; a value of another type than the property's is an <see cref="InvalidCastException"/>.</param>
/// <param name="queryName">The name in a request of the query protocols; EC2's requests capitalise it.</param>
/// <param name="documentName">
/// The name in the documents of Step Functions' service integrations. It differs where the official SDK renamed the property.
/// </param>
/// <param name="location">Where the member is on the wire.</param>
/// <param name="required">Whether the model demands a value. The client does not check; the service does.</param>
/// <param name="idempotencyToken">Whether the client fills in a random value where the caller gave none.</param>
internal sealed class Member(
    string name,
    string wireName,
    Shape shape,
    Func<object, object?> get,
    Action<object, object> set,
    string? queryName = null,
    string? documentName = null,
    HttpLocation location = HttpLocation.Body,
    bool required = false,
    bool idempotencyToken = false
)
{
    /// <summary>The property's name.</summary>
    internal string Name => name;

    /// <summary>The name in JSON and in XML, or of the header, query parameter or label that <see cref="Location"/> says.</summary>
    internal string WireName => wireName;

    /// <summary>The name in a request of the query protocols; EC2's requests capitalise it.</summary>
    internal string QueryName => queryName ?? wireName;

    /// <summary>
    /// The name in the documents of Step Functions' service integrations. It differs where the official SDK renamed the property.
    /// </summary>
    internal string DocumentName => documentName ?? name;

    /// <summary>The shape of the property.</summary>
    internal Shape Shape => shape;

    /// <summary>Where the member is on the wire.</summary>
    internal HttpLocation Location => location;

    /// <summary>Whether the model demands a value. The client does not check; the service does.</summary>
    internal bool Required => required;

    /// <summary>Whether the client fills in a random value where the caller gave none.</summary>
    internal bool IdempotencyToken => idempotencyToken;

    internal object? Get(object owner) => get(owner);

    internal void Set(object owner, object value) => set(owner, value);
}
