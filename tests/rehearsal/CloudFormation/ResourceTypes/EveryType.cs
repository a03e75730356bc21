namespace Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;

/// <summary>A template with all types that have a model of their own.</summary>
internal static class EveryType
{
    // One resource of each type, with little more than it needs.
    public const string All = """
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { Service: [
              lambda.amazonaws.com, states.amazonaws.com, codebuild.amazonaws.com, codepipeline.amazonaws.com, events.amazonaws.com,
              codedeploy.amazonaws.com, ecs-tasks.amazonaws.com ] }, Action: sts:AssumeRole } ] } }
          ManagedPolicy: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: { Version: "2012-10-17",
            Statement: [ { Effect: Allow, Action: s3:*, Resource: "*" } ] } } }
          Policy: { Type: AWS::IAM::Policy, Properties: { PolicyName: more, Roles: [ !Ref Role ], PolicyDocument: { Version: "2012-10-17",
            Statement: [ { Effect: Allow, Action: s3:*, Resource: "*" } ] } } }
          Profile: { Type: AWS::IAM::InstanceProfile, Properties: { Roles: [ !Ref Role ] } }
          Bucket: { Type: AWS::S3::Bucket }
          BucketPolicy: { Type: AWS::S3::BucketPolicy, Properties: { Bucket: !Ref Bucket, PolicyDocument: { Version: "2012-10-17",
            Statement: [ { Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Bucket.Arn}/*" } ] } } }
          Table:
            Type: AWS::DynamoDB::Table
            Properties: { AttributeDefinitions: [ { AttributeName: pk, AttributeType: S } ], KeySchema: [ { AttributeName: pk,
              KeyType: HASH } ], BillingMode: PAY_PER_REQUEST }
          Function: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Role: !GetAtt Role.Arn,
            Code: { ZipFile: "exports.handler = 1;" } } }
          Permission: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !Ref Function, Action: lambda:InvokeFunction,
            Principal: events.amazonaws.com } }
          Version: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref Function } }
          Alias: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Function, FunctionVersion: !GetAtt Version.Version,
            Name: live } }
          Invocations: { Type: AWS::Lambda::EventInvokeConfig, Properties: { FunctionName: !Ref Function, Qualifier: $LATEST } }
          Machine: { Type: AWS::StepFunctions::StateMachine, Properties: { RoleArn: !GetAtt Role.Arn,
            DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}' } }
          Bus: { Type: AWS::Events::EventBus, Properties: { Name: bus } }
          BusPolicy: { Type: AWS::Events::EventBusPolicy, Properties: { EventBusName: !Ref Bus, StatementId: targets, Statement: {
            Effect: Allow, Principal: { AWS: ["333333333333"] }, Action: events:PutEvents, Resource: !GetAtt Bus.Arn } } }
          Rule: { Type: AWS::Events::Rule, Properties: { EventBusName: !Ref Bus, EventPattern: { source: [ a ] } } }
          Project:
            Type: AWS::CodeBuild::Project
            Properties: { ServiceRole: !GetAtt Role.Arn, Artifacts: { Type: NO_ARTIFACTS }, Source: { Type: NO_SOURCE,
              BuildSpec: "version: 0.2" }, Environment: { Type: LINUX_CONTAINER, ComputeType: BUILD_GENERAL1_SMALL,
              Image: aws/codebuild/standard:7.0 } }
          Pipeline:
            Type: AWS::CodePipeline::Pipeline
            Properties:
              RoleArn: !GetAtt Role.Arn
              ArtifactStore: { Type: S3, Location: !Ref Bucket }
              Stages:
                - Name: Source
                  Actions: [ { Name: Source, ActionTypeId: { Category: Source, Owner: AWS, Provider: S3, Version: "1" }, Configuration: {
                    S3Bucket: !Ref Bucket, S3ObjectKey: key }, OutputArtifacts: [ { Name: source } ] } ]
                - Name: Approval
                  Actions: [ { Name: Approval, ActionTypeId: { Category: Approval, Owner: AWS, Provider: Manual, Version: "1" } } ]
          Connection: { Type: AWS::CodeStarConnections::Connection, Properties: { ConnectionName: git, ProviderType: GitHub } }
          Parameter: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: v } }
          Group: { Type: AWS::Logs::LogGroup }
          Topic: { Type: AWS::SNS::Topic }
          TopicPolicy: { Type: AWS::SNS::TopicPolicy, Properties: { Topics: [ !Ref Topic ], PolicyDocument: {} } }
          Key: { Type: AWS::KMS::Key }
          KeyAlias: { Type: AWS::KMS::Alias, Properties: { AliasName: alias/key, TargetKeyId: !Ref Key } }
          Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1,
            Namespace: n, MetricName: m, Period: 60, Statistic: Sum, Threshold: 1 } }
          Handle: { Type: AWS::CloudFormation::WaitConditionHandle }
          Files: { Type: AWS::EFS::FileSystem }
          Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: api, ProtocolType: HTTP } }
          Integration: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY } }
          ApiRoute: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: GET / } }
          ApiStage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Api, StageName: live } }
          Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16 } }
          Subnet: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a } }
          Routes: { Type: AWS::EC2::RouteTable, Properties: { VpcId: !Ref Vpc } }
          Association: { Type: AWS::EC2::SubnetRouteTableAssociation, Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Routes } }
          Security: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: d, VpcId: !Ref Vpc } }
          Ingress: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupId: !Ref Security, IpProtocol: "-1",
            CidrIp: 10.0.0.0/16 } }
          Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: network, Subnets: [ !Ref Subnet ] } }
          Targets: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Port: 80, Protocol: TCP, VpcId: !Ref Vpc } }
          Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Balancer, DefaultActions: [ {
            Type: forward, TargetGroupArn: !Ref Targets } ] } }
          EndpointService: { Type: AWS::EC2::VPCEndpointService, Properties: { NetworkLoadBalancerArns: [ !Ref Balancer ],
            AcceptanceRequired: false } }
          EndpointPermissions: { Type: AWS::EC2::VPCEndpointServicePermissions, Properties: { ServiceId: !Ref EndpointService } }
          Endpoint: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcEndpointType: Interface, VpcId: !Ref Vpc, SubnetIds: [ !Ref Subnet ],
            ServiceName: !Sub "com.amazonaws.vpce.us-east-1.${EndpointService}" } }
          Launch: { Type: AWS::EC2::LaunchTemplate, Properties: { LaunchTemplateData: { ImageId: ami-1, InstanceType: t3.small } } }
          Scaling: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { MinSize: "0", MaxSize: "1", VPCZoneIdentifier: [ !Ref Subnet ],
            LaunchTemplate: { LaunchTemplateId: !Ref Launch, Version: !GetAtt Launch.LatestVersionNumber } } }
          Application: { Type: AWS::CodeDeploy::Application }
          DeploymentGroup: { Type: AWS::CodeDeploy::DeploymentGroup, Properties: { ApplicationName: !Ref Application,
            ServiceRoleArn: !GetAtt Role.Arn, AutoScalingGroups: [ !Ref Scaling ] } }
          Images: { Type: AWS::ECR::Repository }
          Cluster: { Type: AWS::ECS::Cluster }
          Definition:
            Type: AWS::ECS::TaskDefinition
            Properties: { NetworkMode: awsvpc, RequiresCompatibilities: [ FARGATE ], Cpu: "512", Memory: "1024", ContainerDefinitions: [ {
              Name: c, Image: i } ] }
          Service:
            Type: AWS::ECS::Service
            Properties: { Cluster: !Ref Cluster, TaskDefinition: !Ref Definition, DesiredCount: 0, LaunchType: FARGATE,
              NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [ !Ref Subnet ] } } }
        """;
}
