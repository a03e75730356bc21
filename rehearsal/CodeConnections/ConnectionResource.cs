using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.CodeConnections;

/// <summary>AWS::CodeConnections::Connection. It is pending until somebody completes it in the console.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codeconnections-connection.html
/// </remarks>
internal sealed class ConnectionResource(HostConnections connections) : IResourceType
{
    private const string Service = "codeconnections";

    public string Name => "AWS::CodeConnections::Connection";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        call.Authorize(Service, "CreateConnection", "*");
        var connection = new HostConnection(
            call.Arn(Service, $"connection/{call.World.Random.Uuid()}"),
            call.Properties.Required("ConnectionName"),
            call.Properties.Required("ProviderType"),
            IsAvailable: false
        );
        connections.Put(connection);
        return Identity(
            connection.Arn,
            ("ConnectionArn", connection.Arn),
            ("ConnectionStatus", "PENDING"),
            ("OwnerAccountId", call.Account)
        );
    }

    // Its tags alone can be changed; everything else replaces it.
    public ResourceIdentity Update(ResourceCall call) => new(call.Current!.PhysicalId!, call.Current.Attributes);

    public void Delete(ResourceCall call) =>
        ServiceCalls.UnlessGone(() =>
        {
            var arn = call.Current!.PhysicalId!;
            call.Authorize(Service, "DeleteConnection", arn);
            connections.Delete(arn);
        });
}
