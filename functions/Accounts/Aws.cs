using Amazon.CloudWatchLogs;
using Amazon.CodeBuild;
using Amazon.CodePipeline;
using Amazon.DynamoDBv2;
using Amazon.EventBridge;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.SimpleNotificationService;
using Amazon.StepFunctions;

namespace Deployer.Functions.Accounts;

/// <summary>AWS as the function's environment gives it: region, role and, in a rehearsal, the endpoint.</summary>
public sealed class Aws(Settings settings, AwsConnection connection) : IAws, IDisposable
{
    private const int SessionSeconds = 900;
    private readonly Lazy<IAmazonDynamoDB> _dynamoDb = new(() =>
        connection.Open((credentials, config) => new AmazonDynamoDBClient(credentials, config), new AmazonDynamoDBConfig())
    );
    private readonly Lazy<IAmazonS3> _s3 = new(() => connection.OpenS3());
    private readonly Lazy<IAmazonStepFunctions> _stepFunctions = new(() =>
        connection.Open((credentials, config) => new AmazonStepFunctionsClient(credentials, config), new AmazonStepFunctionsConfig())
    );
    private readonly Lazy<IAmazonCodeBuild> _codeBuild = new(() =>
        connection.Open((credentials, config) => new AmazonCodeBuildClient(credentials, config), new AmazonCodeBuildConfig())
    );
    private readonly Lazy<IAmazonCloudWatchLogs> _logs = new(() =>
        connection.Open((credentials, config) => new AmazonCloudWatchLogsClient(credentials, config), new AmazonCloudWatchLogsConfig())
    );
    private readonly Lazy<IAmazonCodePipeline> _codePipeline = new(() =>
        connection.Open((credentials, config) => new AmazonCodePipelineClient(credentials, config), new AmazonCodePipelineConfig())
    );
    private readonly Lazy<IAmazonEventBridge> _eventBridge = new(() =>
        connection.Open((credentials, config) => new AmazonEventBridgeClient(credentials, config), new AmazonEventBridgeConfig())
    );
    private readonly Lazy<IAmazonSimpleNotificationService> _notifications = new(() =>
        connection.Open(
            (credentials, config) => new AmazonSimpleNotificationServiceClient(credentials, config),
            new AmazonSimpleNotificationServiceConfig()
        )
    );
    private readonly Lazy<IAmazonSecurityTokenService> _sts = new(() =>
        connection.Open(
            (credentials, config) => new AmazonSecurityTokenServiceClient(credentials, config),
            new AmazonSecurityTokenServiceConfig()
        )
    );

    /// <inheritdoc/>
    public IAmazonDynamoDB DynamoDB => _dynamoDb.Value;

    /// <inheritdoc/>
    public IAmazonS3 S3 => _s3.Value;

    /// <inheritdoc/>
    public IAmazonStepFunctions StepFunctions => _stepFunctions.Value;

    /// <inheritdoc/>
    public IAmazonCodeBuild CodeBuild => _codeBuild.Value;

    /// <inheritdoc/>
    public IAmazonCloudWatchLogs Logs => _logs.Value;

    /// <inheritdoc/>
    public IAmazonCodePipeline CodePipeline => _codePipeline.Value;

    /// <inheritdoc/>
    public IAmazonEventBridge EventBridge => _eventBridge.Value;

    /// <inheritdoc/>
    public IAmazonSimpleNotificationService SimpleNotificationService => _notifications.Value;

    /// <inheritdoc/>
    public IAmazonS3 S3With(AWSCredentials credentials) => (connection with { Credentials = credentials }).OpenS3();

    /// <inheritdoc/>
    public async Task<TargetAccount> Enter(string account, string region, string session)
    {
        var role = settings.TargetRole(account);
        var answer = await _sts.Value.AssumeRoleAsync(
            new AssumeRoleRequest
            {
                RoleArn = role,
                RoleSessionName = session,
                DurationSeconds = SessionSeconds,
                ExternalId = settings.ExternalId,
            }
        );
        var credentials = new SessionAWSCredentials(
            answer.Credentials.AccessKeyId,
            answer.Credentials.SecretAccessKey,
            answer.Credentials.SessionToken
        );
        DateTime? enteredAt = answer.Credentials.Expiration is { } end
            ? end.ToUniversalTime() - TimeSpan.FromSeconds(SessionSeconds)
            : null;
        return new TargetAccount(account, region, connection with { Credentials = credentials }) { EnteredAt = enteredAt };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (
            var client in new IDisposable?[]
            {
                IfCreated(_dynamoDb),
                IfCreated(_s3),
                IfCreated(_stepFunctions),
                IfCreated(_codeBuild),
                IfCreated(_logs),
                IfCreated(_codePipeline),
                IfCreated(_eventBridge),
                IfCreated(_notifications),
                IfCreated(_sts),
            }
        )
        {
            client?.Dispose();
        }

        static IDisposable? IfCreated<T>(Lazy<T> client)
            where T : IDisposable => client.IsValueCreated ? client.Value : null;
    }
}
