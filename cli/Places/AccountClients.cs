using Amazon.AutoScaling;
using Amazon.CloudFormation;
using Amazon.CodePipeline;
using Amazon.DynamoDBv2;
using Amazon.Lambda;
using Amazon.S3;
using Amazon.StepFunctions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Places;

/// <summary>Clients of an account, on AWS or simulated.</summary>
/// <param name="connection">The way to the account.</param>
/// <param name="account">Twelve digits.</param>
internal sealed class AccountClients(AwsConnection connection, string account) : IDisposable
{
    private readonly List<IDisposable> _made = [];

    /// <summary>Twelve digits.</summary>
    public string Account => account;

    /// <summary>The way to the account.</summary>
    public AwsConnection Connection => connection;

    public IAmazonCloudFormation CloudFormation =>
        Made(
            connection.Open((credentials, config) => new AmazonCloudFormationClient(credentials, config), new AmazonCloudFormationConfig())
        );

    public IAmazonStepFunctions StepFunctions =>
        Made(connection.Open((credentials, config) => new AmazonStepFunctionsClient(credentials, config), new AmazonStepFunctionsConfig()));

    public IAmazonAutoScaling AutoScaling =>
        Made(connection.Open((credentials, config) => new AmazonAutoScalingClient(credentials, config), new AmazonAutoScalingConfig()));

    public IAmazonCodePipeline CodePipeline =>
        Made(connection.Open((credentials, config) => new AmazonCodePipelineClient(credentials, config), new AmazonCodePipelineConfig()));

    public IAmazonDynamoDB DynamoDB =>
        Made(connection.Open((credentials, config) => new AmazonDynamoDBClient(credentials, config), new AmazonDynamoDBConfig()));

    /// <summary>A client of Lambda, which whoever opens it closes. A check makes a few hundred requests before it answers.</summary>
    public IAmazonLambda OpenLambda() =>
        connection.Open((credentials, config) => new AmazonLambdaClient(credentials, config), new AmazonLambdaConfig());

    public IAmazonS3 S3 => Made(connection.OpenS3());

    /// <summary>The deployer of a stage in this account.</summary>
    public DeployerStage Deployer(string stage) => new(stage, account, connection.Region);

    /// <summary>The deployer's records of a stage.</summary>
    public LedgerTable Ledger(string stage)
    {
        var settings = Deployer(stage).Settings();
        return new LedgerTable(Made(new Aws(settings, connection)), settings);
    }

    /// <summary>All clients of the account as the deployer's functions have them.</summary>
    /// <param name="regionOfTarget">The target's region.</param>
    /// <param name="now">Now by AWS's clock; <see langword="null"/> where that is not known.</param>
    public TargetAccount Target(string regionOfTarget, DateTime? now = null) =>
        Made(new TargetAccount(account, regionOfTarget, connection) { EnteredAt = now });

    public void Dispose()
    {
        foreach (var client in _made)
        {
            client.Dispose();
        }
    }

    private T Made<T>(T client)
        where T : IDisposable
    {
        _made.Add(client);
        return client;
    }
}
