using Amazon.Runtime;

namespace Deployer.Protocols;

/// <summary>An error as a client reads it.</summary>
/// <param name="Code">The code, without the namespace and the address that some services add.</param>
/// <param name="Message">The sentence for a human, where there is one.</param>
/// <param name="RequestId">The request's id, where there is one.</param>
/// <param name="Type">Whose fault it is, where the protocol says so.</param>
/// <param name="ReadMembers">Sets the error's own members on an exception.</param>
internal sealed record ErrorAnswer(
    string? Code,
    string? Message,
    string? RequestId,
    ErrorType Type,
    Action<StructureShape, object> ReadMembers
);
