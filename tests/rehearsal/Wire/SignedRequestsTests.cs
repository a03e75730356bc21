using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecurityToken;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>Who gets in through the socket, asked with official clients.</summary>
public sealed class SignedRequestsTests : IAsyncLifetime
{
    private const string Account = "222222222222";

    private readonly RehearsalWorld _world = new(new RehearsalOptions());
    private ServiceProvider _services = null!;
    private WireServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _services = await _world.Do(() => SimulatedServices.Start(_world));
        _server = await WireServer.Start(new SignedRequests(new Gateway(_world), _world.Options.Secret));
    }

    [Fact]
    public async Task Who_signs_with_the_secret_is_the_administrator_of_the_account()
    {
        using var sts = Sts(new BasicAWSCredentials(Account, Secret));

        (await sts.GetCallerIdentityAsync(new())).Arn.ShouldBe($"arn:aws:iam::{Account}:root");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Either_name_of_this_machine_is_let_in_with_the_secret_and_not_without_it(string host)
    {
        var address = new UriBuilder(_server.Address) { Host = host }.Uri;
        using var sts = Sts(new BasicAWSCredentials(Account, Secret), address);
        using var stranger = Sts(new BasicAWSCredentials(Account, new string('0', Secret.Length)), address);
        using var client = new HttpClient();
        using var unsigned = new HttpRequestMessage(HttpMethod.Post, _server.Address);
        unsigned.Headers.Host = $"{host}:{address.Port}";

        (await sts.GetCallerIdentityAsync(new())).Arn.ShouldBe($"arn:aws:iam::{Account}:root");
        (await Should.ThrowAsync<AmazonServiceException>(stranger.GetCallerIdentityAsync(new()))).ErrorCode.ShouldBe(
            "InvalidSignatureException"
        );
        using var refused = await client.SendAsync(unsigned, TestContext.Current.CancellationToken);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("MissingAuthenticationToken");
    }

    [Fact]
    public async Task Who_signs_with_another_secret_is_refused_by_every_family_of_protocols()
    {
        var credentials = new BasicAWSCredentials(Account, new string('0', Secret.Length));
        using var sts = Sts(credentials);
        using var s3 = S3(credentials);

        (await Should.ThrowAsync<AmazonServiceException>(sts.GetCallerIdentityAsync(new()))).ErrorCode.ShouldBe(
            "InvalidSignatureException"
        );
        var refused = await Should.ThrowAsync<AmazonS3Exception>(s3.ListBucketsAsync());
        refused.ErrorCode.ShouldBe("SignatureDoesNotMatch");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Objects_with_every_kind_of_name_and_body_are_signed_as_S3_signs()
    {
        using var s3 = S3(new BasicAWSCredentials(Account, Secret));
        await s3.PutBucketAsync("bucket");

        await s3.PutObjectAsync(
            new()
            {
                BucketName = "bucket",
                Key = "a b/ü+(1)~.txt",
                ContentBody = "content",
            }
        );

        using var got = await s3.GetObjectAsync("bucket", "a b/ü+(1)~.txt");
        using var reader = new StreamReader(got.ResponseStream);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("content");
        (await s3.ListObjectsV2Async(new() { BucketName = "bucket", Prefix = "a b/" })).S3Objects.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_presigned_address_needs_no_header_and_cannot_be_changed()
    {
        using var s3 = S3(new BasicAWSCredentials(Account, Secret));
        await s3.PutBucketAsync("bucket");
        await s3.PutObjectAsync(
            new()
            {
                BucketName = "bucket",
                Key = "key",
                ContentBody = "content",
            }
        );
        var address = await s3.GetPreSignedURLAsync(
            new GetPreSignedUrlRequest
            {
                BucketName = "bucket",
                Key = "key",
                Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
                Protocol = Protocol.HTTP,
            }
        );
        using var client = new HttpClient();

        (await client.GetStringAsync(new Uri(address), TestContext.Current.CancellationToken)).ShouldBe("content");
        using var other = await client.GetAsync(
            new Uri(address.Replace("/key?", "/other?", StringComparison.Ordinal)),
            TestContext.Current.CancellationToken
        );
        other.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_session_signs_with_a_secret_of_its_own()
    {
        await _world.Do(() =>
            new Roles(_world).Create(
                new Role
                {
                    Account = Account,
                    Name = "reader",
                    TrustPolicy = $$$"""
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"{{{Account}}}"},"Action":"sts:AssumeRole"}}
                    """,
                }
            )
        );
        using var administrator = Sts(new BasicAWSCredentials(Account, Secret));
        var session = (
            await administrator.AssumeRoleAsync(new() { RoleArn = $"arn:aws:iam::{Account}:role/reader", RoleSessionName = "session" })
        ).Credentials;

        using var assumed = Sts(new SessionAWSCredentials(session.AccessKeyId, session.SecretAccessKey, session.SessionToken));
        (await assumed.GetCallerIdentityAsync(new())).Arn.ShouldEndWith("assumed-role/reader/session");
        session.SecretAccessKey.ShouldNotBe(Secret);

        using var stolen = Sts(new SessionAWSCredentials(session.AccessKeyId, Secret, session.SessionToken));
        (await Should.ThrowAsync<AmazonServiceException>(stolen.GetCallerIdentityAsync(new()))).ErrorCode.ShouldBe(
            "InvalidSignatureException"
        );
    }

    [Fact]
    public async Task What_is_not_signed_is_refused()
    {
        using var client = new HttpClient();

        using var answer = await client.GetAsync(_server.Address, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("MissingAuthenticationToken");
    }

    [Theory]
    [InlineData("Host", "rebound.example")]
    [InlineData("Host", "127.0.0.1:1")]
    [InlineData("Host", "127.0.0.1")]
    [InlineData("Host", "localhost:1")]
    [InlineData("Host", "localhost")]
    [InlineData("Host", "localhost.example")]
    [InlineData("Origin", "http://page.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task What_a_web_page_sends_is_refused_before_anybody_reads_it(string header, string value)
    {
        var asked = 0;
        await using var server = await WireServer.Start(new Counting(() => asked++));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address);
        request.Headers.TryAddWithoutValidation(header, value);

        using var refused = await client.SendAsync(request, TestContext.Current.CancellationToken);

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        asked.ShouldBe(0);
        using var answered = await client.PostAsync(server.Address, content: null, TestContext.Current.CancellationToken);
        answered.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        asked.ShouldBe(1);
    }

    [Fact]
    public void Each_run_has_a_secret_of_its_own_and_each_access_key_its_own_of_it()
    {
        var (one, other) = (new SigningSecret(), new SigningSecret());

        new[]
        {
            one.Administrator,
            other.Administrator,
            one.SecretKeyFor("ASIA1"),
            one.SecretKeyFor("ASIA2"),
            other.SecretKeyFor("ASIA1"),
        }.ShouldBeUnique();
        one.SecretKeyFor("ASIA1").ShouldBe(one.SecretKeyFor("ASIA1"));
        one.SecretKeyFor(Account).ShouldBe(one.Administrator);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _services.DisposeAsync();
        await _world.DisposeAsync();
    }

    private string Secret => _world.Options.Secret.Administrator;

    private AmazonSecurityTokenServiceClient Sts(AWSCredentials credentials, Uri? address = null) =>
        new(credentials, Configure(new AmazonSecurityTokenServiceConfig(), address));

    private AmazonS3Client S3(AWSCredentials credentials) => new(credentials, Configure(new AmazonS3Config { ForcePathStyle = true }));

    private TConfig Configure<TConfig>(TConfig config, Uri? address = null)
        where TConfig : ClientConfig
    {
        config.ServiceURL = (address ?? _server.Address).AbsoluteUri;
        config.AuthenticationRegion = "us-east-1";
        config.MaxErrorRetry = 0;
        return config;
    }

    private sealed class Counting(Action count) : IWireEndpoint
    {
        public Task<WireResponse> Answer(WireRequest request, CancellationToken disconnected = default)
        {
            count();
            return Task.FromResult(new WireResponse(204, new Dictionary<string, string>(), default));
        }
    }
}
