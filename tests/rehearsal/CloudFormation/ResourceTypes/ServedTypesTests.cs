using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Amazon.CodePipeline;
using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.CodePipeline;
using Deployer.Rehearsal.DynamoDB;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Ecs;
using Deployer.Rehearsal.EventBridge;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Lambda;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Ssm;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;

/// <summary>Stacks whose resources are made in their services.</summary>
public sealed class ServedTypesTests : IAsyncLifetime
{
    private const string All = """
        Parameters:
          Memory: { Type: Number, Default: "256" }
          Value: { Type: String, Default: one }
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement: [ { Effect: Allow, Principal: { Service: [lambda.amazonaws.com, states.amazonaws.com,
                  codebuild.amazonaws.com] }, Action: sts:AssumeRole } ]
              Policies: [ { PolicyName: own, PolicyDocument: { Version: "2012-10-17", Statement: [ { Effect: Allow,
                Action: !Sub "s3:${Value}", Resource: "*" } ] } } ]
              ManagedPolicyArns: [ !Ref Shared ]
          Shared: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: { Version: "2012-10-17", Statement: [ { Effect: Allow,
            Action: logs:*, Resource: "*" } ] } } }
          More: { Type: AWS::IAM::Policy, Properties: { PolicyName: more, Roles: [ !Ref Role ], PolicyDocument: { Version: "2012-10-17",
            Statement: [ { Effect: Allow, Action: sns:*, Resource: "*" } ] } } }
          Bucket: { Type: AWS::S3::Bucket, Properties: { Tags: [ { Key: purpose, Value: !Ref Value } ],
            VersioningConfiguration: { Status: Enabled } } }
          BucketPolicy:
            Type: AWS::S3::BucketPolicy
            Properties: { Bucket: !Ref Bucket, PolicyDocument: { Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: "*",
              Action: s3:GetObject, Resource: !Sub "${Bucket.Arn}/*" } ] } }
          Table:
            Type: AWS::DynamoDB::Table
            Properties:
              AttributeDefinitions: [ { AttributeName: pk, AttributeType: S }, { AttributeName: at, AttributeType: N } ]
              KeySchema: [ { AttributeName: pk, KeyType: HASH } ]
              BillingMode: PAY_PER_REQUEST
              TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
              GlobalSecondaryIndexes: [ { IndexName: byTime, KeySchema: [ { AttributeName: at, KeyType: HASH } ],
                Projection: { ProjectionType: ALL } } ]
          Function:
            Type: AWS::Lambda::Function
            Properties:
              FunctionName: worker
              Runtime: nodejs22.x
              Handler: index.handler
              Role: !GetAtt Role.Arn
              MemorySize: !Ref Memory
              Code: { ZipFile: !Sub "exports.handler = async () => '${Value}';" }
              Environment: { Variables: { PORT: 8182, VALUE: !Ref Value } }
              Tags: [ { Key: purpose, Value: work } ]
          Permission: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !Ref Function, Action: lambda:InvokeFunction,
            Principal: events.amazonaws.com, SourceArn: !GetAtt Rule.Arn } }
          Version: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref Function } }
          Alias: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Function, FunctionVersion: !GetAtt Version.Version,
            Name: live } }
          Machine:
            Type: AWS::StepFunctions::StateMachine
            Properties:
              StateMachineName: machine
              RoleArn: !GetAtt Role.Arn
              DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${Worker}","End":true}}}'
              DefinitionSubstitutions: { Worker: !GetAtt Function.Arn }
          Bus: { Type: AWS::Events::EventBus, Properties: { Name: bus } }
          BusPolicy:
            Type: AWS::Events::EventBusPolicy
            Properties: { EventBusName: !Ref Bus, StatementId: targets, Statement: { Effect: Allow, Principal: { AWS: ["333333333333"] },
              Action: events:PutEvents, Resource: !GetAtt Bus.Arn } }
          Rule:
            Type: AWS::Events::Rule
            Properties: { EventBusName: !Ref Bus, EventPattern: { source: [ !Ref Value ] }, Targets: [ { Id: !Sub "target-${Value}",
              Arn: !GetAtt Function.Arn } ] }
          Project:
            Type: AWS::CodeBuild::Project
            Properties:
              Name: builds
              ServiceRole: !GetAtt Role.Arn
              TimeoutInMinutes: 20
              Artifacts: { Type: NO_ARTIFACTS }
              Source: { Type: S3, Location: !Sub "${Bucket}/source.zip", BuildSpec: !Sub "version: 0.2 # ${Value}" }
              Environment: { Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL, Image: aws/codebuild/standard:7.0 }
          Parameter: { Type: AWS::SSM::Parameter, Properties: { Name: /inventory/value, Type: String, Value: !Ref Value } }
          Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: group, RetentionInDays: 7 } }
        Outputs:
          Rule: { Value: !Ref Rule }
          Bucket: { Value: !Ref Bucket }
          Table: { Value: !Ref Table }
          Role: { Value: !Ref Role }
          Stored: { Value: !GetAtt Parameter.Value }
        """;

