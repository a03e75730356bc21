using System.Text.Json.Nodes;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Rehearsal.CloudFormation;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Tests.CloudFormation.Drifts;

/// <summary>A stack with a resource of each type that is read, and whoever changes them by hand.</summary>
public sealed class ChangedResources : IAsyncLifetime
{
    public const string Stack = "changed";

    private const string Body = """
        Resources:
          Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: log, RetentionInDays: 3, Tags: [ { Key: a, Value: b } ] } }
          Role:
            Type: AWS::IAM::Role
            Properties:
              RoleName: role
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement: [ { Effect: Allow, Principal: { Service: states.amazonaws.com }, Action: "sts:AssumeRole" } ]
              ManagedPolicyArns: [ "arn:aws:iam::aws:policy/AdministratorAccess" ]
              Policies:
                - PolicyName: own
                  PolicyDocument: { Version: "2012-10-17", Statement: [ { Effect: Allow, Action: "s3:GetObject", Resource: "*" } ] }
          Beside:
            Type: AWS::IAM::Policy
            Properties:
              PolicyName: beside
              Roles: [ !Ref Role ]
              PolicyDocument: { Version: "2012-10-17", Statement: [ { Effect: Allow, Action: "s3:PutObject", Resource: "*" } ] }
          Policy:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              ManagedPolicyName: policy
              Roles: [ !Ref Role ]
              PolicyDocument: { Version: "2012-10-17", Statement: [ { Effect: Allow, Action: "sqs:SendMessage", Resource: "*" } ] }
          Table:
            Type: AWS::DynamoDB::Table
            Properties:
              TableName: table
              BillingMode: PAY_PER_REQUEST
              AttributeDefinitions: [ { AttributeName: pk, AttributeType: S } ]
              KeySchema: [ { AttributeName: pk, KeyType: HASH } ]
              TimeToLiveSpecification: { AttributeName: ttl, Enabled: true }
              DeletionProtectionEnabled: false
          Machine:
            Type: AWS::StepFunctions::StateMachine
            Properties:
              StateMachineName: machine
              RoleArn: !GetAtt Role.Arn
              DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'
          Rule:
            Type: AWS::Events::Rule
            Properties: { Name: rule, State: ENABLED, EventPattern: { source: [ aws.ec2 ] }, Description: hears }
          Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: bucket-1, VersioningConfiguration: { Status: Enabled } } }
          Alarm:
            Type: AWS::CloudWatch::Alarm
            Properties:
              AlarmName: alarm
              Namespace: N
              MetricName: M
              Statistic: Sum
              Period: 60
              EvaluationPeriods: 1
              Threshold: 1
              ComparisonOperator: GreaterThanThreshold
          Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: topic, DisplayName: topic } }
          Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: queue, VisibilityTimeout: 30, Tags: [ { Key: a, Value: b } ] } }
          Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
          Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a } }
          Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: group, VpcId: !Ref Vpc, SecurityGroupIngress: [] } }
          Cluster: { Type: AWS::ECS::Cluster, Properties: { ClusterName: cluster } }
          Definition:
            Type: AWS::ECS::TaskDefinition
            Properties:
              Family: web
              NetworkMode: awsvpc
              RequiresCompatibilities: [ FARGATE ]
              Cpu: "512"
              Memory: "1024"
              ContainerDefinitions: [ { Name: web, Image: "public.ecr.aws/web:1", Essential: true } ]
          Service:
            Type: AWS::ECS::Service
            Properties:
              ServiceName: web
              Cluster: !Ref Cluster
              TaskDefinition: !Ref Definition
              DesiredCount: 0
              LaunchType: FARGATE
              NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [ !Ref Subnet ] } }
          Launch:
            Type: AWS::EC2::LaunchTemplate
            Properties: { LaunchTemplateName: launch, LaunchTemplateData: { ImageId: ami-1, InstanceType: t3.small } }
          Scaling:
            Type: AWS::AutoScaling::AutoScalingGroup
            Properties:
              AutoScalingGroupName: scaling
              MinSize: "0"
              MaxSize: "1"
              DesiredCapacity: "0"
              VPCZoneIdentifier: [ !Ref Subnet ]
              LaunchTemplate: { LaunchTemplateId: !Ref Launch, Version: !GetAtt Launch.LatestVersionNumber }
          Parameter: { Type: AWS::SSM::Parameter, Properties: { Name: /parameter, Type: String, Value: a } }
          Connection: { Type: AWS::SSM::Parameter, Properties: { Name: /connection, Type: String, Value: a } }
          Unread: { Type: AWS::SNS::TopicPolicy, Properties: { Topics: [ !Ref Topic ], PolicyDocument: { Statement: [] } } }
        """;

