using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.S3;

/// <summary>A world with one bucket, seen through the official client.</summary>
internal sealed class S3Fixture : IAsyncDisposable
{
    public const string Bucket = "sources-222222222222";

    private S3Fixture(TestAws aws) => (Aws, Client) = (aws, ClientOf(aws, TestAws.Root(TestAws.Tools)));

    public TestAws Aws { get; }

    public AmazonS3Client Client { get; }

    public static async Task<S3Fixture> Start()
    {
        var fixture = new S3Fixture(await TestAws.Start(world => new S3Service(world)));
        await fixture.Client.PutBucketAsync(Bucket);
        return fixture;
    }

    public static AmazonS3Client ClientOf(TestAws aws, AWSCredentials credentials, bool pathStyle = false) =>
        new(credentials, aws.Configure(new AmazonS3Config { ForcePathStyle = pathStyle }));

    public Task<PutObjectResponse> Put(string key, string text) =>
        Client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = Bucket,
                Key = key,
                ContentBody = text,
            }
        );

    public async Task<string> Read(string key, string? version = null)
    {
        using var answer = await Client.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = Bucket,
                Key = key,
                VersionId = version,
            }
        );
        using var reader = new StreamReader(answer.ResponseStream);
        return await reader.ReadToEndAsync();
    }

    public Task Version() =>
        Client.PutBucketVersioningAsync(
            new PutBucketVersioningRequest
            {
                BucketName = Bucket,
                VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
            }
        );

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return Aws.DisposeAsync();
    }
}
