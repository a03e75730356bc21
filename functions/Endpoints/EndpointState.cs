using Amazon.EC2.Model;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Endpoints;

/// <summary>What an interface endpoint's state means, and which of its DNS names is the one for all zones.</summary>
public static class EndpointState
{
    private static readonly HashSet<string> Coming = new(StringComparer.OrdinalIgnoreCase) { "pending", "partial" };

    /// <summary>The regional DNS name of an endpoint that is available.</summary>
    /// <remarks>
    /// The order of the entries is not promised: the regional name is the one without a zone in its first label, under the endpoint's
    /// own id.
    /// </remarks>
    /// <exception cref="NotYetException">It is still being made.</exception>
    /// <exception cref="EndpointUnavailableException">It will not become available as it stands.</exception>
    public static string Dns(VpcEndpoint endpoint)
    {
        var state = endpoint.State?.Value ?? "unknown";
        if (Coming.Contains(state))
        {
            throw new NotYetException($"the endpoint {endpoint.VpcEndpointId} is {state}");
        }

        if (!string.Equals(state, "available", StringComparison.OrdinalIgnoreCase))
        {
            var hint = string.Equals(state, "pendingAcceptance", StringComparison.OrdinalIgnoreCase)
                ? "; the owner of the service has to accept it"
                : string.Empty;
            throw new EndpointUnavailableException($"the endpoint {endpoint.VpcEndpointId} is {state}{hint}");
        }

        return (endpoint.DnsEntries ?? [])
                .Select(entry => entry.DnsName)
                .Where(name => name is not null && name.StartsWith(endpoint.VpcEndpointId + "-", StringComparison.Ordinal))
                .MinBy(name => name.Split('.')[0].Count(character => character == '-'))
            ?? throw new EndpointUnavailableException($"the endpoint {endpoint.VpcEndpointId} is available but has no DNS name of its own");
    }
}
