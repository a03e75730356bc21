namespace Deployer.Rehearsal.CloudFormation.Schemas;

/// <summary>
/// The types of which <c>Fn::GetAtt</c> gives properties too. No document of AWS lists them; the list is that of AWS's own cfn-lint 1.51.0
/// (https://github.com/aws-cloudformation/cfn-lint/blob/main/src/cfnlint/schema/_getatts.py, MIT-0; issues 3013 and 4443 there).
/// </summary>
internal static class AttributesOfProperties
{
    private static readonly HashSet<string> AllProperties =
    [
        "AWS::Amplify::Branch",
        "AWS::Amplify::Domain",
        "AWS::AppSync::DomainName",
        "AWS::AppSync::FunctionConfiguration",
        "AWS::AppSync::Resolver",
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::Backup::BackupSelection",
        "AWS::Backup::BackupVault",
        "AWS::Backup::LogicallyAirGappedBackupVault",
        "AWS::CodeArtifact::Domain",
        "AWS::CodeArtifact::Repository",
        "AWS::EC2::CapacityReservation",
        "AWS::EC2::Instance",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::Subnet",
        "AWS::EC2::VPC",
        "AWS::EFS::MountTarget",
        "AWS::EKS::Nodegroup",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::Events::EventBus",
        "AWS::EventSchemas::Discoverer",
        "AWS::EventSchemas::Registry",
        "AWS::EventSchemas::Schema",
        "AWS::GameLift::GameSessionQueue",
        "AWS::GameLift::MatchmakingConfiguration",
        "AWS::GameLift::MatchmakingRuleSet",
        "AWS::Grafana::Workspace",
        "AWS::Greengrass::ConnectorDefinition",
        "AWS::Greengrass::CoreDefinition",
        "AWS::Greengrass::DeviceDefinition",
        "AWS::Greengrass::FunctionDefinition",
        "AWS::Greengrass::Group",
        "AWS::Greengrass::LoggerDefinition",
        "AWS::Greengrass::ResourceDefinition",
        "AWS::Greengrass::SubscriptionDefinition",
        "AWS::ImageBuilder::Component",
        "AWS::ImageBuilder::ContainerRecipe",
        "AWS::ImageBuilder::DistributionConfiguration",
        "AWS::ImageBuilder::ImagePipeline",
        "AWS::ImageBuilder::ImageRecipe",
        "AWS::ImageBuilder::InfrastructureConfiguration",
        "AWS::ManagedBlockchain::Node",
        "AWS::Neptune::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::RDS::DBParameterGroup",
        "AWS::RedshiftServerless::Workgroup",
        "AWS::RoboMaker::RobotApplication",
        "AWS::RoboMaker::SimulationApplication",
        "AWS::Route53Resolver::ResolverRule",
        "AWS::Route53Resolver::ResolverRuleAssociation",
        "AWS::S3::AccessPoint",
        "AWS::SageMaker::DataQualityJobDefinition",
        "AWS::SageMaker::ModelBiasJobDefinition",
        "AWS::SageMaker::ModelExplainabilityJobDefinition",
        "AWS::SageMaker::ModelQualityJobDefinition",
        "AWS::SageMaker::MonitoringSchedule",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::SSM::Parameter",
        "AWS::StepFunctions::Activity",
    ];

    private static readonly Dictionary<string, string[]> SomeProperties = new(StringComparer.Ordinal)
    {
        ["AWS::AppMesh::GatewayRoute"] = ["GatewayRouteName", "MeshName", "MeshOwner", "VirtualGatewayName"],
        ["AWS::AppMesh::Mesh"] = ["MeshName"],
        ["AWS::AppMesh::Route"] = ["MeshName", "MeshOwner", "RouteName", "VirtualRouterName"],
        ["AWS::AppMesh::VirtualGateway"] = ["MeshName", "MeshOwner", "VirtualGatewayName"],
        ["AWS::AppMesh::VirtualNode"] = ["MeshName", "MeshOwner", "VirtualNodeName"],
        ["AWS::AppMesh::VirtualRouter"] = ["MeshName", "MeshOwner", "VirtualRouterName"],
        ["AWS::AppMesh::VirtualService"] = ["MeshName", "MeshOwner", "VirtualServiceName"],
        ["AWS::AppSync::DataSource"] = ["Name"],
        ["AWS::Cloud9::EnvironmentEC2"] = ["Name"],
        ["AWS::CloudWatch::InsightRule"] = ["RuleName"],
        ["AWS::DocDB::DBCluster"] = ["Port"],
        ["AWS::IoT1Click::Device"] = ["Enabled"],
        ["AWS::IoT1Click::Placement"] = ["PlacementName", "ProjectName"],
        ["AWS::IoT1Click::Project"] = ["ProjectName"],
        ["AWS::Kinesis::StreamConsumer"] = ["ConsumerName", "StreamARN"],
        ["AWS::ManagedBlockchain::Member"] = ["NetworkId"],
        ["AWS::MediaConvert::JobTemplate"] = ["Name"],
        ["AWS::MediaConvert::Preset"] = ["Name"],
        ["AWS::MediaConvert::Queue"] = ["Name"],
        ["AWS::MediaLive::Input"] = ["Destinations", "Sources"],
        ["AWS::OpsWorks::Instance"] = ["AvailabilityZone"],
        ["AWS::OpsWorks::UserProfile"] = ["SshUsername"],
        ["AWS::Route53Resolver::ResolverEndpoint"] = ["Direction", "Name"],
        ["AWS::SageMaker::CodeRepository"] = ["CodeRepositoryName"],
        ["AWS::SageMaker::Endpoint"] = ["EndpointName"],
        ["AWS::SageMaker::EndpointConfig"] = ["EndpointConfigName"],
        ["AWS::SageMaker::Model"] = ["ModelName"],
        ["AWS::SageMaker::NotebookInstance"] = ["NotebookInstanceName"],
        ["AWS::SageMaker::NotebookInstanceLifecycleConfig"] = ["NotebookInstanceLifecycleConfigName"],
        ["AWS::SageMaker::Workteam"] = ["WorkteamName"],
        ["AWS::ServiceDiscovery::Service"] = ["Name"],
        ["AWS::Transfer::User"] = ["ServerId", "UserName"],
    };

    /// <summary>Whether the attribute is a property, or is in one, that the type gives.</summary>
    public static bool Includes(ResourceSchema schema, string attribute)
    {
        var property = attribute.Split('.')[0];
        return schema.Properties.ContainsKey(property)
            && (AllProperties.Contains(schema.Name) || SomeProperties.GetValueOrDefault(schema.Name)?.Contains(property) == true);
    }
}
