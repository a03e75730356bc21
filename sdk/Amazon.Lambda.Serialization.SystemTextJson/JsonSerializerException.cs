namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>A payload that is not what the handler takes, or a result that cannot be written.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html</remarks>
public class JsonSerializerException : Exception
{
    /// <summary>An error without a cause of its own.</summary>
    public JsonSerializerException(string message)
        : base(message) { }

    /// <summary>An error that <paramref name="exception"/> explains.</summary>
    public JsonSerializerException(string message, Exception exception)
        : base(message, exception) { }
}
