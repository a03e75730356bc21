using Amazon.AutoScaling;
using Amazon.CloudFormation;
using Amazon.CloudWatch;
using Amazon.CloudWatchLogs;
using Amazon.CodeDeploy;
using Amazon.EC2;
using Amazon.ECR;
using Amazon.ECS;
using Amazon.Lambda;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.S3;
using Amazon.SimpleSystemsManagement;
using Amazon.StepFunctions;
using Deployer.Functions.Accounts;
using NSubstitute;

namespace Deployer.Functions.Tests.Accounts;

/// <summary>A target account whose services answer nothing, but for those that a test brings.</summary>
internal static class StubbedAccount
{
    public const string Id = "111111111111";

    public static TargetAccount With(
        IAmazonCloudFormation? cloudFormation = null,
        IAmazonStepFunctions? stepFunctions = null,
        IAmazonCodeDeploy? codeDeploy = null,
        IAmazonLambda? lambda = null,
        IAmazonEC2? ec2 = null,
        IAmazonCloudWatchLogs? logs = null,
        IAmazonAutoScaling? autoScaling = null,
        IAmazonResourceGroupsTaggingAPI? tagging = null,
        IAmazonCloudWatch? cloudWatch = null,
        IAmazonS3? s3 = null,
        IAmazonSimpleSystemsManagement? parameters = null,
        IAmazonECS? ecs = null,
        IAmazonECR? ecr = null,
        DateTime? enteredAt = null
    ) =>
        new(
            Id,
            "us-east-1",
            null,
            cloudFormation ?? Substitute.For<IAmazonCloudFormation>(),
            stepFunctions ?? Substitute.For<IAmazonStepFunctions>(),
            codeDeploy ?? Substitute.For<IAmazonCodeDeploy>(),
            lambda ?? Substitute.For<IAmazonLambda>(),
            ec2 ?? Substitute.For<IAmazonEC2>(),
            parameters ?? Substitute.For<IAmazonSimpleSystemsManagement>(),
            logs ?? Substitute.For<IAmazonCloudWatchLogs>(),
            autoScaling ?? Substitute.For<IAmazonAutoScaling>(),
            s3 ?? Substitute.For<IAmazonS3>(),
            tagging ?? Substitute.For<IAmazonResourceGroupsTaggingAPI>(),
            cloudWatch ?? Substitute.For<IAmazonCloudWatch>(),
            ecs ?? Substitute.For<IAmazonECS>(),
            ecr ?? Substitute.For<IAmazonECR>()
        )
        {
            EnteredAt = enteredAt,
        };
}
