using Amazon.CodeBuild;
using Amazon.CodePipeline;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.StepFunctions;

namespace Deployer.Functions.Accounts;

/// <summary>AWS as the function's environment gives it: region, role and, in a rehearsal, the endpoint.</summary>
public sealed class Aws(Settings settings, AwsConnection connection) : IAws, IDisposable
{
    private readonly Lazy<IAmazonDynamoDB> _dynamoDb = new(() =>
        new AmazonDynamoDBClient(connection.Credentials, connection.Configure(new AmazonDynamoDBConfig()))
    );
    private readonly Lazy<IAmazonS3> _s3 = new(() =>
        new AmazonS3Client(connection.Credentials, connection.Configure(new AmazonS3Config { ForcePathStyle = true }))
    );
    private readonly Lazy<IAmazonStepFunctions> _stepFunctions = new(() =>
        new AmazonStepFunctionsClient(connection.Credentials, connection.Configure(new AmazonStepFunctionsConfig()))
    );
    private readonly Lazy<IAmazonCodeBuild> _codeBuild = new(() =>
        new AmazonCodeBuildClient(connection.Credentials, connection.Configure(new AmazonCodeBuildConfig()))
    );
    private readonly Lazy<IAmazonCodePipeline> _codePipeline = new(() =>
        new AmazonCodePipelineClient(connection.Credentials, connection.Configure(new AmazonCodePipelineConfig()))
    );
    private readonly Lazy<IAmazonSecurityTokenService> _sts = new(() =>
        new AmazonSecurityTokenServiceClient(connection.Credentials, connection.Configure(new AmazonSecurityTokenServiceConfig()))
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
        new AmazonS3Client(credentials, connection.Configure(new AmazonS3Config { ForcePathStyle = true }));

    /// <inheritdoc/>
    public async Task<TargetAccount> Enter(string account, string region, string session)
    {
        var role = settings.TargetRole(account);
        var answer = await _sts.Value.AssumeRoleAsync(
            new AssumeRoleRequest
            {
                RoleArn = role,
                RoleSessionName = session,
                DurationSeconds = 900,
            }
        );
        var credentials = new SessionAWSCredentials(
            answer.Credentials.AccessKeyId,
            answer.Credentials.SecretAccessKey,
            answer.Credentials.SessionToken
        );
        return TargetAccount.Connect(connection with { Credentials = credentials }, account, region);
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