    private TestAws _aws = null!;

    internal AmazonCloudFormationClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _aws = await TestAws.StartAll(services => services.AddSingleton<IEventSource, NoEvents>());
        _aws.World.OnDue("tests/nothing", _ => { });
        Client = new(TestAws.Root(TestAws.Prod), _aws.Configure(new AmazonCloudFormationConfig()));
        await Client.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = Stack,
                TemplateBody = Body,
                Capabilities = [Capability.CAPABILITY_NAMED_IAM],
                // Every resource has it, and it is no drift of any.
                Tags = [new Tag { Key = "stack", Value = "changed" }],
            }
        );
        StackStatus status;
        do
        {
            var now = _aws.World.Now;
            await _aws.World.RunUntil(() => _aws.World.Now > now);
            var described = (await Client.DescribeStacksAsync(new DescribeStacksRequest { StackName = Stack })).Stacks[0];
            status = described.StackStatus;
            if (status.Value.Contains("ROLLBACK", StringComparison.Ordinal))
            {
                var events = await Client.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = Stack });
                var reasons = events.StackEvents.Select(happened => $"{happened.LogicalResourceId}: {happened.ResourceStatusReason}");
                throw new InvalidOperationException(string.Join('\n', reasons));
            }
        } while (status != StackStatus.CREATE_COMPLETE);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _aws.DisposeAsync();
    }

    internal Task Change(string resource, string properties) =>
        _aws.World.Do(() =>
            _aws.Service<CloudFormationService>()
                .ChangeResource(Principal.Root(TestAws.Prod), "us-east-1", Stack, resource, JsonNode.Parse(properties)!.AsObject())
        );

    /// <summary>What is found of a resource, by its property.</summary>
    internal async Task<string> Found(string resource)
    {
        var id = (await Client.DetectStackDriftAsync(new DetectStackDriftRequest { StackName = Stack })).StackDriftDetectionId;
        var status = new DescribeStackDriftDetectionStatusRequest { StackDriftDetectionId = id };
        while (
            (await Client.DescribeStackDriftDetectionStatusAsync(status)).DetectionStatus == StackDriftDetectionStatus.DETECTION_IN_PROGRESS
        )
        {
            var until = _aws.World.Now + TimeSpan.FromMinutes(1);
            await _aws.World.Do(() => _aws.World.Schedule(TimeSpan.FromMinutes(1), "tests/nothing", string.Empty));
            await _aws.World.RunUntil(() => _aws.World.Now >= until);
        }

        var drifts = new List<StackResourceDrift>();
        string? next = null;
        do
        {
            var page = await Client.DescribeStackResourceDriftsAsync(
                new DescribeStackResourceDriftsRequest { StackName = Stack, NextToken = next }
            );
            drifts.AddRange(page.StackResourceDrifts);
            next = page.NextToken;
        } while (next is not null);

        return drifts.Find(drift => drift.LogicalResourceId == resource) is not { } found
            ? "NOT_CHECKED"
            : string.Join(
                '\n',
                found
                    .PropertyDifferences.Select(property => $"{property.PropertyPath}: {property.ExpectedValue} → {property.ActualValue}")
                    .Prepend(found.StackResourceDriftStatus.Value)
            );
    }
}

