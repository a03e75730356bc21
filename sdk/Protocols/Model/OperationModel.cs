namespace Deployer.Protocols;

/// <summary>An operation of a service: how it is addressed, what goes in and what comes out.</summary>
/// <param name="name">As in the API reference, for example "StartExecution".</param>
/// <param name="request">The request's shape, asked for when the operation is first used: a process uses few of a service's.</param>
/// <param name="response">The response's shape, asked for likewise.</param>
/// <param name="hasOutput">Whether the model declares an output at all. awsQuery writes no result element without one.</param>
/// <param name="method">The HTTP method.</param>
/// <param name="path">The path's template with <c>{Labels}</c>; "/" unless the protocol is restJson1.</param>
/// <param name="status">The HTTP status of success.</param>
internal sealed class OperationModel(
    string name,
    Func<StructureShape> request,
    Func<StructureShape> response,
    bool hasOutput = true,
    string method = "POST",
    string path = "/",
    int status = 200
)
{
    /// <summary>As in the API reference, for example "StartExecution".</summary>
    internal string Name => name;

    /// <summary>The request's shape.</summary>
    internal StructureShape Request => request();

    /// <summary>The response's shape.</summary>
    internal StructureShape Response => response();

    /// <summary>Whether the model declares an output at all. awsQuery writes no result element without one.</summary>
    internal bool HasOutput => hasOutput;

    /// <summary>The HTTP method.</summary>
    internal string Method => method;

    /// <summary>The path's template with <c>{Labels}</c>; "/" unless the protocol is restJson1.</summary>
    internal string Path => path;

    /// <summary>The HTTP status of success.</summary>
    internal int Status => status;
}
