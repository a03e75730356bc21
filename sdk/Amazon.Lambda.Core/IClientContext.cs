namespace Amazon.Lambda.Core;

/// <summary>What a client application sent beside the payload (<c>X-Amz-Client-Context</c>).</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html</remarks>
public interface IClientContext
{
    /// <summary>The client's environment.</summary>
    IDictionary<string, string> Environment { get; }

    /// <summary>The client application.</summary>
    IClientApplication Client { get; }

    /// <summary>Values that the client set.</summary>
    IDictionary<string, string> Custom { get; }
}
