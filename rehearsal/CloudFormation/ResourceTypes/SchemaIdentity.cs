using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Makes up what a new resource of a schema answers to <c>Ref</c> and <c>Fn::GetAtt</c>: values of the form that the service
/// gives.</summary>
internal sealed partial class SchemaIdentity
{
    /// <summary>What the ids of well-known resources begin with, by the attribute or property that holds them.</summary>
    private static readonly Dictionary<string, string> Prefixes = new(StringComparer.Ordinal)
    {
        ["AllocationId"] = "eipalloc",
        ["AssociationId"] = "eipassoc",
        ["CarrierGatewayId"] = "cagw",
        ["CustomerGatewayId"] = "cgw",
        ["DhcpOptionsId"] = "dopt",
        ["EgressOnlyInternetGatewayId"] = "eigw",
        ["FileSystemId"] = "fs",
        ["AccessPointId"] = "fsap",
        ["GroupId"] = "sg",
        ["ImageId"] = "ami",
        ["InstanceId"] = "i",
        ["InternetGatewayId"] = "igw",
        ["KeyPairId"] = "key",
        ["LaunchTemplateId"] = "lt",
        ["MountTargetId"] = "fsmt",
        ["NatGatewayId"] = "nat",
        ["NetworkAclId"] = "acl",
        ["NetworkInterfaceId"] = "eni",
        ["PrefixListId"] = "pl",
        ["ResolverRuleId"] = "rslvr-rr",
        ["RouteTableId"] = "rtb",
        ["SecurityGroupId"] = "sg",
        ["SnapshotId"] = "snap",
        ["SubnetId"] = "subnet",
        ["TransitGatewayAttachmentId"] = "tgw-attach",
        ["TransitGatewayId"] = "tgw",
        ["TransitGatewayRouteTableId"] = "tgw-rtb",
        ["VPNConnectionId"] = "vpn",
        ["VPNGatewayId"] = "vgw",
        ["VolumeId"] = "vol",
        ["VpcEndpointId"] = "vpce",
        ["VpcId"] = "vpc",
    };

    /// <summary>The same for attributes that are called <c>Id</c> only.</summary>
    private static readonly Dictionary<string, string> PrefixesOfId = new(StringComparer.Ordinal)
    {
        ["AWS::EC2::FlowLog"] = "fl",
        ["AWS::EC2::Host"] = "h",
        ["AWS::EC2::NetworkAcl"] = "acl",
        ["AWS::EC2::NetworkInterface"] = "eni",
        ["AWS::EC2::SecurityGroupEgress"] = "sgr",
        ["AWS::EC2::SubnetNetworkAclAssociation"] = "aclassoc",
        ["AWS::EC2::TransitGateway"] = "tgw",
        ["AWS::EC2::TransitGatewayAttachment"] = "tgw-attach",
        ["AWS::EC2::TransitGatewayVpcAttachment"] = "tgw-attach",
        ["AWS::EC2::VPCCidrBlockAssociation"] = "vpc-cidr-assoc",
        ["AWS::EC2::VPCPeeringConnection"] = "pcx",
        ["AWS::IAM::AccessKey"] = "AKIA",
    };

    /// <summary>ARNs that the schemas have no template for, or whose template is not the identifier.</summary>
    private static readonly Dictionary<string, string> Arns = new(StringComparer.Ordinal)
    {
        ["AWS::SNS::Subscription"] = "${TopicArn}:${Random}",
        ["AWS::SecretsManager::Secret"] = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${Name}-${Suffix}",
        ["AWS::Lambda::LayerVersion"] = "arn:${Partition}:lambda:${Region}:${Account}:layer:${LayerName}:1",
    };

    /// <summary>Services whose ARNs have another name than CloudFormation's.</summary>
    private static readonly Dictionary<string, string> ArnServices = new(StringComparer.Ordinal)
    {
        ["ApiGatewayV2"] = "apigateway",
        ["CertificateManager"] = "acm",
        ["Cognito"] = "cognito-idp",
        ["ElasticLoadBalancingV2"] = "elasticloadbalancing",
        ["KinesisFirehose"] = "firehose",
        ["OpenSearchService"] = "es",
        ["StepFunctions"] = "states",
    };

    private readonly ResourceSchema _schema;
    private readonly StackRecord _stack;
    private readonly string _logicalId;
    private readonly JsonObject _properties;
    private readonly SeededRandom _random;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, string> _made = new(StringComparer.Ordinal);

