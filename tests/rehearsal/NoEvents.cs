using System.Text.Json.Nodes;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests;

/// <summary>A bus that nobody listens at.</summary>
internal sealed class NoEvents : IEventSource
{
    public void Publish(
        string account,
        string region,
        string source,
        string detailType,
        IReadOnlyList<string> resources,
        JsonObject detail
    ) { }
}
