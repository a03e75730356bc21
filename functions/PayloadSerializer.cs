using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Deployer.Functions.Errors;

namespace Deployer.Functions;

/// <summary>
/// Reads and writes payloads in camel case. What cannot be read is reported by its place alone: the reader's own message may
/// repeat what it read, and a job of CodePipeline holds credentials.
/// </summary>
public sealed class PayloadSerializer : ILambdaSerializer
{
    private readonly SourceGeneratorLambdaJsonSerializer<Payloads> _serializer = new(options =>
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase
    );

    /// <inheritdoc/>
    /// <exception cref="PayloadInvalidException">The payload is no JSON of this type.</exception>
    public T Deserialize<T>(Stream requestStream)
    {
        JsonException fault;
        try
        {
            return _serializer.Deserialize<T>(requestStream);
        }
        catch (JsonSerializerException exception) when (exception.InnerException is JsonException cause)
        {
            fault = cause;
        }

        // Thrown out here: the reader's message must not come along as its cause.
        throw new PayloadInvalidException(
            $"the payload is no {typeof(T).Name}: what is at {fault.Path ?? "$"} cannot be read (line {fault.LineNumber + 1}, byte "
                + $"{fault.BytePositionInLine + 1})"
        );
    }

    /// <inheritdoc/>
    public void Serialize<T>(T response, Stream responseStream) => _serializer.Serialize(response, responseStream);
}
