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
    IAmazonCloudWatch cloudWatch,
    IAmazonECS ecs,
    IAmazonECR ecr
) : IDisposable
{
    /// <summary>The clients of an account and region over a connection.</summary>
    /// <param name="connection">The way to AWS, with the session's credentials.</param>
    /// <param name="account">Twelve digits.</param>
    /// <param name="region">Such as <c>us-east-1</c>.</param>
    /// <param name="enteredAt">When the session began, by AWS's clock.</param>
    public static TargetAccount Connect(AwsConnection connection, string account, string region, DateTime? enteredAt = null) =>
        new(
            account,
            region,
            connection.Open(
                (credentials, config) => new AmazonCloudFormationClient(credentials, config),
                new AmazonCloudFormationConfig(),
                region
            ),
            connection.Open(
                (credentials, config) => new AmazonStepFunctionsClient(credentials, config),
                new AmazonStepFunctionsConfig(),
                region
            ),
            connection.Open((credentials, config) => new AmazonCodeDeployClient(credentials, config), new AmazonCodeDeployConfig(), region),
            connection.Open((credentials, config) => new AmazonLambdaClient(credentials, config), new AmazonLambdaConfig(), region),
            connection.Open((credentials, config) => new AmazonEC2Client(credentials, config), new AmazonEC2Config(), region),
            connection.Open(
                (credentials, config) => new AmazonSimpleSystemsManagementClient(credentials, config),
                new AmazonSimpleSystemsManagementConfig(),
                region
            ),
            connection.Open(
                (credentials, config) => new AmazonCloudWatchLogsClient(credentials, config),
                new AmazonCloudWatchLogsConfig(),
                region
            ),
            connection.Open(
                (credentials, config) => new AmazonAutoScalingClient(credentials, config),
                new AmazonAutoScalingConfig(),
                region
            ),
            connection.OpenS3(region),
            connection.Open(
                (credentials, config) => new AmazonResourceGroupsTaggingAPIClient(credentials, config),
                new AmazonResourceGroupsTaggingAPIConfig(),
                region
            ),
            connection.Open((credentials, config) => new AmazonCloudWatchClient(credentials, config), new AmazonCloudWatchConfig(), region),
            connection.Open((credentials, config) => new AmazonECSClient(credentials, config), new AmazonECSConfig(), region),
            connection.Open((credentials, config) => new AmazonECRClient(credentials, config), new AmazonECRConfig(), region)
        )
        {
            EnteredAt = enteredAt,
        };

    /// <summary>Twelve digits.</summary>
    public string Account { get; } = account;

    /// <summary>Such as <c>us-east-1</c>.</summary>
    public string Region { get; } = region;

    /// <summary>
    /// When the session began, by AWS's clock: the end of its credentials less the time that they were asked for. It says how much time
    /// passed from one entry of a task to the next; <see langword="null"/> where no session was opened.
    /// https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html
    /// </summary>
    public DateTime? EnteredAt { get; init; }

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

    /// <summary>Services whose tasks are replaced.</summary>
    public IAmazonECS Ecs { get; } = ecs;

    /// <summary>Images of services.</summary>
    public IAmazonECR Ecr { get; } = ecr;

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
        Ecs.Dispose();
        Ecr.Dispose();
    }
}
