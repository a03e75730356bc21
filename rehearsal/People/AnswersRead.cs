using System.Text.Json;

namespace Deployer.Rehearsal.People;

/// <summary>Reads the answer to each request of a person on its way: OK, or AWS's error and message.</summary>
/// <param name="inner">Carries the requests.</param>
/// <param name="answered">Takes the answer to each.</param>
internal sealed class AnswersRead(HttpMessageHandler inner, Action<string> answered) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        answered(response.IsSuccessStatusCode ? "OK" : Error(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
        return response;
    }

    /// <summary>https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#operation-error-serialization</summary>
    private static string Error(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var type = document.RootElement.GetProperty("__type").GetString()!;
            var message = document.RootElement.EnumerateObject().FirstOrDefault(member => member.Name is "message" or "Message");
            return $"{type[(type.LastIndexOf('#') + 1)..]}: {message.Value}";
        }
        catch (Exception unread) when (unread is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "an error";
        }
    }
}
