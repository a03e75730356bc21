namespace Amazon.Lambda.Core;

/// <summary>Turns payloads into a handler's input and its result into a payload.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html</remarks>
public interface ILambdaSerializer
{
    /// <summary>Reads one value from the request.</summary>
    T Deserialize<T>(Stream requestStream);

    /// <summary>Writes one value to the response.</summary>
    void Serialize<T>(T response, Stream responseStream);
}
