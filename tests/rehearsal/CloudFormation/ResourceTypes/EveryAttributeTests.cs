using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;

/// <summary>What <c>Fn::GetAtt</c> gives of every type with a model of its own, and of types simulated by their schema.</summary>
public sealed class EveryAttributeTests : IAsyncLifetime
{
    // Two types without a model, whose properties Fn::GetAtt gives too.
    private const string BySchema = """

          Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 5 } }
          MountTarget: { Type: AWS::EFS::MountTarget, Properties: { FileSystemId: !Ref Files, SubnetId: !Ref Subnet, SecurityGroups: [ !Ref
            Security ] } }
        """;

    private SimulatedCloud _cloud = null!;
    private StackRecord _stack = null!;

    public async ValueTask InitializeAsync()
    {
        _cloud = await SimulatedCloud.Start();
        await _cloud.Deploy("all", EveryType.All + BySchema);
        await _cloud.World.Do(() => _stack = new StackTable(_cloud.World).Find(SimulatedCloud.Account, "us-east-1", "all")!);
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Fact]
    public void Has_a_value_or_is_refused_before_anything_runs()
    {
        var missing = new List<string>();
        var asked = 0;
        foreach (var resource in _stack.Resources.Values)
        {
            var schema = ResourceSchemas.Find(resource.Type)!;
            var names = schema.Attributes.Keys.Concat(
                schema.Properties.Keys.Where(property => AttributesOfProperties.Includes(schema, property))
            );
            foreach (var attribute in names.Distinct())
            {
                asked++;
                if (UnsetProperties.Needed(resource.Type, resource.Properties, attribute) is not null)
                {
                    Fault(resource, attribute).ShouldNotBeNull().ShouldStartWith("the rehearsal does not support the attribute ");
                }
                else if (Fault(resource, attribute) is { } fault)
                {
                    missing.Add($"{resource.Type}.{attribute}: {fault}");
                }
            }
        }

        asked.ShouldBeGreaterThan(200);
        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Is_the_same_whenever_it_is_asked_for() =>
        GetAtt("Subnet", "NetworkAclAssociationId").ShouldBe(GetAtt("Subnet", "NetworkAclAssociationId"));

    [Theory]
    [InlineData("Api", "ExecuteApiArn", "^arn:aws:execute-api:us-east-1:222222222222:[0-9a-f]{10}$")]
    [InlineData("Balancer", "Scheme", "^internet-facing$")]
    [InlineData("Balancer", "Type", "^network$")]
    [InlineData("Bucket", "DualStackDomainName", @"^all-bucket-.*\.s3\.dualstack\.us-east-1\.amazonaws\.com$")]
    [InlineData("Bucket", "WebsiteURL", @"^http://all-bucket-.*\.s3-website-us-east-1\.amazonaws\.com$")]
    [InlineData("ManagedPolicy", "DefaultVersionId", "^v1$")]
    [InlineData("ManagedPolicy", "PolicyId", "^ANPA[A-Z2-7]{17}$")]
    [InlineData("Parameter", "DataType", "^text$")]
    [InlineData("Parameter", "Name", "^all-Parameter-|^CFN-Parameter-")]
    [InlineData("Queue", "DelaySeconds", "^5$")]
    [InlineData("Rule", "RuleName", "^[A-Za-z]")]
    [InlineData("Security", "GroupDescription", "^d$")]
    [InlineData("Security", "GroupName", "^all-Security-[A-Z2-7]{12}$")]
    [InlineData("Subnet", "AvailabilityZoneId", "^use1-az1$")]
    [InlineData("Subnet", "BlockPublicAccessStates.InternetGatewayBlockMode", "^off$")]
    [InlineData("Subnet", "Ipv6CidrBlocks", @"^\[\]$")]
    [InlineData("Subnet", "MapPublicIpOnLaunch", "^false$")]
    [InlineData("Subnet", "NetworkAclAssociationId", "^aclassoc-0[0-9a-f]{16}$")]
    [InlineData("Targets", "LoadBalancerArns", @"^\[""arn:aws:elasticloadbalancing:us-east-1:222222222222:loadbalancer/net/.*""\]$")]
    [InlineData("Topic", "FifoTopic", "^false$")]
    [InlineData("Vpc", "CidrBlockAssociations", @"^\[""vpc-cidr-assoc-0[0-9a-f]{16}""\]$")]
    [InlineData("Vpc", "EnableDnsSupport", "^true$")]
    [InlineData("Vpc", "InstanceTenancy", "^default$")]
    public void Has_the_form_that_AWS_documents(string resource, string attribute, string form) =>
        GetAtt(resource, attribute).ShouldMatch(form);

    private string? Fault(ResourceRecord resource, string attribute)
    {
        try
        {
            _ = new LiveValues(_stack).GetAtt(resource.LogicalId, attribute);
            return null;
        }
        catch (TemplateException exception)
        {
            return exception.Message;
        }
    }

    private string GetAtt(string resource, string attribute)
    {
        var value = new LiveValues(_stack).GetAtt(resource, attribute);
        return value is JsonValue ? value.ToString() : value.ToJsonString();
    }
}
