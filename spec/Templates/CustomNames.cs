using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>A resource whose name the template chooses, so that there cannot be two of it at once.</summary>
/// <param name="LogicalId">The resource.</param>
/// <param name="Type">Its type.</param>
/// <param name="Property">The property that names it, such as <c>RoleName</c>.</param>
/// <param name="Name">The name; null where it is not known before the template is executed.</param>
/// <param name="Position">Where it is written.</param>
public sealed record CustomName(string LogicalId, string Type, string Property, string? Name, SourcePosition Position)
{
    /// <summary>Whether the resource is there only where a condition holds.</summary>
    public bool IsConditional { get; init; }
}

/// <summary>Finds the resources that a template names itself.</summary>
public static class CustomNames
{
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html: "you cannot perform updates that require
    // replacement of this resource". Types whose names may be taken twice are none of these.
    private static readonly Dictionary<string, string> Properties = new(StringComparer.Ordinal)
    {
        ["AWS::AutoScaling::AutoScalingGroup"] = "AutoScalingGroupName",
        ["AWS::CloudWatch::Alarm"] = "AlarmName",
        ["AWS::CodeBuild::Project"] = "Name",
        ["AWS::CodeDeploy::Application"] = "ApplicationName",
        ["AWS::CodePipeline::Pipeline"] = "Name",
        ["AWS::DynamoDB::Table"] = "TableName",
        ["AWS::EC2::LaunchTemplate"] = "LaunchTemplateName",
        ["AWS::EC2::SecurityGroup"] = "GroupName",
        ["AWS::ECR::Repository"] = "RepositoryName",
        ["AWS::ECS::Cluster"] = "ClusterName",
        ["AWS::ECS::Service"] = "ServiceName",
        ["AWS::ElasticLoadBalancingV2::LoadBalancer"] = "Name",
        ["AWS::ElasticLoadBalancingV2::TargetGroup"] = "Name",
        ["AWS::Events::EventBus"] = "Name",
        ["AWS::Events::Rule"] = "Name",
        ["AWS::IAM::Group"] = "GroupName",
        ["AWS::IAM::InstanceProfile"] = "InstanceProfileName",
        ["AWS::IAM::ManagedPolicy"] = "ManagedPolicyName",
        ["AWS::IAM::Role"] = "RoleName",
        ["AWS::IAM::User"] = "UserName",
        ["AWS::KMS::Alias"] = "AliasName",
        ["AWS::Kinesis::Stream"] = "Name",
        ["AWS::Lambda::Function"] = "FunctionName",
        ["AWS::Logs::LogGroup"] = "LogGroupName",
        ["AWS::RDS::DBCluster"] = "DBClusterIdentifier",
        ["AWS::RDS::DBInstance"] = "DBInstanceIdentifier",
        ["AWS::S3::Bucket"] = "BucketName",
        ["AWS::SNS::Topic"] = "TopicName",
        ["AWS::SQS::Queue"] = "QueueName",
        ["AWS::SSM::Parameter"] = "Name",
        ["AWS::SecretsManager::Secret"] = "Name",
        ["AWS::Serverless::Function"] = "FunctionName",
        ["AWS::Serverless::StateMachine"] = "Name",
        ["AWS::StepFunctions::StateMachine"] = "StateMachineName",
    };

    /// <summary>The resources that a template names; none of one that cannot be read.</summary>
    /// <param name="text">The template, in JSON or YAML.</param>
    /// <param name="file">The name used in positions.</param>
    /// <param name="value">The value of a parameter or pseudo parameter, or null.</param>
    public static IReadOnlyList<CustomName> Read(string text, string file, Func<string, string?> value)
    {
        if (TemplateText.Read(text, file, new FaultList()) is not { } root)
        {
            return [];
        }
        var resources = root.Entries("Resources").Select(resource => resource.Key.Value).ToHashSet();
        var known = new TemplateValues(name =>
            resources.Contains(name) ? null : value(name) ?? root.At("Parameters")?.At(name)?.Text("Default")
        );
        return
        [
            .. from resource in root.Entries("Resources")
            let type = resource.Value.Text("Type") ?? string.Empty
            where Properties.ContainsKey(type)
            let property = Properties[type]
            let name = resource.Value.At("Properties")?.At(property)
            where name is not null && !MayBeLeftOut(name)
            select new CustomName(resource.Key.Value, type, property, known.Of(name), name.Position)
            {
                IsConditional = resource.Value.At("Condition") is not null,
            },
        ];
    }

    // A branch of a condition can be AWS::NoValue, and then there is no name.
    private static bool MayBeLeftOut(YamlNode name) => TemplateFunction.Split(name) is ("If", _);
}
