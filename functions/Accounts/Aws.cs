using Amazon.CodeBuild;
using Amazon.CodePipeline;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.StepFunctions;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Accounts;

/// <summary>AWS as the function's environment gives it: region, role and, in a rehearsal, the endpoint.</summary>
public sealed class Aws(Settings settings, AwsConnection connection) : IAws, IDisposable
{
    private const int SessionSeconds = 900;
    private readonly Lazy<IAmazonDynamoDB> _dynamoDb = new(() =>
        new AmazonDynamoDBClient(connection.Credentials, connection.Configure(new AmazonDynamoDBConfig())).NoteRequests()
    );
    private readonly Lazy<IAmazonS3> _s3 = new(() =>
        new AmazonS3Client(connection.Credentials, connection.Configure(new AmazonS3Config { ForcePathStyle = true })).NoteRequests()
    );
    private readonly Lazy<IAmazonStepFunctions> _stepFunctions = new(() =>
        new AmazonStepFunctionsClient(connection.Credentials, connection.Configure(new AmazonStepFunctionsConfig())).NoteRequests()
    );
    private readonly Lazy<IAmazonCodeBuild> _codeBuild = new(() =>
        new AmazonCodeBuildClient(connection.Credentials, connection.Configure(new AmazonCodeBuildConfig())).NoteRequests()
    );
    private readonly Lazy<IAmazonCodePipeline> _codePipeline = new(() =>
        new AmazonCodePipelineClient(connection.Credentials, connection.Configure(new AmazonCodePipelineConfig())).NoteRequests()
    );
    private readonly Lazy<IAmazonSecurityTokenService> _sts = new(() =>
        new AmazonSecurityTokenServiceClient(
            connection.Credentials,
            connection.Configure(new AmazonSecurityTokenServiceConfig())
        ).NoteRequests()
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
    public IAmazonCodePipeline CodePipeline => _codePipeline.Value;

    /// <inheritdoc/>
    public IAmazonS3 S3With(AWSCredentials credentials) =>
        new AmazonS3Client(credentials, connection.Configure(new AmazonS3Config { ForcePathStyle = true })).NoteRequests();

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
            }
        );
        var credentials = new SessionAWSCredentials(
            answer.Credentials.AccessKeyId,
            answer.Credentials.SecretAccessKey,
            answer.Credentials.SessionToken
        );
        var target = TargetAccount.Connect(connection with { Credentials = credentials }, account, region);
        target.EnteredAt = answer.Credentials.Expiration is { } end ? end.ToUniversalTime() - TimeSpan.FromSeconds(SessionSeconds) : null;
        return target;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (
            var client in new IDisposable?[]
            {
                Made(_dynamoDb),
                Made(_s3),
                Made(_stepFunctions),
                Made(_codeBuild),
                Made(_codePipeline),
                Made(_sts),
            }
        )
        {
            client?.Dispose();
        }

        static IDisposable? Made<T>(Lazy<T> client)
            where T : IDisposable => client.IsValueCreated ? client.Value : null;
    }
}
