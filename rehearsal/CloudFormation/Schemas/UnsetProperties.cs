using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Schemas;

/// <summary>What <c>Fn::GetAtt</c> gives for a property that the template does not set, of the types that give properties too.</summary>
internal static class UnsetProperties
{
    // What the service sets where the template says nothing, as the types' pages in
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ say.
    private static readonly Dictionary<string, JsonNode> Defaults = new(StringComparer.Ordinal)
    {
        ["AWS::EC2::Subnet.MapPublicIpOnLaunch"] = "false",
        ["AWS::EC2::Subnet.AssignIpv6AddressOnCreation"] = "false",
        ["AWS::EC2::Subnet.EnableDns64"] = "false",
        ["AWS::EC2::Subnet.Ipv6Native"] = "false",
        ["AWS::EC2::VPC.EnableDnsHostnames"] = "false",
        ["AWS::EC2::VPC.EnableDnsSupport"] = "true",
        ["AWS::EC2::VPC.InstanceTenancy"] = "default",
        ["AWS::ElasticLoadBalancingV2::LoadBalancer.IpAddressType"] = "ipv4",
        ["AWS::ElasticLoadBalancingV2::LoadBalancer.Scheme"] = "internet-facing",
        ["AWS::ElasticLoadBalancingV2::LoadBalancer.Type"] = "application",
        ["AWS::SNS::Topic.ContentBasedDeduplication"] = "false",
        ["AWS::SNS::Topic.FifoTopic"] = "false",
        ["AWS::SSM::Parameter.DataType"] = "text",
        ["AWS::SSM::Parameter.Tier"] = "Standard",
    };

    // Attributes that are there only where a property of another name asks for what they are of.
    private static readonly Dictionary<string, string> AskedForBy = new(StringComparer.Ordinal)
    {
        ["AWS::DynamoDB::Table.StreamArn"] = "StreamSpecification",
    };

    /// <summary>The value; null where nothing says what the service sets.</summary>
    /// <param name="schema">The schema of the resource's type.</param>
    /// <param name="physicalId">The physical id of the resource.</param>
    /// <param name="attribute">The attribute, which is the name of a property.</param>
    public static JsonNode? Find(ResourceSchema schema, string physicalId, string attribute)
    {
        if (!AttributesOfProperties.Includes(schema, attribute) || !schema.Properties.TryGetValue(attribute, out var written))
        {
            return null;
        }

        if (Defaults.TryGetValue($"{schema.Name}.{attribute}", out var value))
        {
            return value.DeepClone();
        }

        var type = ResourceSchema.TypeOf(written);
        return schema.Identifier is [var identifier] && identifier == attribute
            ? physicalId
            : type[0] switch
            {
                '[' => (JsonNode)new JsonArray(),
                'b' => "false",
                's' when schema.AllowedValues(type) is null => "",
                _ => null,
            };
    }

    /// <summary>
    /// The property that a template has to set for an attribute to have a value that is known; null where there is one anyhow.
    /// </summary>
    /// <param name="type">The type of the resource.</param>
    /// <param name="properties">Its properties as they are written.</param>
    /// <param name="attribute">The attribute, which the schema allows.</param>
    public static string? Needed(string type, JsonObject properties, string attribute)
    {
        var property = AskedForBy.GetValueOrDefault($"{type}.{attribute}") ?? attribute.Split('.')[0];
        if (ResourceSchemas.Find(type) is not { } schema || properties.ContainsKey(property) || !schema.Properties.ContainsKey(property))
        {
            return null;
        }

        var isMissing =
            property != attribute && schema.Attributes.ContainsKey(attribute)
            || AttributesOfProperties.Includes(schema, attribute)
                && !schema.Attributes.ContainsKey(property)
                && Find(schema, type, attribute) is null;
        return isMissing ? property : null;
    }
}
