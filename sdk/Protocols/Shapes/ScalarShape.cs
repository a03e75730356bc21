namespace Deployer.Protocols;

/// <summary>A shape without parts.</summary>
/// <param name="kind">How the value is written.</param>
internal class ScalarShape(ScalarKind kind) : Shape
{
    /// <summary>How the value is written.</summary>
    internal ScalarKind Kind => kind;

    /// <summary>The value that belongs into a property of this shape, from what a text of <see cref="Kind"/> was read as.</summary>
    internal virtual object FromRead(object read) => read;
}
