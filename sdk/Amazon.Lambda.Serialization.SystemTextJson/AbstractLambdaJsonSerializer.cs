using System.Text.Encodings.Web;
using System.Text.Json;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>The base of the serializers: what goes wrong is a <see cref="JsonSerializerException"/> that names the type.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html</remarks>
public abstract class AbstractLambdaJsonSerializer
{
    /// <summary>A serializer; letters stay letters in what it writes.</summary>
    /// <param name="jsonWriterCustomizer">Looks at the writer's options.</param>
    protected AbstractLambdaJsonSerializer(Action<JsonWriterOptions>? jsonWriterCustomizer)
    {
        WriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        jsonWriterCustomizer?.Invoke(WriterOptions);
    }

    /// <summary>How answers are written.</summary>
    protected JsonWriterOptions WriterOptions { get; }

    /// <summary>Writes an answer.</summary>
    /// <exception cref="JsonSerializerException">The value cannot be written.</exception>
    public void Serialize<T>(T response, Stream responseStream)
    {
        try
        {
            using var writer = new Utf8JsonWriter(responseStream, WriterOptions);
            InternalSerialize(writer, response);
        }
        catch (Exception exception)
        {
            throw new JsonSerializerException(
                $"Error converting the response object of type {typeof(T).FullName} from the Lambda function to JSON: {exception.Message}",
                exception
            );
        }
    }

    /// <summary>Reads an event.</summary>
    /// <exception cref="JsonSerializerException">The payload is no JSON of this type.</exception>
    public T Deserialize<T>(Stream requestStream)
    {
        try
        {
            using var payload = new MemoryStream();
            requestStream.CopyTo(payload);
            return InternalDeserialize<T>(payload.ToArray());
        }
        catch (Exception exception)
        {
            throw new JsonSerializerException(
                $"Error converting the Lambda event JSON payload to type {typeof(T).FullName}: {exception.Message}",
                exception
            );
        }
    }

    /// <summary>Writes the value.</summary>
    protected abstract void InternalSerialize<T>(Utf8JsonWriter writer, T response);

    /// <summary>Reads the value.</summary>
    protected abstract T InternalDeserialize<T>(byte[] utf8Json);
}
