using Amazon.CloudWatchLogs;
using Amazon.CodeBuild;
using Amazon.CodePipeline;
using Amazon.DynamoDBv2;
using Amazon.EventBridge;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleNotificationService;
using Amazon.StepFunctions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Sources;
using NSubstitute;

namespace Deployer.Functions.Tests.Kinds;

/// <summary>The desk, with a bucket in which the source lies and accounts that nothing is called in.</summary>
internal sealed class DeskWithSource(Desk desk, ISourceFolder folder) : IAws
{
    public IAmazonDynamoDB DynamoDB => desk.DynamoDB;

    public IAmazonStepFunctions StepFunctions => desk.StepFunctions;

    public IAmazonCodeBuild CodeBuild => desk.CodeBuild;

    public IAmazonCloudWatchLogs Logs => throw new NotSupportedException();

    public IAmazonCodePipeline CodePipeline { get; init; } = null!;

    public IAmazonEventBridge EventBridge => desk.EventBridge;

    public IAmazonSimpleNotificationService SimpleNotificationService => desk.SimpleNotificationService;

    public IAmazonS3 S3 { get; } = Bucket(desk, folder);

    public IAmazonS3 S3With(AWSCredentials credentials) => desk.S3With(credentials);

    /// <summary>AWS's clock.</summary>
    public DateTime Now { get; set; } = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The target's account at a moment of AWS's clock, where a test brings one.</summary>
    public Func<DateTime, TargetAccount>? Account { get; init; }

    public Task<TargetAccount> Enter(string account, string region, string session) =>
        Task.FromResult(Account?.Invoke(Now) ?? StubbedAccount.With(enteredAt: Now));

    private static IAmazonS3 Bucket(Desk desk, ISourceFolder folder)
    {
        desk.Digest = ContentDigest.Compute(folder);
        var s3 = Substitute.For<IAmazonS3>();
        s3.GetObjectAsync(Arg.Any<string>(), Arg.Any<string>(), Arg.Any<CancellationToken>())
            .Returns(_ =>
            {
                var zip = new MemoryStream();
                SourceZip.Write(folder, zip);
                return new GetObjectResponse { ResponseStream = new MemoryStream(zip.ToArray()) };
            });
        return s3;
    }
}
