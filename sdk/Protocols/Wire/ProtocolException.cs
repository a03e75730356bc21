namespace Deployer.Protocols;

/// <summary>A request that a service cannot read: it names no known operation, or its text does not fit the model.</summary>
/// <param name="code">The error code with which AWS answers such a request in this protocol.</param>
/// <param name="message">What is wrong.</param>
/// <param name="status">The HTTP status of that answer.</param>
/// <param name="inner">What the reader said, if it was one.</param>
internal sealed class ProtocolException(string code, string message, int status, Exception? inner = null) : Exception(message, inner)
{
    internal string Code => code;

    internal int Status => status;
}
