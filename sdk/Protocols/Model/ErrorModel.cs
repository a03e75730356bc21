namespace Deployer.Protocols;

/// <summary>An error that a service's model declares.</summary>
/// <param name="code">The code on the wire.</param>
/// <param name="status">The HTTP status that it travels with.</param>
/// <param name="type">The exception's type, asked for when an error of the service is answered.</param>
/// <param name="shape">The members besides the message, asked for likewise.</param>
/// <param name="create">Makes the exception.</param>
internal sealed class ErrorModel(string code, int status, Func<Type> type, Func<StructureShape> shape, ErrorFactory create)
{
    /// <summary>The code on the wire.</summary>
    internal string Code => code;

    /// <summary>The HTTP status that it travels with.</summary>
    internal int Status => status;

    /// <summary>The exception's type.</summary>
    internal Type Type => type();

    /// <summary>The members besides the message.</summary>
    internal StructureShape Shape => shape();

    /// <summary>Makes the exception.</summary>
    internal ErrorFactory Create => create;
}