public sealed class DriftDetectionTests(ChangedResources resources) : IClassFixture<ChangedResources>
{
    [Theory]
    [InlineData("Log", """{"RetentionInDays":7}""", """{"RetentionInDays":3}""", "/RetentionInDays: 3 → 7")]
    [InlineData("Log", """{"RetentionInDays":null}""", """{"RetentionInDays":3}""", "/RetentionInDays: 3 → ")]
    [InlineData(
        "Role",
        """{"ManagedPolicyArns":[]}""",
        """{"ManagedPolicyArns":["arn:aws:iam::aws:policy/AdministratorAccess"]}""",
        """/ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] → []"""
    )]
    [InlineData(
        "Policy",
        """{"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}}""",
        """{"PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}}""",
        """/PolicyDocument/Statement: [{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}] → """
            + """[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]"""
    )]
    [InlineData(
        "Table",
        """{"DeletionProtectionEnabled":true}""",
        """{"DeletionProtectionEnabled":false}""",
        "/DeletionProtectionEnabled: false → true"
    )]
    [InlineData(
        "Table",
        """{"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":false}}""",
        """{"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}}""",
        "/TimeToLiveSpecification/Enabled: true → false"
    )]
    [InlineData(
        "Machine",
        """{"DefinitionString":"{\"StartAt\":\"B\",\"States\":{\"B\":{\"Type\":\"Fail\"}}}"}""",
        """{"DefinitionString":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}"}""",
        """
            /DefinitionString: {"StartAt":"A","States":{"A":{"Type":"Succeed"}}} → {"StartAt":"B","States":{"B":{"Type":"Fail"}}}
            """
    )]
    [InlineData("Rule", """{"State":"DISABLED"}""", """{"State":"ENABLED"}""", "/State: ENABLED → DISABLED")]
    [InlineData(
        "Bucket",
        """{"VersioningConfiguration":{"Status":"Suspended"}}""",
        """{"VersioningConfiguration":{"Status":"Enabled"}}""",
        "/VersioningConfiguration/Status: Enabled → Suspended"
    )]
    [InlineData("Alarm", """{"Threshold":5}""", """{"Threshold":1}""", "/Threshold: 1 → 5")]
    [InlineData("Topic", """{"DisplayName":null}""", """{"DisplayName":"topic"}""", "/DisplayName: topic → ")]
    [InlineData("Queue", """{"Tags":[{"Key":"a","Value":"c"}]}""", """{"Tags":[{"Key":"a","Value":"b"}]}""", "/Tags/0/Value: b → c")]
    [InlineData(
        "Queue",
        """{"Tags":[{"Key":"by-hand","Value":"x"},{"Key":"a","Value":"b"}]}""",
        """{"Tags":[{"Key":"a","Value":"b"}]}""",
        """/Tags/0:  → {"Key":"by-hand","Value":"x"}"""
    )]
    [InlineData("Queue", """{"VisibilityTimeout":60}""", """{"VisibilityTimeout":30}""", "/VisibilityTimeout: 30 → 60")]
    [InlineData(
        "Group",
        """{"SecurityGroupIngress":[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"CidrIp":"0.0.0.0/0"}]}""",
        """{"SecurityGroupIngress":[]}""",
        """/SecurityGroupIngress: [] → [{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"CidrIp":"0.0.0.0/0"}]"""
    )]
    [InlineData("Scaling", """{"MaxSize":4}""", """{"MaxSize":1}""", "/MaxSize: 1 → 4")]
    [InlineData("Parameter", """{"Value":"b"}""", """{"Value":"a"}""", "/Value: a → b")]
    public async Task What_somebody_changes_by_hand_is_found_until_it_is_put_back(string name, string change, string back, string found)
    {
        (await resources.Found(name)).ShouldBe("IN_SYNC");

        await resources.Change(name, change);
        (await resources.Found(name)).ShouldBe($"MODIFIED\n{found}");

        await resources.Change(name, back);
        (await resources.Found(name)).ShouldBe("IN_SYNC");
    }

    /// <summary>https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1601</summary>
    [Fact]
    public async Task A_value_that_XML_cannot_hold_is_not_answered()
    {
        await resources.Change("Connection", """{"Value":"a\u0001"}""");
        var refusal = await Should.ThrowAsync<AmazonCloudFormationException>(resources.Found("Connection"));
        await resources.Change("Connection", """{"Value":"a\r\n\tü"}""");

        (refusal.ErrorCode, refusal.Message).ShouldBe(
            ("ValidationError", "The response contains control characters or otherwise invalid characters")
        );
        (await resources.Found("Connection")).ShouldBe("MODIFIED\n/Value: a → a\r\n\tü");
        await resources.Change("Connection", """{"Value":"a"}""");
    }

    [Theory]
    [InlineData("Cluster", "IN_SYNC")]
    [InlineData("Definition", "IN_SYNC")]
    [InlineData("Service", "IN_SYNC")]
    [InlineData("Vpc", "IN_SYNC")]
    [InlineData("Subnet", "IN_SYNC")]
    [InlineData("Launch", "NOT_CHECKED")]
    [InlineData("Beside", "NOT_CHECKED")]
    [InlineData("Unread", "NOT_CHECKED")]
    public async Task What_nobody_changes_is_in_sync_and_types_without_drift_detection_are_not_checked(string name, string found)
    {
        (await resources.Found(name)).ShouldBe(found);
    }

    [Fact]
    public async Task A_resource_that_is_not_read_or_not_there_cannot_be_changed_by_hand()
    {
        (await Should.ThrowAsync<ApiException>(resources.Change("Unread", """{"Topics":[]}"""))).Message.ShouldBe(
            "the rehearsal does not read resources of type AWS::SNS::TopicPolicy, so that nobody changes one by hand in it"
        );
        (await Should.ThrowAsync<ApiException>(resources.Change("Nothing", """{"Topics":[]}"""))).Message.ShouldBe(
            "stack changed has no resource Nothing"
        );
    }
}
