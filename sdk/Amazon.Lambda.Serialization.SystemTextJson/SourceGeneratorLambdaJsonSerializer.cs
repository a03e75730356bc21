using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>
/// JSON by a source-generated context, so without reflection over the handlers' types. Names are read in any case, nulls are not written;
/// the context's own options do not count, the customizer's do.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html</remarks>
public class SourceGeneratorLambdaJsonSerializer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSGContext>
    : ILambdaSerializer
    where TSGContext : JsonSerializerContext
{
    private readonly TSGContext _context;

    /// <summary>The defaults.</summary>
    public SourceGeneratorLambdaJsonSerializer()
        : this(null) { }

    /// <summary>The defaults, then <paramref name="customizer"/>.</summary>
    public SourceGeneratorLambdaJsonSerializer(Action<JsonSerializerOptions>? customizer)
    {
        var options = new JsonSerializerOptions
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            PropertyNameCaseInsensitive = true,
            PropertyNamingPolicy = new AwsNamingPolicy(),
        };
        customizer?.Invoke(options);
        _context = (TSGContext)Activator.CreateInstance(typeof(TSGContext), options)!;
    }

    /// <inheritdoc/>
    /// <exception cref="JsonSerializerException">The payload is no JSON of this type, or the context does not know the type.</exception>
    public T Deserialize<T>(Stream requestStream)
    {
        try
        {
            return JsonSerializer.Deserialize(requestStream, TypeInfo<T>())!;
        }
        catch (JsonException exception)
        {
            throw new JsonSerializerException(
                $"Error converting the Lambda event JSON payload to type {typeof(T).FullName}: {exception.Message}",
                exception
            );
        }
    }

    /// <inheritdoc/>
    /// <exception cref="JsonSerializerException">The context does not know the type, or the value cannot be written.</exception>
    public void Serialize<T>(T response, Stream responseStream)
    {
        try
        {
            JsonSerializer.Serialize(responseStream, response, TypeInfo<T>());
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new JsonSerializerException(
                $"Error converting the response object of type {typeof(T).FullName} from the Lambda function to JSON: {exception.Message}",
                exception
            );
        }
    }

    private JsonTypeInfo<T> TypeInfo<T>() =>
        _context.GetTypeInfo(typeof(T)) as JsonTypeInfo<T>
        ?? throw new JsonSerializerException($"No JsonTypeInfo registered in {typeof(TSGContext).FullName} for type {typeof(T).FullName}.");
}
