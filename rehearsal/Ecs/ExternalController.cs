using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Ecs;

/// <summary>
/// Services with the deployment controller <c>EXTERNAL</c>: tasks, and what they run with, belong to task sets, which the rehearsal does
/// not simulate. Such a service can be made, changed and deleted, and runs nothing.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/userguide/deployment-type-external.html</remarks>
internal static class ExternalController
{
    /// <summary>Whether a program of somebody's own makes the service's task sets.</summary>
    public static bool IsExternal(this DeploymentController? controller) => controller?.Type == DeploymentControllerType.EXTERNAL;

    /// <summary>Only what is not of a task set may be given.</summary>
    /// <remarks>
    /// The text of the first is that of https://github.com/aws/aws-cdk/issues/6245; that of the others is not documented.
    /// </remarks>
    /// <exception cref="ApiException">Something of a task set is given.</exception>
    public static void Check(CreateServiceRequest request)
    {
        Blank("TaskDefinition", request.TaskDefinition is not null);
        Blank("LaunchType", request.LaunchType is not null);
        Blank("CapacityProviderStrategy", request.CapacityProviderStrategy is { Count: > 0 });
        Blank("PlatformVersion", request.PlatformVersion is not null);
        Blank("NetworkConfiguration", request.NetworkConfiguration is not null);
        Blank("LoadBalancers", request.LoadBalancers is { Count: > 0 });
    }

    /// <inheritdoc cref="Check(CreateServiceRequest)"/>
    public static void Check(UpdateServiceRequest request)
    {
        Blank("CapacityProviderStrategy", request.CapacityProviderStrategy is { Count: > 0 });
        Blank("PlatformVersion", request.PlatformVersion is not null);
        Blank("NetworkConfiguration", request.NetworkConfiguration is not null);
        Blank("LoadBalancers", request.LoadBalancers is { Count: > 0 });
    }

    private static void Blank(string member, bool isGiven)
    {
        if (isGiven)
        {
            throw new ApiException("InvalidParameterException", $"{member} must be blank.");
        }
    }
}
