namespace Deployer.Protocols;

/// <summary>The members of a structure kept in a <typeparamref name="T"/>, while they are listed.</summary>
internal sealed class MemberList<T>
{
    private readonly List<Member> _members = [];

    internal IReadOnlyList<Member> Members => _members;

    internal MemberList<T> Add<TValue>(
        string name,
        string wireName,
        Shape<TValue> shape,
        Func<T, object?> get,
        Action<T, TValue> set,
        string? queryName = null,
        string? documentName = null,
        HttpLocation location = HttpLocation.Body,
        bool required = false,
        bool idempotencyToken = false
    )
    {
        _members.Add(
            new Member(shape, owner => get((T)owner), (owner, value) => set((T)owner, (TValue)value))
            {
                Name = name,
                WireName = wireName,
                QueryName = queryName ?? wireName,
                DocumentName = documentName ?? name,
                Location = location,
                Required = required,
                IdempotencyToken = idempotencyToken,
            }
        );
        return this;
    }
}
