using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Deployer.Functions.Steps;

/// <summary>Events of one service that may be about what a task waits for.</summary>
/// <param name="name">The events' source, such as <c>aws.cloudformation</c>.</param>
/// <param name="resource">
/// The resource that an event of this source is about, as tasks wait for it; <see langword="null"/> when it names none.
/// </param>
public sealed class EventSource(string name, Func<SettledEvent, string?> resource)
{
    /// <summary>A source whose events name the resource in their detail.</summary>
    /// <typeparam name="T">The detail, as far as it is read; what cannot be read as one names no resource.</typeparam>
    /// <param name="name">The events' source.</param>
    /// <param name="json">How the detail is read.</param>
    /// <param name="resource">The resource that a detail names.</param>
    public static EventSource WithDetail<T>(string name, JsonTypeInfo<T> json, Func<T, string?> resource)
        where T : class => new(name, settled => Detail(settled.Detail, json) is { } detail ? resource(detail) : null);

    /// <summary>The resource that an event is about; <see langword="null"/> for an event of another source.</summary>
    public string? ResourceOf(SettledEvent settled) => settled.Source == name ? resource(settled) : null;

    /// <summary>A detail as it is read; <see langword="null"/> for what cannot be read so.</summary>
    internal static T? Detail<T>(JsonElement detail, JsonTypeInfo<T> json)
        where T : class
    {
        try
        {
            return detail.ValueKind == JsonValueKind.Object ? detail.Deserialize(json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
