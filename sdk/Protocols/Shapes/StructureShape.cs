namespace Deployer.Protocols;

/// <summary>A structure of named members.</summary>
internal interface IStructureShape
{
    /// <summary>The name in the service's model, where it may differ from the class's name.</summary>
    string ModelName { get; }

    /// <summary>The members in the model's order.</summary>
    IReadOnlyList<Member> Members { get; }

    /// <summary>A new instance with no member set.</summary>
    object Create();
}

/// <summary>
/// A structure kept in a <typeparamref name="T"/>. The members are listed on first use, because shapes refer to one another in
/// circles.
/// </summary>
internal sealed class StructureShape<T>(string modelName, Func<T> create, Func<MemberList<T>, MemberList<T>> define)
    : Shape<T>,
        IStructureShape
    where T : class
{
    private readonly Lazy<IReadOnlyList<Member>> _members = new(() => define(new MemberList<T>()).Members);

    /// <inheritdoc/>
    public string ModelName => modelName;

    /// <inheritdoc/>
    public IReadOnlyList<Member> Members => _members.Value;

    /// <inheritdoc/>
    public object Create() => create();
}
