using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.ECS.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>
/// A task definition in a file of the service, as <c>aws ecs register-task-definition --cli-input-json</c> reads it: members in camel case,
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html.
/// </summary>
internal static class DefinitionFile
{
    /// <summary>The file's text with the values of the target.</summary>
    public static string Text(StepRun run, RelativePath path) =>
        // The mark at the beginning that some editors write is no JSON.
        DefinitionText.InJson(Encoding.UTF8.GetString(run.Source.Folder.Read(path)!).TrimStart('\uFEFF'), run.Target);

    /// <summary>
    /// What a file says, however it is indented and in whatever order its members are: the same content makes the same revision.
    /// </summary>
    /// <param name="text">The file's text.</param>
    public static string Content(string text)
    {
        using var document = JsonDocument.Parse(text);
        using var content = new MemoryStream();
        using (var writer = new Utf8JsonWriter(content))
        {
            Write(writer, document.RootElement);
        }

        return Encoding.UTF8.GetString(content.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var member in value.EnumerateObject())
                {
                    members[member.Name] = member.Value;
                }

                foreach (var (name, member) in members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>The definition that the file of a step holds.</summary>
    /// <param name="run">The step.</param>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="SpecInvalidException">It cannot be read as one; what ECS does not know is a fault, too.</exception>
    public static RegisterTaskDefinitionRequest Read(StepRun run, RelativePath path, string text)
    {
        var step = run.Step<ServiceStep>();
        try
        {
            return JsonSerializer.Deserialize(text, DefinitionDocuments.Default.RegisterTaskDefinitionRequest)
                ?? throw new SpecInvalidException($"{step.Position}: {path} holds no task definition");
        }
        catch (JsonException exception)
        {
            throw new SpecInvalidException($"{step.Position}: {path} is no task definition: {exception.Message}");
        }
    }
}

/// <summary>A constant of ECS, written as its text.</summary>
/// <typeparam name="T">The constants.</typeparam>
internal abstract class EcsConstantConverter<T>(Func<string, T> find) : JsonConverter<T>
    where T : Amazon.Runtime.ConstantClass
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => find(reader.GetString()!);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
