using Amazon.CloudFormation;
using Amazon.CloudWatch;
using Amazon.CloudWatchLogs;
using Amazon.Lambda;
using Amazon.ResourceGroupsTaggingAPI;
using Amazon.S3;
using Amazon.SimpleSystemsManagement;

namespace Deployer.Functions.Accounts;

/// <summary>
/// One target account and region, under one session of the target's role. Its clients are opened when they are first asked for; those
/// that one kind of step alone needs are properties that the kind adds in its own folder.
/// </summary>
/// <param name="account">Twelve digits.</param>
/// <param name="region">Such as <c>us-east-1</c>.</param>
/// <param name="connection">The way to AWS, with the session's credentials; <see langword="null"/> where all clients are given.</param>
/// <param name="clients">Clients that are used instead of opened ones. They are disposed of with the account.</param>
public sealed class TargetAccount(string account, string region, AwsConnection? connection, params IEnumerable<IDisposable> clients)
    : IDisposable
{
    private readonly List<IDisposable> _clients = [.. clients];
    private readonly System.Threading.Lock _opening = new();

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

    /// <summary>
    /// The way to AWS, with the session's credentials and the account's region; <see langword="null"/> where clients were given instead.
    /// </summary>
    public AwsConnection? Connection { get; } = connection is null ? null : connection with { Region = region };

    /// <summary>Stacks and change sets.</summary>
    public IAmazonCloudFormation CloudFormation =>
        Client<IAmazonCloudFormation>(connection =>
            connection.Open((credentials, config) => new AmazonCloudFormationClient(credentials, config), new AmazonCloudFormationConfig())
        );

    /// <summary>Ion Lambdas and the functions that need the endpoint.</summary>
    public IAmazonLambda Lambda =>
        Client<IAmazonLambda>(connection =>
            connection.Open((credentials, config) => new AmazonLambdaClient(credentials, config), new AmazonLambdaConfig())
        );

    /// <summary>Parameters to which outputs are published.</summary>
    public IAmazonSimpleSystemsManagement Parameters =>
        Client<IAmazonSimpleSystemsManagement>(connection =>
            connection.Open(
                (credentials, config) => new AmazonSimpleSystemsManagementClient(credentials, config),
                new AmazonSimpleSystemsManagementConfig()
            )
        );

    /// <summary>The Datomic log, and those of containers.</summary>
    public IAmazonCloudWatchLogs Logs =>
        Client<IAmazonCloudWatchLogs>(connection =>
            connection.Open((credentials, config) => new AmazonCloudWatchLogsClient(credentials, config), new AmazonCloudWatchLogsConfig())
        );

    /// <summary>Templates and the code bucket.</summary>
    public IAmazonS3 S3 => Client<IAmazonS3>(connection => connection.OpenS3());

    /// <summary>Resources by their tags.</summary>
    public IAmazonResourceGroupsTaggingAPI Tagging =>
        Client<IAmazonResourceGroupsTaggingAPI>(connection =>
            connection.Open(
                (credentials, config) => new AmazonResourceGroupsTaggingAPIClient(credentials, config),
                new AmazonResourceGroupsTaggingAPIConfig()
            )
        );

    /// <summary>Metrics and alarms.</summary>
    public IAmazonCloudWatch CloudWatch =>
        Client<IAmazonCloudWatch>(connection =>
            connection.Open((credentials, config) => new AmazonCloudWatchClient(credentials, config), new AmazonCloudWatchConfig())
        );

    /// <summary>The client of a service: the same one each time.</summary>
    /// <typeparam name="T">The service's interface, such as <c>IAmazonECS</c>.</typeparam>
    /// <param name="open">Opens it, in the account's region unless it says otherwise.</param>
    /// <exception cref="InvalidOperationException">
    /// The account has no connection, and no client of the service was given.
    /// </exception>
    public T Client<T>(Func<AwsConnection, T> open)
        where T : class, IDisposable
    {
        lock (_opening)
        {
            if (_clients.OfType<T>().FirstOrDefault() is { } known)
            {
                return known;
            }

            var opened = open(Connection ?? throw new InvalidOperationException($"the account was opened without {typeof(T).Name}"));
            _clients.Add(opened);
            return opened;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_opening)
        {
            _clients.ForEach(client => client.Dispose());
        }
    }
}
