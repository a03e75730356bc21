namespace Deployer.Spec.Steps;

/// <summary>How consumers reach Datomic, which decides how the DNS name of an endpoint step is found.</summary>
public enum EndpointRoute
{
    /// <summary>An interface endpoint of a PrivateLink service.</summary>
    VpcEndpoint,

    /// <summary>The client API Gateway of releases from 884-9095 on.</summary>
    Gateway,

    /// <summary>The private zone <c>SYSTEM.REGION.datomic.net</c>, associated with the consumer's VPC.</summary>
    Zone,
}

/// <summary>The names of endpoint routes in deployer.yaml.</summary>
public static class EndpointRoutes
{
    private static readonly EndpointRoute[] All = Enum.GetValues<EndpointRoute>();

    /// <summary>The names of the routes that work.</summary>
    public static IReadOnlyList<string> Supported { get; } = [Name(EndpointRoute.VpcEndpoint)];

    /// <summary>The names of the routes that have a place in the file and are refused until they work.</summary>
    public static IReadOnlyList<string> NotYetSupported { get; } = [Name(EndpointRoute.Gateway), Name(EndpointRoute.Zone)];

    /// <summary>The route's name in the file.</summary>
    public static string Name(EndpointRoute route) =>
        route switch
        {
            EndpointRoute.Gateway => "gateway",
            EndpointRoute.Zone => "zone",
            _ => "vpc-endpoint",
        };

    /// <summary>The route of a name, or <see langword="null"/> when none has it.</summary>
    public static EndpointRoute? Find(string? name) =>
        Array.FindIndex(All, route => Name(route) == name) is >= 0 and var at ? All[at] : null;
}
