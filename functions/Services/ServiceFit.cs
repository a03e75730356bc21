using System.Globalization;
using Amazon.ECS;
using Amazon.ECS.Model;

namespace Deployer.Functions.Services;

/// <summary>
/// That a service takes a task definition. ECS registers one that fits no service, and refuses it only when the service is updated; what is
/// known before is said before anything is registered.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html; the container and the port of a load balancer "must
/// remain in the task definition" (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html).
/// </remarks>
internal static class ServiceFit
{
    private const string Fargate = "FARGATE";
    private const string Spot = "FARGATE_SPOT";

    /// <summary>The first platform of Fargate for Linux with what larger tasks, more storage and file systems need.</summary>
    private static readonly Version Platform = new(1, 4, 0);

    /// <summary>Compares a service with what is to be registered.</summary>
    /// <param name="service">The service.</param>
    /// <param name="request">What is registered.</param>
    /// <param name="file">The file that it is of; <see langword="null"/> where it is made of the running revision.</param>
    /// <exception cref="ServiceRefusedException">The service would not take it.</exception>
    public static void Check(Service service, RegisterTaskDefinitionRequest request, string? file)
    {
        CheckPlatform(service, request);
        if (file is null)
        {
            // What runs fits.
            return;
        }

        if (IsOnFargate(service) && request.RequiresCompatibilities?.Contains(Fargate) != true)
        {
            throw new ServiceRefusedException(
                $"requiresCompatibilities of {file} has no {Fargate}, and the service {service.ServiceName} runs on it: ECS takes no such "
                    + "task definition for it"
            );
        }

        foreach (var balancer in service.LoadBalancers ?? [])
        {
            CheckPort(service, request, file, "load balancer", balancer.ContainerName, balancer.ContainerPort);
        }

        foreach (var registry in service.ServiceRegistries ?? [])
        {
            CheckPort(service, request, file, "service registry", registry.ContainerName, registry.ContainerPort);
        }

        var primary = service.Primary();
        if (primary.ServiceConnectConfiguration is { Enabled: true, Services: { } connected })
        {
            foreach (var port in connected)
            {
                CheckName(service, request, file, "Service Connect", port.PortName);
            }
        }

        foreach (var lattice in primary.VpcLatticeConfigurations ?? [])
        {
            CheckName(service, request, file, "VPC Lattice", lattice.PortName);
        }
    }

    /// <summary>Whether tasks of a service run on Fargate, by its launch type or its capacity providers.</summary>
    public static bool IsOnFargate(Service service) =>
        service.LaunchType == LaunchType.FARGATE
        || service.CapacityProviderStrategy?.Exists(one => one.CapacityProvider is Fargate or Spot) == true;

    /// <summary>Whether a service keeps to a platform of Fargate for Linux that is older than 1.4.0.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html</remarks>
    public static bool IsOnOldPlatform(Service service) =>
        IsOnFargate(service)
        && service.PlatformFamily?.StartsWith("WINDOWS", StringComparison.OrdinalIgnoreCase) != true
        && Version.TryParse(service.PlatformVersion, out var version)
        && version < Platform;

    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html</remarks>
    private static void CheckPlatform(Service service, RegisterTaskDefinitionRequest request)
    {
        if (!IsOnOldPlatform(service))
        {
            return;
        }

        var needs =
            int.TryParse(request.Cpu, NumberStyles.None, CultureInfo.InvariantCulture, out var cpu) && cpu >= 8192 ? $"a cpu of {cpu}"
            : request.EphemeralStorage is not null ? "ephemeralStorage"
            : request.Volumes?.Exists(volume => volume.EfsVolumeConfiguration is not null) == true ? "a volume of EFS"
            : null;
        if (needs is not null)
        {
            throw new ServiceRefusedException(
                $"the service {service.ServiceName} keeps to the platform version {service.PlatformVersion} of Fargate, and {needs} needs "
                    + $"{Platform}: give it the platform version LATEST"
            );
        }
    }

    private static void CheckPort(Service service, RegisterTaskDefinitionRequest request, string file, string by, string? name, int? port)
    {
        if (name is null)
        {
            return;
        }

        var container =
            request.ContainerDefinitions.Find(container => container.Name == name)
            ?? throw new ServiceRefusedException(
                $"{file} has no container {name}, to which the {by} of the service {service.ServiceName} leads"
            );
        if (port is { } number && container.PortMappings?.Exists(mapping => Has(mapping, number)) != true)
        {
            throw new ServiceRefusedException(
                $"the container {name} of {file} has no port {number}, to which the {by} of the service {service.ServiceName} leads"
            );
        }
    }

    private static bool Has(PortMapping mapping, int port) =>
        mapping.ContainerPort == port
        || mapping.ContainerPortRange?.Split('-') is [var first, var last]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            && from <= port
            && port <= to;

    private static void CheckName(Service service, RegisterTaskDefinitionRequest request, string file, string by, string? name)
    {
        if (
            name is not null
            && !request.ContainerDefinitions.Exists(container => container.PortMappings?.Exists(port => port.Name == name) == true)
        )
        {
            throw new ServiceRefusedException(
                $"{file} has no port with the name {name}, by which {by} of the service {service.ServiceName} finds it"
            );
        }
    }
}
