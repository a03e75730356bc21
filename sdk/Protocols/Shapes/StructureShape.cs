namespace Deployer.Protocols;

/// <summary>
/// A structure of named members. They are listed on first use, because shapes refer to one another in circles and most are never used in
/// a process. No shape is generic: a service has hundreds, and each instantiation would be loaded at its start.
/// </summary>
/// <param name="modelName">The name in the service's model, where it may differ from the class's name.</param>
/// <param name="create">Makes a new instance with no member set.</param>
/// <param name="define">Lists the members in the model's order.</param>
internal sealed class StructureShape(string modelName, Func<object> create, Func<IReadOnlyList<Member>> define) : Shape
{
    private IReadOnlyList<Member>? _members;

    /// <summary>The name in the service's model, where it may differ from the class's name.</summary>
    internal string ModelName => modelName;

    /// <summary>The members in the model's order.</summary>
    internal IReadOnlyList<Member> Members => _members ??= define();

    /// <summary>A new instance with no member set.</summary>
    internal object Create() => create();
}
