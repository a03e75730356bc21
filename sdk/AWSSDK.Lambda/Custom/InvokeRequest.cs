using System.Text;

namespace Amazon.Lambda.Model;

/// <content>The official package's ways to set the payload and the client context as text.</content>
public partial class InvokeRequest
{
    /// <summary>The payload as text; setting it sets <see cref="PayloadStream"/>.</summary>
    public string Payload
    {
        get => PayloadStream is null ? null : Encoding.UTF8.GetString(PayloadStream.ToArray());
        set => PayloadStream = value is null ? null : new MemoryStream(Encoding.UTF8.GetBytes(value));
    }

    /// <summary>The client context as text; setting it sets <see cref="ClientContextBase64"/>.</summary>
    public string ClientContext
    {
        get => ClientContextBase64 is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(ClientContextBase64));
        set => ClientContextBase64 = value is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
    }
}
