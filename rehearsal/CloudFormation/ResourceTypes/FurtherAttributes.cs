using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>
/// What <c>Fn::GetAtt</c> gives of a resource beyond what its model gives, so that all that the schema of its type allows has a value:
/// of the form that the service documents, else of the form that the schema says, else the property of that name.
/// </summary>
internal static class FurtherAttributes
{
    // Listeners and their rules.
    private const string Listeners = "AWS::ElasticLoadBalancingV2::Listener";

    private static readonly HashSet<string> WebsiteRegionsWithDash =
    [
        "us-east-1",
        "us-west-1",
        "us-west-2",
        "eu-west-1",
        "sa-east-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-northeast-1",
    ];

    // Forms that no schema says; each is that of the type's page under "Return values".
    private static readonly Dictionary<string, Func<StackRecord, ResourceRecord, JsonNode>> Known = new(StringComparer.Ordinal)
    {
        // https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
        ["AWS::ApiGatewayV2::Api.ExecuteApiArn"] = (stack, api) => $"arn:aws:execute-api:{stack.Region}:{stack.Account}:{api.PhysicalId}",
        ["AWS::EC2::SecurityGroup.GroupName"] = (stack, group) =>
            group.Properties.Text("GroupName") ?? ResourceCall.GeneratedName(RandomOf(stack, group), stack.Name, group.LogicalId, 255),
        ["AWS::EC2::Subnet.BlockPublicAccessStates"] = (_, _) => new JsonObject { ["InternetGatewayBlockMode"] = "off" },
        ["AWS::EC2::Subnet.Ipv6CidrBlocks"] = (_, subnet) =>
            subnet.Properties.Text("Ipv6CidrBlock") is { } block ? new JsonArray(block) : new JsonArray(),
        ["AWS::EC2::Subnet.NetworkAclAssociationId"] = (stack, subnet) => $"aclassoc-0{RandomOf(stack, subnet).HexId(16)}",
        ["AWS::EC2::Subnet.OutpostArn"] = (_, subnet) => subnet.Properties.Text("OutpostArn") ?? "",
        ["AWS::EC2::VPC.CidrBlockAssociations"] = (stack, vpc) => new JsonArray($"vpc-cidr-assoc-0{RandomOf(stack, vpc).HexId(16)}"),
        ["AWS::EC2::VPC.Ipv6CidrBlocks"] = (_, _) => new JsonArray(),
        ["AWS::ElasticLoadBalancingV2::TargetGroup.LoadBalancerArns"] = (stack, group) =>
            new JsonArray([
                .. stack
                    .Resources.Values.Where(other => other.Type.StartsWith(Listeners, StringComparison.Ordinal))
                    .Where(other => other.Properties.ToJsonString().Contains(group.PhysicalId!, StringComparison.Ordinal))
                    .Select(listener => listener.Properties.Text("LoadBalancerArn"))
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal)
                    .Select(arn => (JsonNode)arn),
            ]),
        ["AWS::Events::EventBus.Policy"] = (_, bus) => bus.Properties["Policy"]?.ToJsonString() ?? "",
        ["AWS::Events::Rule.RuleName"] = (_, rule) => rule.PhysicalId!.Split('|', '/')[^1],
        ["AWS::IAM::ManagedPolicy.AttachmentCount"] = (_, policy) =>
            new[] { "Groups", "Roles", "Users" }.Sum(property => (policy.Properties[property] as JsonArray)?.Count ?? 0).ToString(),
        ["AWS::IAM::ManagedPolicy.DefaultVersionId"] = (_, _) => "v1",
        ["AWS::IAM::ManagedPolicy.IsAttachable"] = (_, _) => "true",
        ["AWS::IAM::ManagedPolicy.PermissionsBoundaryUsageCount"] = (_, _) => "0",
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
        ["AWS::IAM::ManagedPolicy.PolicyId"] = (stack, policy) => $"ANPA{RandomOf(stack, policy).UpperId(17)}",
        ["AWS::S3::Bucket.DualStackDomainName"] = (stack, bucket) => $"{bucket.PhysicalId}.s3.dualstack.{stack.Region}.amazonaws.com",
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
        ["AWS::S3::Bucket.WebsiteURL"] = (stack, bucket) =>
            $"http://{bucket.PhysicalId}.s3-website{(WebsiteRegionsWithDash.Contains(stack.Region) ? '-' : '.')}{stack.Region}"
            + ".amazonaws.com",
        ["AWS::SSM::Parameter.Arn"] = (stack, parameter) =>
            $"arn:aws:ssm:{stack.Region}:{stack.Account}:parameter/{parameter.PhysicalId!.TrimStart('/')}",
    };

    /// <summary>The value of an attribute; null where the type has no such attribute, or nothing says what it is.</summary>
    /// <param name="stack">The stack of the resource.</param>
    /// <param name="resource">The resource, which has a physical id.</param>
    /// <param name="attribute">The attribute, such as <c>BlockPublicAccessStates.InternetGatewayBlockMode</c>.</param>
    public static JsonNode? Find(StackRecord stack, ResourceRecord resource, string attribute)
    {
        if (
            ResourceSchemas.Find(resource.Type) is not { } schema
            || UnsetProperties.Needed(resource.Type, resource.Properties, attribute) is not null
        )
        {
            return null;
        }

        if (Known.TryGetValue($"{resource.Type}.{attribute}", out var known))
        {
            return known(stack, resource);
        }

        if (resource.Properties.Member(attribute) is { } given && IsNamed(schema, attribute))
        {
            return given.DeepClone();
        }

        if (schema.Attributes.ContainsKey(attribute))
        {
            return SchemaIdentity.AttributeOf(schema, stack, resource, attribute);
        }

        return
            attribute.LastIndexOf('.') is > 0 and var dot
            && (resource.Attributes.GetValueOrDefault(attribute[..dot]) ?? Find(stack, resource, attribute[..dot])) is JsonObject outer
            ? outer[attribute[(dot + 1)..]]?.DeepClone()
            : UnsetProperties.Find(schema, resource.PhysicalId!, attribute);
    }

    private static bool IsNamed(ResourceSchema schema, string attribute) =>
        schema.Attributes.ContainsKey(attribute) || AttributesOfProperties.Includes(schema, attribute);

    private static SeededRandom RandomOf(StackRecord stack, ResourceRecord resource) =>
        ActorPace.Stream(0, $"{stack.Id}/{resource.LogicalId}/{resource.PhysicalId}", 1);

    private static JsonNode? Member(this JsonObject properties, string path)
    {
        JsonNode? found = properties;
        foreach (var name in path.Split('.'))
        {
            found = (found as JsonObject)?[name];
        }

        return found;
    }
}
