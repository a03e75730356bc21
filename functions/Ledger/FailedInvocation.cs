using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>How an invocation of a Lambda function failed, as Step Functions hands it on as the cause of an execution.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-exceptions.html</remarks>
/// <param name="ErrorMessage">The exception's message.</param>
/// <param name="ErrorType">The exception's type.</param>
public sealed record FailedInvocation(string? ErrorMessage, string? ErrorType)
{
    /// <summary>Reads a cause; <see langword="null"/> for one that is not such a document.</summary>
    public static FailedInvocation? Read(string cause)
    {
        try
        {
            return cause.StartsWith('{') ? JsonSerializer.Deserialize(cause, FailedInvocationDocuments.Default.FailedInvocation) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How the failure of an invocation is read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(FailedInvocation))]
internal sealed partial class FailedInvocationDocuments : JsonSerializerContext;
