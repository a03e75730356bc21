using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Schemas;

namespace Deployer.Rehearsal.CloudFormation.Templates.Changes;

/// <summary>Which properties of a resource type replace the resource when they change, and which one holds its tags.
/// Taken from the types' public schemas (<c>createOnlyProperties</c>, <c>conditionalCreateOnlyProperties</c>, <c>tagging</c>),
/// with which a test compares them: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html</summary>
public sealed record ReplacementRules(string? TagProperty, IReadOnlyList<string> Always, IReadOnlyList<string> Conditionally)
{
    // A custom resource decides for itself, by the physical id that it answers.
    private static readonly ReplacementRules Custom = new(null, [], []);

    private static readonly FrozenDictionary<string, ReplacementRules> ByType = new Dictionary<string, ReplacementRules>
    {
        ["AWS::ApiGatewayV2::Api"] = new("Tags", ["ProtocolType"], []),
        ["AWS::ApiGatewayV2::Integration"] = new(null, ["ApiId"], []),
        ["AWS::ApiGatewayV2::Route"] = new(null, ["ApiId"], []),
        ["AWS::ApiGatewayV2::Stage"] = new(null, ["StageName", "ApiId"], []),
        ["AWS::AutoScaling::AutoScalingGroup"] = new(
            "Tags",
            ["InstanceId", "AutoScalingGroupName"],
            ["LaunchConfigurationName", "VPCZoneIdentifier", "LaunchTemplate", "MixedInstancesPolicy"]
        ),
        ["AWS::CloudFormation::Stack"] = new("Tags", [], []),
        ["AWS::CloudFormation::WaitConditionHandle"] = new(null, [], []),
        ["AWS::CloudWatch::Alarm"] = new("Tags", ["AlarmName"], []),
        ["AWS::CodeBuild::Project"] = new(null, ["Name"], []),
        ["AWS::CodeDeploy::Application"] = new("Tags", ["ApplicationName", "ComputePlatform"], []),
        ["AWS::CodeDeploy::DeploymentGroup"] = new("Tags", ["DeploymentGroupName", "ApplicationName"], []),
        ["AWS::CodePipeline::Pipeline"] = new("Tags", ["Name"], []),
        ["AWS::CodeStarConnections::Connection"] = new("Tags", ["ConnectionName", "ProviderType", "HostArn"], []),
        ["AWS::DynamoDB::Table"] = new("Tags", ["TableName", "ImportSourceSpecification"], ["KeySchema"]),
        ["AWS::EC2::LaunchTemplate"] = new(null, ["LaunchTemplateName"], []),
        ["AWS::EC2::RouteTable"] = new("Tags", ["VpcId"], []),
        ["AWS::EC2::SecurityGroup"] = new("Tags", ["GroupDescription", "GroupName", "VpcId"], []),
        ["AWS::EC2::SecurityGroupIngress"] = new(
            null,
            [
                "GroupName",
                "IpProtocol",
                "SourceSecurityGroupId",
                "SourcePrefixListId",
                "ToPort",
                "CidrIp",
                "SourceSecurityGroupName",
                "SourceSecurityGroupOwnerId",
                "FromPort",
                "GroupId",
                "CidrIpv6",
            ],
            []
        ),
        ["AWS::EC2::Subnet"] = new(
            "Tags",
            [
                "VpcId",
                "AvailabilityZone",
                "AvailabilityZoneId",
                "CidrBlock",
                "OutpostArn",
                "Ipv6Native",
                "Ipv4IpamPoolId",
                "Ipv4NetmaskLength",
                "Ipv6IpamPoolId",
                "Ipv6NetmaskLength",
            ],
            ["Ipv6CidrBlock"]
        ),
        ["AWS::EC2::SubnetRouteTableAssociation"] = new(null, ["SubnetId", "RouteTableId"], []),
        ["AWS::EC2::VPC"] = new("Tags", ["CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength"], ["InstanceTenancy"]),
        ["AWS::EC2::VPCEndpoint"] = new(
            "Tags",
            ["ServiceName", "VpcEndpointType", "VpcId", "ServiceNetworkArn", "ResourceConfigurationArn", "ServiceRegion"],
            []
        ),
        ["AWS::EC2::VPCEndpointService"] = new("Tags", [], []),
        ["AWS::EC2::VPCEndpointServicePermissions"] = new(null, ["ServiceId"], []),
        ["AWS::ECR::Repository"] = new("Tags", ["RepositoryName", "EncryptionConfiguration"], []),
        ["AWS::ECS::Cluster"] = new("Tags", ["ClusterName"], []),
        ["AWS::ECS::Service"] = new("Tags", ["Cluster", "Role", "SchedulingStrategy", "ServiceName"], ["LaunchType"]),
        ["AWS::ECS::TaskDefinition"] = new(
            "Tags",
            [
                "Family",
                "ContainerDefinitions",
                "Cpu",
                "EnableFaultInjection",
                "ExecutionRoleArn",
                "InferenceAccelerators",
                "Memory",
                "NetworkMode",
                "PlacementConstraints",
                "ProxyConfiguration",
                "RequiresCompatibilities",
                "RuntimePlatform",
                "TaskRoleArn",
                "Volumes",
                "PidMode",
                "IpcMode",
                "EphemeralStorage",
            ],
            []
        ),
        ["AWS::EFS::FileSystem"] = new("FileSystemTags", ["AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode"], []),
        ["AWS::ElasticLoadBalancingV2::Listener"] = new(null, ["LoadBalancerArn"], []),
        ["AWS::ElasticLoadBalancingV2::LoadBalancer"] = new("Tags", ["Name", "Type", "Scheme"], []),
        ["AWS::ElasticLoadBalancingV2::TargetGroup"] = new(
            "Tags",
            ["TargetType", "ProtocolVersion", "Port", "Name", "VpcId", "Protocol", "IpAddressType"],
            []
        ),
        ["AWS::Events::EventBus"] = new("Tags", ["Name"], []),
        ["AWS::Events::EventBusPolicy"] = new(null, ["EventBusName", "StatementId"], []),
        ["AWS::Events::Rule"] = new("Tags", ["Name"], ["EventBusName"]),
        ["AWS::IAM::InstanceProfile"] = new(null, ["InstanceProfileName", "Path"], []),
        ["AWS::IAM::ManagedPolicy"] = new(null, ["ManagedPolicyName", "Description", "Path"], []),
        ["AWS::IAM::Policy"] = new(null, [], []),
        ["AWS::IAM::Role"] = new("Tags", ["Path", "RoleName"], []),
        ["AWS::KMS::Alias"] = new(null, ["AliasName"], []),
        ["AWS::KMS::Key"] = new("Tags", [], []),
        ["AWS::Lambda::Alias"] = new(null, ["Name", "FunctionName"], []),
        ["AWS::Lambda::EventInvokeConfig"] = new(null, ["FunctionName", "Qualifier"], []),
        ["AWS::Lambda::Function"] = new("Tags", ["FunctionName", "PackageType", "TenancyConfig"], ["DurableConfig"]),
        ["AWS::Lambda::Permission"] = new(
            null,
            [
                "FunctionName",
                "FunctionUrlAuthType",
                "InvokedViaFunctionUrl",
                "SourceAccount",
                "SourceArn",
                "Principal",
                "PrincipalOrgID",
                "Action",
                "EventSourceToken",
            ],
            []
        ),
        ["AWS::Lambda::Version"] = new(
            null,
            ["FunctionName", "Description", "CodeSha256", "ProvisionedConcurrencyConfig", "RuntimePolicy"],
            []
        ),
        ["AWS::Logs::LogGroup"] = new("Tags", ["LogGroupName"], []),
        ["AWS::S3::Bucket"] = new("Tags", ["BucketName", "BucketNamePrefix", "BucketNamespace"], []),
        ["AWS::S3::BucketPolicy"] = new(null, ["Bucket"], []),
        ["AWS::SNS::Topic"] = new("Tags", ["TopicName", "FifoTopic"], []),
        ["AWS::SNS::TopicPolicy"] = new(null, [], []),
        ["AWS::SSM::Parameter"] = new("Tags", ["Name"], []),
        ["AWS::StepFunctions::StateMachine"] = new("Tags", ["StateMachineName", "StateMachineType"], []),
    }.ToFrozenDictionary();

