namespace Deployer.Protocols;

/// <summary>A shape without parts.</summary>
internal interface IScalarShape
{
    /// <summary>How the value is written.</summary>
    ScalarKind Kind { get; }

    /// <summary>The value that belongs into a property of this shape, from what a text of <see cref="Kind"/> was read as.</summary>
    object FromRead(object read);
}

/// <summary>A scalar with the CLR type <typeparamref name="T"/>.</summary>
internal sealed class ScalarShape<T>(ScalarKind kind) : Shape<T>, IScalarShape
{
    /// <inheritdoc/>
    public ScalarKind Kind => kind;

    /// <inheritdoc/>
    public object FromRead(object read) => read;
}
