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

/// <summary>A structure kept in a <typeparamref name="T"/>. The members are listed on first use, because shapes refer to one another in circles.</summary>
internal sealed class StructureShape<T>(string modelName, Func<T> create, Action<StructureShape<T>> define) : Shape<T>, IStructureShape
    where T : class
{
    private readonly Lock gate = new();
    private List<Member>? members;
    private List<Member> building = [];

    /// <inheritdoc/>
    public string ModelName => modelName;

    /// <inheritdoc/>
    public IReadOnlyList<Member> Members
    {
        get
        {
            if (Volatile.Read(ref members) is { } known)
                return known;
            lock (gate)
            {
                if (members is null)
                {
                    building = [];
                    define(this);
                    Volatile.Write(ref members, building);
                }
            }
            return members;
        }
    }

    /// <inheritdoc/>
    public object Create() => create();

    /// <summary>Adds a member; called by the definition only.</summary>
    internal StructureShape<T> Add<TValue>(
        string name,
        string wireName,
        Shape<TValue> shape,
        Func<T, object?> get,
        Action<T, TValue> set,
        string? queryName = null,
        string? documentName = null,
        HttpLocation location = HttpLocation.Body,
        bool required = false,
        bool flattened = false,
        bool idempotencyToken = false)
    {
        building.Add(new Member(shape, owner => get((T)owner), (owner, value) => set((T)owner, (TValue)value))
        {
            Name = name,
            WireName = wireName,
            QueryName = queryName ?? wireName,
            DocumentName = documentName ?? name,
            Location = location,
            Required = required,
            Flattened = flattened,
            IdempotencyToken = idempotencyToken,
        });
        return this;
    }
}
