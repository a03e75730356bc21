using Amazon.AutoScaling;
using Amazon.CloudFormation;
using Amazon.CodeDeploy;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.StepFunctions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.Wire;

namespace Deployer.Cli.Rehearsals;

/// <summary>Clients of a simulated account as its administrator, for looking at what a rehearsal left.</summary>
internal sealed class AccountClients(IWireEndpoint gateway, string account, string region) : IDisposable
{
    private readonly AwsConnection _connection = InProcess.Connection(
        new BasicAWSCredentials(account, "rehearsal"),
        region,
        new InMemoryTransport(gateway)
    );
    private readonly List<IDisposable> _made = [];

    public string Account => account;

    /// <summary>The way to the account.</summary>
    public AwsConnection Connection => _connection;

    public IAmazonCloudFormation CloudFormation =>
        Made(
            _connection.Open((credentials, config) => new AmazonCloudFormationClient(credentials, config), new AmazonCloudFormationConfig())
        );

    public IAmazonStepFunctions StepFunctions =>
        Made(
            _connection.Open((credentials, config) => new AmazonStepFunctionsClient(credentials, config), new AmazonStepFunctionsConfig())
        );

    public IAmazonAutoScaling AutoScaling =>
        Made(_connection.Open((credentials, config) => new AmazonAutoScalingClient(credentials, config), new AmazonAutoScalingConfig()));

    public IAmazonCodeDeploy CodeDeploy =>
        Made(_connection.Open((credentials, config) => new AmazonCodeDeployClient(credentials, config), new AmazonCodeDeployConfig()));

    public IAmazonDynamoDB DynamoDB =>
        Made(_connection.Open((credentials, config) => new AmazonDynamoDBClient(credentials, config), new AmazonDynamoDBConfig()));

    public IAmazonS3 S3 => Made(_connection.OpenS3());

    /// <summary>The deployer's table of a stage.</summary>
    public static string TableOf(string stage) => $"deployer-{stage}";

    /// <summary>The deployer's bucket of a stage.</summary>
    public string BucketOf(string stage) => $"deployer-{stage}-{account}";

    /// <summary>The deployer's records of a stage.</summary>
    public LedgerTable Ledger(string stage)
    {
        var settings = new Settings(stage, TableOf(stage), BucketOf(stage), string.Empty, string.Empty, new HashSet<string>());
        return new LedgerTable(Made(new Aws(settings, _connection)), settings);
    }

    /// <summary>All clients of the account as the deployer's functions have them.</summary>
    public TargetAccount Target(string regionOfTarget) => Made(TargetAccount.Connect(_connection, account, regionOfTarget));

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
