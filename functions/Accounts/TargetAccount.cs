using Amazon.AutoScaling;
using Amazon.CloudFormation;
using Amazon.CloudWatch;
using Amazon.CloudWatchLogs;
using Amazon.CodeDeploy;
using Amazon.EC2;
using Amazon.Lambda;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SimpleSystemsManagement;
using Amazon.StepFunctions;

namespace Deployer.Functions.Accounts;

/// <summary>Clients of one target account and region, under one session of the target's role.</summary>
public sealed class TargetAccount(
    string account,
    string region,
    IAmazonCloudFormation cloudFormation,
    IAmazonStepFunctions stepFunctions,
    IAmazonCodeDeploy codeDeploy,
    IAmazonLambda lambda,
    IAmazonEC2 ec2,
    IAmazonSimpleSystemsManagement parameters,
    IAmazonCloudWatchLogs logs,
    IAmazonAutoScaling autoScaling,
    IAmazonS3 s3,
    IAmazonResourceGroupsTaggingAPI tagging,
    IAmazonCloudWatch cloudWatch
) : IDisposable
{
    /// <summary>The clients of an account and region over a connection.</summary>
    public static TargetAccount Connect(AwsConnection connection, string account, string region)
    {
        var credentials = connection.Credentials;
        return new TargetAccount(
            account,
            region,
            new AmazonCloudFormationClient(credentials, In(new AmazonCloudFormationConfig())),
            new AmazonStepFunctionsClient(credentials, In(new AmazonStepFunctionsConfig())),
            new AmazonCodeDeployClient(credentials, In(new AmazonCodeDeployConfig())),
            new AmazonLambdaClient(credentials, In(new AmazonLambdaConfig())),
            new AmazonEC2Client(credentials, In(new AmazonEC2Config())),
            new AmazonSimpleSystemsManagementClient(credentials, In(new AmazonSimpleSystemsManagementConfig())),
            new AmazonCloudWatchLogsClient(credentials, In(new AmazonCloudWatchLogsConfig())),
            new AmazonAutoScalingClient(credentials, In(new AmazonAutoScalingConfig())),
            new AmazonS3Client(credentials, In(new AmazonS3Config { ForcePathStyle = true })),
            new AmazonResourceGroupsTaggingAPIClient(credentials, In(new AmazonResourceGroupsTaggingAPIConfig())),
            new AmazonCloudWatchClient(credentials, In(new AmazonCloudWatchConfig()))
        );

        T In<T>(T config)
            where T : ClientConfig => connection.Configure(config, region);
    }

    /// <summary>Twelve digits.</summary>
    public string Account { get; } = account;

    /// <summary>Such as <c>us-east-1</c>.</summary>
    public string Region { get; } = region;

    /// <summary>Stacks and change sets.</summary>
    public IAmazonCloudFormation CloudFormation { get; } = cloudFormation;

    /// <summary>Executions of <c>datomic-GROUP</c>.</summary>
    public IAmazonStepFunctions StepFunctions { get; } = stepFunctions;

    /// <summary>Deployments of ion code.</summary>
    public IAmazonCodeDeploy CodeDeploy { get; } = codeDeploy;

    /// <summary>Ion Lambdas and the functions that need the endpoint.</summary>
    public IAmazonLambda Lambda { get; } = lambda;

    /// <summary>Interface endpoints.</summary>
    public IAmazonEC2 Ec2 { get; } = ec2;

    /// <summary>Parameters to which outputs are published.</summary>
    public IAmazonSimpleSystemsManagement Parameters { get; } = parameters;

    /// <summary>The Datomic log.</summary>
    public IAmazonCloudWatchLogs Logs { get; } = logs;

    /// <summary>The instances of a compute group.</summary>
    public IAmazonAutoScaling AutoScaling { get; } = autoScaling;

    /// <summary>The code bucket.</summary>
    public IAmazonS3 S3 { get; } = s3;

    /// <summary>Resources by their tags.</summary>
    public IAmazonResourceGroupsTaggingAPI Tagging { get; } = tagging;

    /// <summary>The nodes' metrics.</summary>
    public IAmazonCloudWatch CloudWatch { get; } = cloudWatch;

    /// <inheritdoc/>
    public void Dispose()
    {
        CloudFormation.Dispose();
        StepFunctions.Dispose();
        CodeDeploy.Dispose();
        Lambda.Dispose();
        Ec2.Dispose();
        Parameters.Dispose();
        Logs.Dispose();
        AutoScaling.Dispose();
        S3.Dispose();
        Tagging.Dispose();
        CloudWatch.Dispose();
    }
}