    private SchemaIdentity(
        ResourceSchema schema,
        StackRecord stack,
        string logicalId,
        JsonObject properties,
        SeededRandom random,
        DateTimeOffset now
    ) => (_schema, _stack, _logicalId, _properties, _random, _now) = (schema, stack, logicalId, properties, random, now);

    /// <summary>
    /// One attribute of a resource that has a physical id, the same whenever it is asked for: what its model does not give.
    /// </summary>
    /// <param name="schema">The schema of its type, which has the attribute.</param>
    /// <param name="stack">The stack of the resource.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="attribute">The attribute's name.</param>
    public static JsonNode AttributeOf(ResourceSchema schema, StackRecord stack, ResourceRecord resource, string attribute)
    {
        var random = ActorPace.Stream(0, $"{stack.Id}/{resource.LogicalId}/{resource.PhysicalId}/{attribute}", 1);
        var maker = new SchemaIdentity(schema, stack, resource.LogicalId, resource.Properties, random, resource.Updated);
        foreach (var (name, value) in resource.Attributes)
        {
            if (value.Text() is { } known)
            {
                maker._made[name] = known;
            }
        }

        if (schema.Identifier is [var identifier])
        {
            maker._made[identifier] = resource.PhysicalId!;
            if (identifier == schema.Kind + "Name")
            {
                maker._made[""] = resource.PhysicalId!;
            }
        }

        return maker.Attribute(attribute, ResourceSchema.TypeOf(schema.Attributes[attribute]));
    }

    /// <summary>The identity of the resource that a call creates.</summary>
    public static ResourceIdentity Make(ResourceSchema schema, ResourceCall call)
    {
        var maker = new SchemaIdentity(schema, call.Stack, call.LogicalId, call.Properties, call.World.Random, call.World.Now);
        var id =
            schema.Identifier.Count == 0
                ? call.GeneratedName()
                : string.Join('|', schema.Identifier.Select(name => maker.Part(name, true)));
        var reference = schema.Reference is { } names ? string.Join('|', names.Select(name => maker.Part(name, true))) : null;
        return new ResourceIdentity(
            id,
            schema.Attributes.ToDictionary(attribute => attribute.Key, attribute => maker.Attribute(attribute.Key, attribute.Value)),
            reference == id ? null : reference
        );
    }

    private JsonNode Attribute(string name, string type) =>
        type[0] switch
        {
            '[' => new JsonArray(Attribute(name, type[1..])),
            '{' => new JsonObject(),
            '#' => Structure(int.Parse(type[1..])),
            'b' => false,
            'i' or 'n' => name.EndsWith("Port", StringComparison.Ordinal) ? "443" : "1",
            _ => Part(name, false),
        };

    // Structures of structures are of no use to a template, and may hold themselves.
    private JsonObject Structure(int place) =>
        new(
            _schema
                .Structures[place]
                .Where(member => ResourceSchema.TypeOf(member.Value)[0] is not ('#' or '[' or '{' or '('))
                .Select(member => KeyValuePair.Create(member.Key, (JsonNode?)Attribute(member.Key, ResourceSchema.TypeOf(member.Value))))
        );

    /// <summary>The text behind a property or attribute, the same whenever it is asked for.</summary>
    private string Part(string name, bool isIdentifier)
    {
        if (_properties.Text(name) is { } given)
        {
            return given;
        }

        if (!_made.TryGetValue(name, out var made))
        {
            _made[name] = made = Make(name, isIdentifier);
        }

        return made;
    }

    private string Make(string name, bool isIdentifier)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        if (IsArn(name, last, isIdentifier))
        {
            return Arn(last);
        }

