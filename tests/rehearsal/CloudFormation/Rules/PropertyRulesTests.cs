using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;

namespace Deployer.Rehearsal.Tests.CloudFormation.Rules;

/// <summary>What services refuse beside the schemas of their types: found in a template at hand, and when the resource is made.</summary>
public sealed class PropertyRulesTests : IAsyncLifetime
{
    private const string Table =
        "AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}]";
    private const string Alarm =
        "AlarmName: a, Namespace: n, MetricName: m, Threshold: 1, ComparisonOperator: GreaterThanThreshold, Statistic: Sum, ";
    private const string Rule = "GroupDescription: d, VpcId: vpc-1, SecurityGroupIngress: ";
    private const string Function = "Role: arn:aws:iam::111111111111:role/r, ";

    private SimulatedCloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await SimulatedCloud.Start();

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Theory]
    [InlineData(
        "AWS::Lambda::Function",
        Function + "Handler: i.h, Runtime: java21, Code: {ZipFile: x}",
        "R.Code.ZipFile",
        "ZipFile can only be used"
    )]
    [InlineData(
        "AWS::Lambda::Function",
        Function + "Handler: i.h, Code: {ZipFile: x}",
        "R of the type",
        "Runtime and Handler are mandatory"
    )]
    [InlineData(
        "AWS::Lambda::Function",
        Function + "Runtime: nodejs22.x, Code: {ZipFile: x}",
        "R of the type",
        "Runtime and Handler are mandatory"
    )]
    [InlineData(
        "AWS::Lambda::Function",
        Function + "Handler: i.h, PackageType: Image, Code: {ImageUri: x}",
        "R.Handler",
        "Please don't provide Handler or Runtime or Layer"
    )]
    [InlineData(
        "AWS::Lambda::Function",
        Function + "Handler: i.h, Runtime: nodejs22.x, MemorySize: 64, Code: {ZipFile: x}",
        "R.MemorySize is 64",
        "greater than or equal to 128"
    )]
    [InlineData(
        "AWS::Lambda::Function",
        Function + "Handler: i.h, Runtime: nodejs22.x, Timeout: 901, Code: {ZipFile: x}",
        "R.Timeout is 901",
        "less than or equal to 900"
    )]
    [InlineData("AWS::DynamoDB::Table", Table, "R of the type", "must both be specified when BillingMode is PROVISIONED")]
    [InlineData("AWS::DynamoDB::Table", Table + ", BillingMode: PROVISIONED", "R of the type", "must both be specified")]
    [InlineData(
        "AWS::DynamoDB::Table",
        Table + ", BillingMode: PAY_PER_REQUEST, ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}",
        "R.ProvisionedThroughput",
        "Neither ReadCapacityUnits nor WriteCapacityUnits"
    )]
    [InlineData(
        "AWS::DynamoDB::Table",
        "BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: more, "
            + "AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}]",
        "R.AttributeDefinitions define \"more\"",
        "does not exactly match number of attributes"
    )]
    [InlineData(
        "AWS::DynamoDB::Table",
        "BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: id, AttributeType: S}], "
            + "KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: other, KeyType: RANGE}]",
        "R.AttributeDefinitions do not define \"other\"",
        "does not exactly match number of attributes"
    )]
    [InlineData(
        "AWS::DynamoDB::Table",
        "BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: id, AttributeType: S}], "
            + "KeySchema: [{AttributeName: id, KeyType: RANGE}]",
        "R.KeySchema is RANGE",
        "is not a HASH key type"
    )]
    [InlineData(
        "AWS::EC2::SecurityGroup",
        Rule + "[{IpProtocol: tpc, CidrIp: 10.0.0.0/8}]",
        "R.SecurityGroupIngress[0].IpProtocol",
        "Unknown protocol"
    )]
    [InlineData(
        "AWS::EC2::SecurityGroup",
        Rule + "[{IpProtocol: tcp, CidrIp: 10.0.0.0/8}]",
        "R.SecurityGroupIngress[0] lacks",
        "Must specify both"
    )]
    [InlineData(
        "AWS::EC2::SecurityGroup",
        Rule + "[{IpProtocol: tcp, FromPort: 1, ToPort: 70000, CidrIp: 10.0.0.0/8}]",
        "R.SecurityGroupIngress[0].ToPort",
        "Invalid TCP/UDP port range (1:70000)"
    )]
    [InlineData(
        "AWS::EC2::SecurityGroup",
        Rule + "[{IpProtocol: tcp, FromPort: 90, ToPort: 80, CidrIp: 10.0.0.0/8}]",
        "R.SecurityGroupIngress[0].FromPort",
        "Invalid TCP/UDP port range (90:80)"
    )]
    [InlineData(
        "AWS::EC2::SecurityGroup",
        Rule + "[{IpProtocol: -1, CidrIp: 10.0.0.0/33}]",
        "R.SecurityGroupIngress[0].CidrIp",
        "is malformed"
    )]
    [InlineData("AWS::EC2::SecurityGroup", Rule + "[{IpProtocol: -1, CidrIp: 10.0.0}]", "R.SecurityGroupIngress[0].CidrIp", "is malformed")]
    [InlineData("AWS::EC2::SecurityGroup", Rule + "[{IpProtocol: -1}]", "R.SecurityGroupIngress[0] lacks one of", "Exactly one of CidrIp")]
    [InlineData(
        "AWS::EC2::SecurityGroup",
        Rule + "[{IpProtocol: -1, CidrIp: 10.0.0.0/8, CidrIpv6: '::/0'}]",
        "R.SecurityGroupIngress[0].CidrIpv6",
        "Exactly one of CidrIp"
    )]
    [InlineData(
        "AWS::EC2::SecurityGroupIngress",
        "GroupId: sg-1, IpProtocol: udp, FromPort: -5, ToPort: 1, CidrIp: 10.0.0.0/8",
        "R.FromPort",
        "Invalid TCP/UDP port range (-5:1)"
    )]
    [InlineData("AWS::EC2::SecurityGroup", "GroupDescription: grün, VpcId: vpc-1", "R.GroupDescription", "Character sets beyond ASCII")]
    [InlineData("AWS::EC2::SecurityGroup", "GroupDescription: d, GroupName: sg-mine, VpcId: vpc-1", "R.GroupName", "in the format sg-*")]
    [InlineData("AWS::KMS::Alias", "AliasName: mine, TargetKeyId: x", "R.AliasName is \"mine\"", "must start with the prefix")]
    [InlineData("AWS::KMS::Alias", "AliasName: alias/aws/mine, TargetKeyId: x", "R.AliasName", "cannot begin with alias/aws/")]
    [InlineData("AWS::KMS::Alias", "AliasName: alias/a b, TargetKeyId: x", "R.AliasName", "must satisfy regular expression")]
    [InlineData("AWS::CloudWatch::Alarm", Alarm + "Period: 45, EvaluationPeriods: 1", "R.Period is 45", "a multiple of 60")]
    [InlineData(
        "AWS::CloudWatch::Alarm",
        Alarm + "Period: 60, EvaluationPeriods: 0",
        "R.EvaluationPeriods is 0",
        "greater than or equal to 1"
    )]
    [InlineData(
        "AWS::CloudWatch::Alarm",
        Alarm + "Period: 300, EvaluationPeriods: 300",
        "R.EvaluationPeriods and Period",
        "more than a day"
    )]
    [InlineData(
        "AWS::CloudWatch::Alarm",
        Alarm + "Period: 60, EvaluationPeriods: 2, DatapointsToAlarm: 3",
        "R.DatapointsToAlarm is 3",
        "less than or equal to EvaluationPeriods"
    )]
    [InlineData(
        "AWS::CloudWatch::Alarm",
        Alarm + "Period: 60, EvaluationPeriods: 1, TreatMissingData: good",
        "R.TreatMissingData is \"good\"",
        "enum value set"
    )]
    [InlineData(
        "AWS::CloudWatch::Alarm",
        "ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1",
        "lacks the property MetricName",
        "Metric name"
    )]
    [InlineData("AWS::Logs::LogGroup", "Tags: [{Key: a, Value: b}, {Key: a, Value: c}]", "R.Tags[1].Key", "Duplicate tag key 'a'")]
    [InlineData("AWS::SNS::Topic", "Tags: [{Key: 'aws:a', Value: b}]", "R.Tags[0].Key", "aws: prefixed tag key names")]
    [InlineData("AWS::EC2::VPC", "CidrBlock: 10.0.0.0/8", "R.CidrBlock", "The CIDR '10.0.0.0/8' is invalid.")]
    public async Task A_value_that_the_service_refuses_is_found_in_the_template_and_fails_the_resource(
        string type,
        string properties,
        string place,
        string message
    )
    {
        var template = $"Resources: {{ R: {{ Type: \"{type}\", Properties: {{ {properties} }} }} }}";

        var fault = TemplateSchemas.Check("t.yaml", template).ShouldHaveSingleItem();
        var failed = await Should.ThrowAsync<InvalidOperationException>(_cloud.Deploy("refused", template));

        $"{fault.Problem}; expected {fault.Expected}".ShouldContain(place);
        fault.Line.ShouldBe(1);
        failed.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("AWS::Lambda::Function", Function + "PackageType: Image, Code: {ImageUri: x}")]
    [InlineData("AWS::Lambda::Function", Function + "Handler: i.h, Runtime: java21, Code: {S3Bucket: b, S3Key: k}")]
    [InlineData("AWS::Lambda::Function", Function + "Handler: i.h, Runtime: !Ref AWS::Region, Code: {ZipFile: x}")]
    [InlineData("AWS::DynamoDB::Table", Table + ", BillingMode: !If [A, PROVISIONED, PAY_PER_REQUEST]")]
    [InlineData("AWS::DynamoDB::Table", Table + ", ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}")]
    [InlineData("AWS::EC2::SecurityGroup", Rule + "[{IpProtocol: ICMP, FromPort: 8, ToPort: -1, CidrIp: 10.0.0.1/8}]")]
    [InlineData("AWS::EC2::SecurityGroup", Rule + "[{IpProtocol: '50', SourceSecurityGroupId: sg-1}]")]
    [InlineData("AWS::EC2::SecurityGroup", Rule + "[{IpProtocol: tcp, FromPort: 1, ToPort: 65535, CidrIp: !Ref AWS::Region}]")]
    [InlineData(
        "AWS::EC2::SecurityGroup",
        Rule + "[{IpProtocol: -1, CidrIp: !If [A, 10.0.0.0/8, !Ref AWS::NoValue], CidrIpv6: !If [A, !Ref AWS::NoValue, '::/0']}]"
    )]
    [InlineData("AWS::KMS::Alias", "AliasName: !Sub 'alias/${AWS::StackName}', TargetKeyId: x")]
    [InlineData("AWS::CloudWatch::Alarm", Alarm + "Period: 3600, EvaluationPeriods: 168")]
    [InlineData("AWS::CloudWatch::Alarm", Alarm + "Period: 10, EvaluationPeriods: 1, TreatMissingData: notBreaching")]
    [InlineData("AWS::Logs::LogGroup", "Tags: [{Key: a, Value: b}, {Key: A, Value: c}]")]
    [InlineData("AWS::CloudFormation::WaitCondition", "Timeout: '43200', Handle: x")]
    public void What_services_take_or_what_is_not_known_is_no_fault(string type, string properties) =>
        TemplateSchemas.Check("t.yaml", $"Resources: {{ R: {{ Type: \"{type}\", Properties: {{ {properties} }} }} }}").ShouldBeEmpty();

    [Theory]
    [InlineData("Timeout: '43201', Handle: x", "R.Timeout is \"43201\"")]
    [InlineData("Timeout: soon, Handle: x", "R.Timeout is \"soon\"")]
    [InlineData("Timeout: '10'", "lacks the property Handle")]
    public void A_wait_condition_of_more_than_half_a_day_or_of_half_its_properties_is_found(string properties, string problem) =>
        TemplateSchemas
            .Check("t.yaml", $"Resources: {{ R: {{ Type: \"AWS::CloudFormation::WaitCondition\", Properties: {{ {properties} }} }} }}")
            .ShouldHaveSingleItem()
            .Problem.ShouldContain(problem);

    [Fact]
    public void Tags_of_IAM_differ_in_more_than_case() =>
        TemplateSchemas
            .Check(
                "t.yaml",
                "Resources: { R: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {}, "
                    + "Tags: [{Key: a, Value: b}, {Key: A, Value: c}] } } }"
            )
            .ShouldHaveSingleItem()
            .Problem.ShouldBe("R.Tags[1].Key is \"A\", which another tag has");

    [Theory]
    [InlineData("10.1.0.0/24", "us-east-1a", "The CIDR '10.1.0.0/24' is invalid.")]
    [InlineData("10.0.0.128/25", "us-east-1a", "The CIDR '10.0.0.128/25' conflicts with another subnet")]
    [InlineData("10.0.1.0/24", "us-east-1q", "Value (us-east-1q) for parameter availabilityZone is invalid")]
    [InlineData("10.0.1.0/24", "eu-west-1a", "Value (eu-west-1a) for parameter availabilityZone is invalid")]
    public async Task A_subnet_outside_of_its_VPC_over_another_one_or_in_no_zone_is_refused(string block, string zone, string message)
    {
        const string Network = """
            Resources:
              Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
              First: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }

            """;
        var second =
            $"  Second: {{ Type: AWS::EC2::Subnet, DependsOn: First, Properties: {{ VpcId: !Ref Vpc, CidrBlock: {block}, "
            + $"AvailabilityZone: {zone} }} }}\n";

        var failed = await Should.ThrowAsync<InvalidOperationException>(_cloud.Deploy("network", Network + second));

        failed.Message.ShouldContain(message);
    }

    [Fact]
    public Task A_subnet_beside_another_one_is_made() =>
        _cloud.Deploy(
            "network",
            """
            Resources:
              Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
              First: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24 } }
              Second: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: us-east-1f } }
            """
        );
}
