namespace Deployer.Protocols;

/// <summary>An operation of a service: how it is addressed, what goes in and what comes out.</summary>
/// <param name="Name">As in the API reference, for example "StartExecution".</param>
/// <param name="Request">The request's shape.</param>
/// <param name="Response">The response's shape.</param>
/// <param name="HasOutput">Whether the model declares an output at all. awsQuery writes no result element without one.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path's template with <c>{Labels}</c>; "/" unless the protocol is restJson1.</param>
/// <param name="Status">The HTTP status of success.</param>
internal sealed record OperationModel(
    string Name,
    IStructureShape Request,
    IStructureShape Response,
    bool HasOutput = true,
    string Method = "POST",
    string Path = "/",
    int Status = 200
);
