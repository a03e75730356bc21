namespace Deployer.Protocols;

/// <summary>Where a member of an operation's input or output travels (https://smithy.io/2.0/spec/http-bindings.html).</summary>
internal enum HttpLocation
{
    /// <summary>Inside the document in the body.</summary>
    Body,

    /// <summary>A segment of the path.</summary>
    Label,

    /// <summary>A parameter of the query string.</summary>
    Query,

    /// <summary>A header.</summary>
    Header,

    /// <summary>The HTTP status of the answer.</summary>
    StatusCode,

    /// <summary>The whole body.</summary>
    Payload,
}
