using Deployer.Protocols;

namespace Deployer.Sdk.Tests.Protocols.Wire;

/// <summary>A written request as a service would see it.</summary>
internal static class WrittenRequest
{
    extension(HttpRequestParts parts)
    {
        internal string Path =>
            parts.Labels.Aggregate(
                parts.PathTemplate,
                (path, label) => path.Replace($"{{{label.Key}}}", Uri.EscapeDataString(label.Value), StringComparison.Ordinal)
            );

        internal string QueryString => FormText.Format(parts.Query);
    }
}
