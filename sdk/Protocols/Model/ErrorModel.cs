namespace Deployer.Protocols;

/// <summary>An error that a service's model declares.</summary>
/// <param name="Code">The code on the wire.</param>
/// <param name="Status">The HTTP status that it travels with.</param>
/// <param name="Type">The exception's type.</param>
/// <param name="Shape">The members besides the message.</param>
/// <param name="Create">Makes the exception.</param>
internal sealed record ErrorModel(string Code, int Status, Type Type, IStructureShape Shape, ErrorFactory Create);
