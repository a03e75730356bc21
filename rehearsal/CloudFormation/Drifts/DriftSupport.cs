namespace Deployer.Rehearsal.CloudFormation.Drifts;

/// <summary>
/// Types without a model of their own whose drift CloudFormation detects. Those that have a model say it themselves; of all others
/// nothing is checked.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html</remarks>
internal static class DriftSupport
{
    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "AWS::ApiGateway::Authorizer",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Model",
        "AWS::ApiGateway::RequestValidator",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Stage",
        "AWS::AutoScaling::LaunchConfiguration",
        "AWS::AutoScaling::LifecycleHook",
        "AWS::AutoScaling::ScalingPolicy",
        "AWS::AutoScaling::ScheduledAction",
        "AWS::CloudTrail::Trail",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::EC2::EIP",
        "AWS::EC2::FlowLog",
        "AWS::EC2::Instance",
        "AWS::EC2::InternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::NetworkAcl",
        "AWS::EC2::NetworkInterface",
        "AWS::EC2::PrefixList",
        "AWS::EC2::Volume",
        "AWS::ECS::CapacityProvider",
        "AWS::EFS::AccessPoint",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "AWS::Events::Archive",
        "AWS::IAM::Group",
        "AWS::IAM::User",
        "AWS::Logs::MetricFilter",
        "AWS::Logs::SubscriptionFilter",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Route53::HostedZone",
        "AWS::SQS::Queue",
        "AWS::Synthetics::Canary",
    };

    /// <summary>Whether the drift of a type is detected.</summary>
    public static bool Includes(string type) => Types.Contains(type);
}
