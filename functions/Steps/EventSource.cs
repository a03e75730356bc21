using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Deployer.Functions.Steps;

/// <summary>Events of one service that may be about what a task waits for.</summary>
/// <param name="name">The events' source, such as <c>aws.cloudformation</c>.</param>
/// <param name="resource">
/// The resource that an event of this source is about, as tasks wait for it; <see langword="null"/> when it names none.
/// </param>
/// <param name="isEnd">
/// Whether an event says that what it is about has ended, so that a look that does not find it so was too early; <see langword="null"/>
/// where the heartbeat of the tasks that wait is as early as another look would be.
/// </param>
public sealed class EventSource(string name, Func<SettledEvent, string?> resource, Func<SettledEvent, bool>? isEnd = null)
{
    /// <summary>A source whose events name the resource in their detail.</summary>
    /// <typeparam name="T">The detail, as far as it is read; what cannot be read as one names no resource.</typeparam>
    /// <param name="name">The events' source.</param>
    /// <param name="json">How the detail is read.</param>
    /// <param name="resource">The resource that a detail names.</param>
    /// <param name="isEnd">Whether a detail says that it has ended; <see langword="null"/> where that is not asked.</param>
    public static EventSource WithDetail<T>(string name, JsonTypeInfo<T> json, Func<T, string?> resource, Func<T, bool>? isEnd = null)
        where T : class =>
        new(
            name,
            settled => Detail(settled.Detail, json) is { } detail ? resource(detail) : null,
            isEnd is null ? null : settled => Detail(settled.Detail, json) is { } detail && isEnd(detail)
        );

    /// <summary>The resource that an event is about; <see langword="null"/> for an event of another source.</summary>
    public string? ResourceOf(SettledEvent settled) => settled.Source == name ? resource(settled) : null;

    /// <summary>Whether an event of this source says that what it is about has ended.</summary>
    public bool SaysEnd(SettledEvent settled) => settled.Source == name && isEnd?.Invoke(settled) == true;

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