    private SimulatedCloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await SimulatedCloud.Start();

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Fact]
    public async Task Each_type_is_made_changed_and_ended_in_its_service()
    {
        using var lambda = _cloud.Client(
            config => new AmazonLambdaClient(TestAws.Root(SimulatedCloud.Account), config),
            new AmazonLambdaConfig()
        );
        using var states = _cloud.Client(
            config => new AmazonStepFunctionsClient(TestAws.Root(SimulatedCloud.Account), config),
            new AmazonStepFunctionsConfig()
        );
        using var events = _cloud.Client(
            config => new AmazonEventBridgeClient(TestAws.Root(SimulatedCloud.Account), config),
            new AmazonEventBridgeConfig()
        );
        using var builds = _cloud.Client(
            config => new AmazonCodeBuildClient(TestAws.Root(SimulatedCloud.Account), config),
            new AmazonCodeBuildConfig()
        );

        var stack = await _cloud.Deploy("all", All);
        var outputs = stack.Outputs.ToDictionary(o => o.OutputKey, o => o.OutputValue);
        var function = await lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = "worker" });
        (function.MemorySize, function.Environment.Variables["PORT"], function.Environment.Variables["VALUE"]).ShouldBe(
            (256, "8182", "one")
        );
        var machine = await states.DescribeStateMachineAsync(
            new DescribeStateMachineRequest { StateMachineArn = $"arn:aws:states:us-east-1:{SimulatedCloud.Account}:stateMachine:machine" }
        );
        machine.Definition.ShouldContain(function.FunctionArn);
        outputs["Rule"].ShouldStartWith("bus|all-Rule-");
        (await Targets(events, outputs["Rule"])).ShouldBe(["target-one"]);
        await _cloud.World.Do(() =>
        {
            var role = new Roles(_cloud.World).Get(SimulatedCloud.Account, outputs["Role"]);
            role.InlinePolicies.Keys.ShouldBe(["more", "own"]);
            role.ManagedPolicies.Count.ShouldBe(1);
            var bucket = new Buckets(_cloud.World).Get(outputs["Bucket"]);
            (bucket.Tags["purpose"], bucket.Versioning, bucket.Policy is null).ShouldBe(("one", "Enabled", false));
            var table = new Tables(_cloud.World).Get(new TableName(SimulatedCloud.Account, "us-east-1", outputs["Table"]));
            (table.TimeToLive, table.Indexes.Single().Name).ShouldBe(("expires", "byTime"));
            new LogStore(_cloud.World).Find(SimulatedCloud.Account, "us-east-1", "group")!.RetentionInDays.ShouldBe(7);
        });

        var sha = function.CodeSha256;
        stack = await _cloud.Deploy("all", All, ("Value", "two"), ("Memory", "512"));
        function = await lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = "worker" });
        (function.MemorySize, function.Environment.Variables["VALUE"]).ShouldBe((512, "two"));
        function.CodeSha256.ShouldNotBe(sha);
        (await Targets(events, outputs["Rule"])).ShouldBe(["target-two"]);
        (await builds.BatchGetProjectsAsync(new BatchGetProjectsRequest { Names = ["builds"] }))
            .Projects.Single()
            .Source.Buildspec.ShouldBe("version: 0.2 # two");
        stack.Outputs.Single(o => o.OutputKey == "Stored").OutputValue.ShouldBe("two");
        await _cloud.World.Do(() =>
        {
            new Roles(_cloud.World).Get(SimulatedCloud.Account, outputs["Role"]).InlinePolicies["own"].ShouldContain("s3:two");
            new Buckets(_cloud.World).Get(outputs["Bucket"]).Tags["purpose"].ShouldBe("two");
        });

        (await _cloud.Delete(stack)).StackStatus.ShouldBe(StackStatus.DELETE_COMPLETE);
        await Should.ThrowAsync<Amazon.Lambda.Model.ResourceNotFoundException>(() =>
            lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = "worker" })
        );
        await _cloud.World.Do(() =>
        {
            new Roles(_cloud.World).Find(SimulatedCloud.Account, outputs["Role"]).ShouldBeNull();
            new Buckets(_cloud.World).Find(outputs["Bucket"]).ShouldBeNull();
            new ParameterStore(_cloud.World).Find(SimulatedCloud.Account, "us-east-1", "/inventory/value").ShouldBeNull();
        });
    }

    /// <summary>CloudFormation takes away what its own stack gave a role or a policy, and IAM refuses what others use.</summary>
    [Theory]
    [InlineData(
        "More: { Type: AWS::IAM::ManagedPolicy, Properties: { Roles: [ keeper ], PolicyDocument: DOCUMENT } }",
        "Role",
        "Cannot delete entity, must detach all policies first."
    )]
    [InlineData(
        "More: { Type: AWS::IAM::Policy, Properties: { PolicyName: more, Roles: [ keeper ], PolicyDocument: DOCUMENT } }",
        "Role",
        "Cannot delete entity, must delete policies first."
    )]
    [InlineData(
        "More: { Type: AWS::IAM::InstanceProfile, Properties: { Roles: [ keeper ] } }",
        "Role",
        "Cannot delete entity, must remove roles from instance profile first."
    )]
    [InlineData(
        "More: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: TRUST, ManagedPolicyArns: [ POLICY ] } }",
        "Policy",
        "Cannot delete a policy attached to entities."
    )]
    [InlineData(
        "More: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: TRUST, PermissionsBoundary: POLICY } }",
        "Policy",
        "Cannot delete a policy attached to entities."
    )]
    public async Task A_role_or_policy_that_another_stack_uses_is_not_deleted(string more, string resource, string reason)
    {
        const string Document = "{ Version: 2012-10-17, Statement: [ { Effect: Allow, Action: sns:*, Resource: '*' } ] }";
        const string Trust =
            "{ Version: 2012-10-17, Statement: [ { Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole } ] }";
        string Filled(string template) =>
            template
                .Replace("DOCUMENT", Document, StringComparison.Ordinal)
                .Replace("TRUST", Trust, StringComparison.Ordinal)
                .Replace("POLICY", $"arn:aws:iam::{SimulatedCloud.Account}:policy/kept", StringComparison.Ordinal);
        var first = await _cloud.Deploy(
            "first",
            Filled(
                """
                Resources:
                  Policy: { Type: AWS::IAM::ManagedPolicy, Properties: { ManagedPolicyName: kept, PolicyDocument: DOCUMENT } }
                  Role: { Type: AWS::IAM::Role, Properties: { RoleName: keeper, AssumeRolePolicyDocument: TRUST,
                    Policies: [ { PolicyName: own, PolicyDocument: DOCUMENT } ], ManagedPolicyArns: [ !Ref Policy ] } }
                """
            )
        );
        var second = await _cloud.Deploy("second", Filled($"Resources:\n  {more}\n"));

        var refused = (await Should.ThrowAsync<InvalidOperationException>(_cloud.Delete(first))).Message;

        refused.ShouldContain($"failed to delete: [{resource}]");
        refused.ShouldContain(reason);

        (await _cloud.Delete(second)).StackStatus.ShouldBe(StackStatus.DELETE_COMPLETE);
        (await _cloud.Delete(first)).StackStatus.ShouldBe(StackStatus.DELETE_COMPLETE);
    }

    [Fact]
    public async Task A_machine_that_logs_has_its_role_make_the_delivery_of_the_log()
    {
        (await _cloud.Deploy("logging", Logging("logs:CreateLogDelivery"))).StackStatus.ShouldBe(StackStatus.CREATE_COMPLETE);
        (
            await Should.ThrowAsync<InvalidOperationException>(_cloud.Deploy("silent", Logging("states:StartExecution")))
        ).Message.ShouldContain("The state machine IAM Role is not authorized to access the Log Destination");
    }

    private static string Logging(string allowed) =>
        """
            Resources:
              Log: { Type: AWS::Logs::LogGroup, Properties: {} }
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [ { Effect: Allow, Principal: { Service: states.amazonaws.com }, Action: sts:AssumeRole } ]
                  Policies:
                    - PolicyName: work
                      PolicyDocument:
                        Version: "2012-10-17"
                        Statement: [ { Effect: Allow, Action: "ALLOWED", Resource: "*" } ]
              Machine:
                Type: AWS::StepFunctions::StateMachine
                Properties:
                  RoleArn: !GetAtt Role.Arn
                  DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'
                  LoggingConfiguration:
                    Level: ALL
                    Destinations: [ { CloudWatchLogsLogGroup: { LogGroupArn: !GetAtt Log.Arn } } ]
            """.Replace("ALLOWED", allowed, StringComparison.Ordinal);

    [Fact]
    public async Task The_deployers_own_template_is_deployed()
    {
        var stack = await _cloud.Deploy(
            "deployer-prod",
            Repository.Text("template.yaml"),
            ("Stage", "prod"),
            ("AllowedTargets", TestAws.Prod)
        );

        stack.StackStatus.ShouldBe(StackStatus.CREATE_COMPLETE);
    }

    [Theory]
    [InlineData("examples/inventory/accounts/service.yaml", "Target", "prod")]
    [InlineData("templates/target.yaml", "Stage", "prod", "ToolsAccount", "222222222222", "ToolsRegion", "eu-west-1")]
    public async Task What_the_examples_accounts_hold_is_deployed(string file, params string[] parameters)
    {
        var stack = await _cloud.Deploy("accounts", Repository.Text(file), [.. parameters.Chunk(2).Select(pair => (pair[0], pair[1]))]);

        stack.StackStatus.ShouldBe(StackStatus.CREATE_COMPLETE);
    }

    [Fact]
    public async Task Tags_subnets_and_settings_change_in_place()
    {
        const string Network = """
            Parameters: { Team: { Type: String }, Zones: { Type: String } }
            Conditions: { Two: !Equals [ !Ref Zones, two ] }
            Resources:
              Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
              A: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a } }
              B: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: us-east-1b } }
              Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Subnets: [ !Ref A, !Ref B ] } }
              Service: { Type: AWS::EC2::VPCEndpointService, Properties: { NetworkLoadBalancerArns: [ !Ref Balancer ],
                AcceptanceRequired: false, Tags: [ { Key: team, Value: !Ref Team } ] } }
              Endpoint:
                Type: AWS::EC2::VPCEndpoint
                Properties:
                  VpcEndpointType: Interface
                  VpcId: !Ref Vpc
                  ServiceName: !Sub "com.amazonaws.vpce.${AWS::Region}.${Service}"
                  SubnetIds: !If [ Two, [ !Ref A, !Ref B ], [ !Ref A ] ]
                  Tags: [ { Key: team, Value: !Ref Team } ]
              Gateway: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: !Ref Vpc, ServiceName: com.amazonaws.us-east-1.s3,
                Tags: [ { Key: team, Value: !Ref Team } ] } }
              Cluster: { Type: AWS::ECS::Cluster, Properties: { ClusterName: pro, ClusterSettings: [ { Name: containerInsights,
                Value: !If [ Two, enabled, disabled ] } ], Tags: [ { Key: team, Value: !Ref Team } ] } }
              Definition: { Type: AWS::ECS::TaskDefinition, Properties: { Family: f, Memory: "512", ContainerDefinitions: [ { Name: c,
                Image: i } ], Tags: [ { Key: team, Value: !Ref Team } ] } }
              Parameter: { Type: AWS::SSM::Parameter, Properties: { Name: p, Type: String, Value: v, Tags: { team: !Ref Team } } }
            Outputs:
              Endpoint: { Value: !Ref Endpoint }
              Gateway: { Value: !Ref Gateway }
              Service: { Value: !Ref Service }
              Definition: { Value: !Ref Definition }
            """;
        var before = Outputs(await _cloud.Deploy("network", Network, ("Team", "core"), ("Zones", "one")));

        var after = Outputs(await _cloud.Deploy("network", Network, ("Team", "data"), ("Zones", "two")));

        after.ShouldBe(before);
        await _cloud.World.Do(() =>
        {
            var (account, region) = (SimulatedCloud.Account, "us-east-1");
            var endpoints = _cloud.Service<VpcEndpoints>();
            var endpoint = endpoints.Find(account, region, after["Endpoint"])!;
            (endpoint.Tags["team"], endpoint.SubnetIds.Count, endpoint.NetworkInterfaceIds.Count, endpoint.DnsNames.Count).ShouldBe(
                ("data", 2, 2, 3)
            );
            endpoints.Services(region).Single(service => service.Id == after["Service"]).Tags["team"].ShouldBe("data");
            new Clusters(_cloud.World).Find(account, region, "pro")!.Tags.Single(tag => tag.Key == "team").Value.ShouldBe("data");
            new TaskDefinitions(_cloud.World)
                .Find(account, region, after["Definition"])!
                .Tags.Single(tag => tag.Key == "team")
                .Value.ShouldBe("data");
            new ParameterStore(_cloud.World).Find(account, region, "p")!.Tags["team"].ShouldBe("data");
        });
    }

    /// <summary>Those of the template as those of the stack, what is added, changed and gone; found by their tags.</summary>
    [Fact]
    public async Task Tags_of_functions_rules_machines_and_groups_change_in_place()
    {
        const string Template = """
            Parameters: { Team: { Type: String } }
            Resources:
              Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [ { Effect: Allow,
                Principal: { Service: [ lambda.amazonaws.com, states.amazonaws.com, codedeploy.amazonaws.com ] },
                Action: sts:AssumeRole } ] } } }
              Function: { Type: AWS::Lambda::Function, Properties: { Role: !GetAtt Role.Arn, Handler: index.h, Runtime: nodejs22.x,
                Code: { ZipFile: x }, Tags: [ { Key: !Ref Team, Value: v }, { Key: team, Value: !Ref Team } ] } }
              Rule: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 day),
                Tags: [ { Key: !Ref Team, Value: v }, { Key: team, Value: !Ref Team } ] } }
              Machine: { Type: AWS::StepFunctions::StateMachine, Properties: { RoleArn: !GetAtt Role.Arn,
                DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
                Tags: [ { Key: !Ref Team, Value: v }, { Key: team, Value: !Ref Team } ] } }
              Logs: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: g,
                Tags: [ { Key: !Ref Team, Value: v }, { Key: team, Value: !Ref Team } ] } }
              Application: { Type: AWS::CodeDeploy::Application, Properties: { ApplicationName: a } }
              Group: { Type: AWS::CodeDeploy::DeploymentGroup, DependsOn: Application, Properties: { ApplicationName: a,
                DeploymentGroupName: g, ServiceRoleArn: !GetAtt Role.Arn,
                Tags: [ { Key: !Ref Team, Value: v }, { Key: team, Value: !Ref Team } ] } }
            Outputs: { Function: { Value: !Ref Function } }
            """;
        var before = Outputs(await _cloud.Deploy("tagged", Template, ("Team", "core")));

        var after = Outputs(await _cloud.Deploy("tagged", Template, ("Team", "data")));

        after.ShouldBe(before);
        await _cloud.World.Do(() =>
        {
            IEnumerable<ITagSource> sources =
            [
                _cloud.Service<LambdaService>(),
                new RuleTags(_cloud.World),
                _cloud.Service<StateMachines>(),
                _cloud.Service<LogStore>(),
                _cloud.Service<DeployGroups>(),
            ];
            foreach (var source in sources)
            {
                var tagged = source.Tagged(SimulatedCloud.Account, "us-east-1").Where(one => one.Tags.ContainsKey("team")).ToList();
                tagged.ShouldHaveSingleItem(source.GetType().Name);
                (tagged[0].Tags["team"], tagged[0].Tags.ContainsKey("data"), tagged[0].Tags.ContainsKey("core")).ShouldBe(
                    ("data", true, false),
                    tagged[0].Arn
                );
            }
        });
    }

    [Fact]
    public async Task The_type_of_a_parameter_is_refused_as_Systems_Manager_does()
    {
        const string Template = """
            Parameters: { Type: { Type: String } }
            Resources: { P: { Type: AWS::SSM::Parameter, Properties: { Name: p, Type: !Ref Type, Value: v } } }
            """;
        await _cloud.Deploy("typed", Template, ("Type", "String"));

        (
            await Should.ThrowAsync<InvalidOperationException>(() => _cloud.Deploy("typed", Template, ("Type", "StringList")))
        ).Message.ShouldContain("Parameter Store doesn't support changing a parameter type in a hierarchy");
    }

    [Fact]
    public async Task What_a_model_does_not_simulate_is_refused_in_the_rehearsals_words_before_anything_is_made()
    {
        var refused = await Should.ThrowAsync<AmazonCloudFormationException>(() =>
            _cloud.Deploy(
                "late",
                "Resources: { Q: { Type: AWS::SNS::Topic }, B: { Type: AWS::S3::Bucket, Properties: { ReplicationConfiguration: {} } } }"
            )
        );

        refused.Message.ShouldBe(
            "the rehearsal does not support the property ReplicationConfiguration of the resource type AWS::S3::Bucket; expected a "
                + "template without it, or rehearsals without this stack"
        );
    }

    [Fact]
    public async Task A_pipeline_is_changed_in_place()
    {
        const string Template = """
            Parameters: { Key: { Type: String } }
            Resources:
              Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [ { Effect: Allow,
                Principal: { Service: codepipeline.amazonaws.com }, Action: sts:AssumeRole } ] } } }
              Pipeline:
                Type: AWS::CodePipeline::Pipeline
                Properties:
                  Name: release
                  RoleArn: !GetAtt Role.Arn
                  ArtifactStore: { Type: S3, Location: b }
                  Stages:
                    - Name: Source
                      Actions: [ { Name: S, ActionTypeId: { Category: Source, Owner: AWS, Provider: S3, Version: "1" }, Configuration: {
                        S3Bucket: b, S3ObjectKey: !Ref Key }, OutputArtifacts: [ { Name: source } ] } ]
                    - Name: Approval
                      Actions: [ { Name: A, ActionTypeId: { Category: Approval, Owner: AWS, Provider: Manual, Version: "1" } } ]
                    - Name: Machine
                      OnFailure: { Result: RETRY, RetryConfiguration: { RetryMode: ALL_ACTIONS } }
                      Actions: [ { Name: M, ActionTypeId: { Category: Invoke, Owner: AWS, Provider: StepFunctions, Version: "1" },
                        Configuration: { StateMachineArn: arn, Input: "{}" } } ]
            Outputs: { Version: { Value: !GetAtt Pipeline.Version } }
            """;
        await _cloud.Deploy("pipeline", Template, ("Key", "one"));

        Outputs(await _cloud.Deploy("pipeline", Template, ("Key", "two")))["Version"].ShouldBe("2");
        await _cloud.World.Do(() =>
        {
            var stages = new Pipelines(_cloud.World).Get(SimulatedCloud.Account, "us-east-1", "release").Declaration.Stages;
            stages[0].Actions[0].Configuration["S3ObjectKey"].ShouldBe("two");
            stages[2].OnFailure.Result.ShouldBe(Result.RETRY);
            stages[2].OnFailure.RetryConfiguration.RetryMode.ShouldBe(StageRetryMode.ALL_ACTIONS);
            stages[2].Actions[0].ActionTypeId.Provider.ShouldBe("StepFunctions");
        });
    }

    private static Dictionary<string, string> Outputs(Stack stack) =>
        stack.Outputs.ToDictionary(output => output.OutputKey, output => output.OutputValue);

    [Fact]
    public async Task A_property_without_a_place_is_refused() =>
        (
            await Should.ThrowAsync<InvalidOperationException>(() =>
                _cloud.Deploy("odd", "Resources: { P: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: v, Colour: red } } }")
            )
        ).Message.ShouldBe("P: Properties validation failed for resource with message: [#: extraneous key [Colour] is not permitted]");

    private static async Task<IEnumerable<string>> Targets(AmazonEventBridgeClient events, string rule) =>
        (
            await events.ListTargetsByRuleAsync(new ListTargetsByRuleRequest { EventBusName = "bus", Rule = rule.Split('|')[1] })
        ).Targets.Select(target => target.Id);
}