        // The identifier of a route is its CidrBlock, which the template gives as DestinationCidrBlock.
        return
            isIdentifier
            && _properties.FirstOrDefault(p => p.Key.EndsWith(last, StringComparison.Ordinal) && p.Value is JsonValue)
                is { Value: { } like }
            ? like.Text()!
            : FromWords(last);
    }

    private string FromWords(string last) =>
        last switch
        {
            "QueueUrl" => $"https://sqs.{_stack.Region}.amazonaws.com/{_stack.Account}/{Part("QueueName", true)}",
            "Id" or "Ref" => PrefixesOfId.TryGetValue(_schema.Name, out var prefix) ? Prefixed(prefix) : Random(16),
            _ when Prefixes.TryGetValue(last, out var prefix) => Prefixed(prefix),
            "Region" => _stack.Region,
            "PublicIp" or "IpAddress" => $"203.0.113.{1 + _random.Next(254)}",
            "PrivateIp" or "PrivateIpAddress" or "PrimaryPrivateIpAddress" => $"10.0.0.{4 + _random.Next(250)}",
            _ when last.EndsWith("AccountId", StringComparison.Ordinal) || last is "OwnerId" or "Owner" => _stack.Account,
            _ when Ends(last, "Url", "URL", "Uri", "URI") => $"https://{Host()}/",
            _ when Ends(last, "DomainName", "DnsName", "DNSName", "Endpoint", "Address", "Hostname", "HostName") => Host(),
            _ when Ends(last, "Status", "State") => "ACTIVE",
            _ when Ends(last, "Time", "Timestamp", "Date", "CreatedAt", "UpdatedAt", "TimeStamp") => _now.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'"
            ),
            _ when Ends(last, "Version", "VersionNumber") => "1",
            _ when Ends(last, "Port") => "443",
            _ when Ends(last, "Name", "Identifier") => Name(),
            _ when Ends(last, "Id", "ID") => Random(16),
            _ => $"{_logicalId}-{last}",
        };

    private bool IsArn(string name, string last, bool isIdentifier) =>
        last.EndsWith("Arn", StringComparison.Ordinal)
        || last.EndsWith("ARN", StringComparison.Ordinal)
        // What is called Id is an ARN where the type's own template says so.
        || isIdentifier && name == "Id" && Arns.ContainsKey(_schema.Name);

    private string Arn(string last)
    {
        var isOwn =
            last is "Arn" or "ARN" or "Id"
            || _schema.Identifier.Contains(last)
            || last[..^3] is var head
                && (_schema.Kind.EndsWith(head, StringComparison.Ordinal) || head.EndsWith(_schema.Kind, StringComparison.Ordinal));
        var template = Arns.GetValueOrDefault(_schema.Name) ?? _schema.ArnTemplate;
        return isOwn && template is not null
            ? Variable().Replace(template, match => Fill(match.Groups["name"].Value))
            : $"arn:aws:{ArnService()}:{_stack.Region}:{_stack.Account}:{Dashed(isOwn ? _schema.Kind : last[..^3])}/{Own()}";
    }

    private string Fill(string variable) =>
        variable switch
        {
            "Partition" => "aws",
            "Region" => _stack.Region,
            "Account" => _stack.Account,
            "Random" => _random.Uuid(),
            "Suffix" => _random.HexId(6),
            _ when _properties.FirstOrDefault(p => IsCalled(p.Key, variable)) is { Value: JsonValue value } => value.Text()!,
            _ when _schema.Attributes.Keys.FirstOrDefault(name => IsCalled(name, variable)) is { } attribute && !Ends(attribute, "Arn") =>
                Part(attribute, true),
            _ => Own(),
        };

    private static bool IsCalled(string name, string variable) => string.Equals(name, variable, StringComparison.OrdinalIgnoreCase);

    /// <summary>What a resource is called in its ARN: the first part of its identifier that is no ARN itself, or a name.</summary>
    private string Own() =>
        _schema.Identifier.FirstOrDefault(name => !Ends(name, "Arn", "ARN", "Url") && !Arns.ContainsKey(_schema.Name)) is { } own
            ? Part(own, true)
            : Name();

    /// <summary>The name that the template gives in a property, or a generated one.</summary>
    private string Name()
    {
        var property = _schema.Properties.Keys.FirstOrDefault(name => name == "Name" || name == _schema.Kind + "Name");
        if (property is not null && _properties.Text(property) is { } given)
        {
            return given;
        }

        if (!_made.TryGetValue("", out var made))
        {
            _made[""] = made = ResourceCall.GeneratedName(_random, _stack.Name, _logicalId, 64);
        }

        return made;
    }

    private string Host() => $"{Name().ToLowerInvariant()}.{Random(12)}.{_stack.Region}.{ArnService()}.amazonaws.com";

    private string ArnService() =>
        _schema.ArnTemplate?.Split(':') is [_, _, { Length: > 0 } service, ..] ? service
        : ArnServices.TryGetValue(_schema.Service, out var known) ? known
        : _schema.Service.ToLowerInvariant();

    private string Random(int length) => _random.HexId(length);

    private string Prefixed(string prefix) => prefix == "AKIA" ? prefix + _random.UpperId(16) : $"{prefix}-0{Random(16)}";

    private static bool Ends(string name, params ReadOnlySpan<string> ends)
    {
        foreach (var end in ends)
        {
            if (name.EndsWith(end, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string Dashed(string words) => Boundary().Replace(words, "-").ToLowerInvariant();

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])", RegexOptions.ExplicitCapture)]
    private static partial Regex Boundary();
}