    /// <summary>The types that have a model of their own.</summary>
    public static IReadOnlyCollection<string> Types => ByType.Keys;

    /// <summary>The rules of a type: written here, or taken from its schema.</summary>
    public static ReplacementRules ForType(string type) =>
        ByType.TryGetValue(type, out var rules) ? rules
        : CustomResourceTypes.Includes(type) ? Custom
        : FromSchema(ResourceSchemas.Find(type) ?? throw new KeyNotFoundException(type));

    /// <summary>The rules that a schema states.</summary>
    internal static ReplacementRules FromSchema(ResourceSchema schema) => new(schema.TagProperty, Marked(schema, '+'), Marked(schema, '~'));

    private static List<string> Marked(ResourceSchema schema, char mark) =>
        [.. schema.Properties.Where(property => ResourceSchema.Replaces(property.Value) == mark).Select(property => property.Key)];

    /// <summary>Whether this change of a property does replace the resource, where a change set only says that it may.</summary>
    /// <param name="property">The property.</param>
    /// <param name="before">Its value before.</param>
    /// <param name="after">Its value from now on.</param>
    /// <remarks>
    /// Nothing changes the keys of a DynamoDB table: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
    /// takes none. Changes of the other properties that may replace a resource are simulated in place.
    /// </remarks>
    public bool Replaces(string property, JsonNode? before, JsonNode? after) =>
        RequiresRecreation(property) switch
        {
            Changes.RequiresRecreation.Always => true,
            Changes.RequiresRecreation.Conditionally => property == "KeySchema" && !Keys(before).SetEquals(Keys(after)),
            _ => false,
        };

    private static HashSet<(string?, string?)> Keys(JsonNode? schema) =>
        [.. (schema as JsonArray ?? []).OfType<JsonObject>().Select(key => (key["AttributeName"].Text(), key["KeyType"].Text()))];

    /// <summary>Whether a change of this property replaces the resource.</summary>
    public RequiresRecreation RequiresRecreation(string property) =>
        Always.Contains(property) ? Changes.RequiresRecreation.Always
        : Conditionally.Contains(property) ? Changes.RequiresRecreation.Conditionally
        : Changes.RequiresRecreation.Never;
}
