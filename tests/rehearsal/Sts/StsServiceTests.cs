using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Sts;

/// <summary>The official client against the simulated STS.</summary>
public sealed class StsServiceTests
{
    private const string Target = $"arn:aws:iam::{TestAws.Prod}:role/deployer/target";

    [Fact]
    public async Task A_root_key_is_its_account()
    {
        await using var aws = await Start();

        var identity = await Client(aws, TestAws.Root(TestAws.Tools)).GetCallerIdentityAsync(new GetCallerIdentityRequest());

        identity.Account.ShouldBe(TestAws.Tools);
        identity.Arn.ShouldBe($"arn:aws:iam::{TestAws.Tools}:root");
    }

    [Fact]
    public async Task A_role_of_another_account_is_assumed_when_both_sides_allow_it()
    {
        await using var aws = await Start();
        await CreateTarget(aws, "\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"inventory\"}},");
        var deployer = await aws.Session(TestAws.Tools, "deployer", AllowTarget);

        var answer = await Client(aws, deployer)
            .AssumeRoleAsync(
                new AssumeRoleRequest
                {
                    RoleArn = Target,
                    RoleSessionName = "run-7",
                    ExternalId = "inventory",
                    DurationSeconds = 900,
                }
            );

        answer.AssumedRoleUser.Arn.ShouldBe($"arn:aws:sts::{TestAws.Prod}:assumed-role/target/run-7");
        answer.AssumedRoleUser.AssumedRoleId.ShouldEndWith(":run-7");
        answer.Credentials.AccessKeyId.ShouldStartWith("ASIA");
        answer.Credentials.Expiration!.Value.ToUniversalTime().ShouldBe(Epoch.Start.UtcDateTime.AddMinutes(15));
        (await Client(aws, answer.Credentials).GetCallerIdentityAsync(new GetCallerIdentityRequest())).Arn.ShouldBe(
            answer.AssumedRoleUser.Arn
        );
        aws.World.Audit.Count("sts", "AssumeRole").ShouldBe(1);
    }

    [Fact]
    public async Task A_session_policy_narrows_what_the_role_may_do()
    {
        await using var aws = await Start();
        await CreateTarget(aws, "");
        await aws.World.Do(() => new Roles(aws.World).Attach(TestAws.Prod, "target", "arn:aws:iam::aws:policy/AdministratorAccess"));
        var request = new AssumeRoleRequest
        {
            RoleArn = Target,
            RoleSessionName = "run",
            Policy = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}""",
        };
        var client = Client(aws, TestAws.Root(TestAws.Prod));

        var credentials = (await client.AssumeRoleAsync(request)).Credentials;

        await aws.World.Do(() =>
        {
            var session = new Sessions(aws.World).Identify(credentials.AccessKeyId, credentials.SessionToken);
            aws.World.Api.Check(session, TestAws.Prod, ["arn:aws:s3:::a/b"], "s3:GetObject");
            Should
                .Throw<ApiException>(() => aws.World.Api.Check(session, TestAws.Prod, ["arn:aws:s3:::a/b"], "s3:PutObject"))
                .Message.ShouldEndWith("because no session policy allows the s3:PutObject action");
        });
        request.Policy = "{}";
        (await Should.ThrowAsync<AmazonSecurityTokenServiceException>(client.AssumeRoleAsync(request))).ErrorCode.ShouldStartWith(
            "MalformedPolicyDocument"
        );
    }

    [Theory]
    [InlineData("other")]
    [InlineData(null)]
    public async Task A_wrong_external_id_is_refused(string? externalId)
    {
        await using var aws = await Start();
        await CreateTarget(aws, "\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"inventory\"}},");
        var deployer = await aws.Session(TestAws.Tools, "deployer", AllowTarget);

        var refusal = await Should.ThrowAsync<AmazonSecurityTokenServiceException>(
            Client(aws, deployer)
                .AssumeRoleAsync(
                    new AssumeRoleRequest
                    {
                        RoleArn = Target,
                        RoleSessionName = "run",
                        ExternalId = externalId,
                    }
                )
        );

        refusal.ErrorCode.ShouldBe("AccessDenied");
        refusal.Message.ShouldContain("because no role trust policy allows the sts:AssumeRole action");
    }

    [Fact]
    public async Task A_caller_without_permission_is_refused_even_when_trusted()
    {
        await using var aws = await Start();
        await CreateTarget(aws, "");
        var stranger = await aws.Session(TestAws.Tools, "stranger", """{"Effect":"Allow","Action":"s3:*","Resource":"*"}""");

        (
            await Should.ThrowAsync<AmazonSecurityTokenServiceException>(
                Client(aws, stranger).AssumeRoleAsync(new AssumeRoleRequest { RoleArn = Target, RoleSessionName = "run" })
            )
        ).Message.ShouldContain("because no identity-based policy allows the sts:AssumeRole action");
    }

    [Fact]
    public async Task A_role_that_does_not_exist_is_refused_as_a_forbidden_one()
    {
        await using var aws = await Start();

        (
            await Should.ThrowAsync<AmazonSecurityTokenServiceException>(
                Client(aws, TestAws.Root(TestAws.Tools))
                    .AssumeRoleAsync(new AssumeRoleRequest { RoleArn = Target, RoleSessionName = "run" })
            )
        ).ErrorCode.ShouldBe("AccessDenied");
    }

    [Theory]
    [InlineData(3601, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 3600)]
    [InlineData(7200, "role chaining", 7200)]
    [InlineData(899, "greater than or equal to 900", 3600)]
    [InlineData(43201, "less than or equal to 43200", 43200)]
    public async Task A_session_that_is_too_long_or_too_short_is_refused(int seconds, string message, int limit)
    {
        await using var aws = await Start();
        await CreateTarget(aws, "", limit);
        var deployer = await aws.Session(TestAws.Tools, "deployer", AllowTarget);

        (
            await Should.ThrowAsync<AmazonSecurityTokenServiceException>(
                Client(aws, deployer)
                    .AssumeRoleAsync(
                        new AssumeRoleRequest
                        {
                            RoleArn = Target,
                            RoleSessionName = "run",
                            DurationSeconds = seconds,
                        }
                    )
            )
        ).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("with a space")]
    [InlineData("deploy:inventory")]
    public async Task A_session_name_that_is_not_allowed_is_refused(string name)
    {
        await using var aws = await Start();
        await CreateTarget(aws, "");

        (
            await Should.ThrowAsync<AmazonSecurityTokenServiceException>(
                Client(aws, TestAws.Root(TestAws.Tools)).AssumeRoleAsync(new AssumeRoleRequest { RoleArn = Target, RoleSessionName = name })
            )
        ).ErrorCode.ShouldBe("ValidationError");
    }

    [Fact]
    public async Task What_is_not_simulated_is_refused_by_name()
    {
        await using var aws = await Start();
        var client = Client(aws, TestAws.Root(TestAws.Tools));

        (
            await Should.ThrowAsync<AmazonSecurityTokenServiceException>(
                client.AssumeRoleAsync(
                    new AssumeRoleRequest
                    {
                        RoleArn = Target,
                        RoleSessionName = "run",
                        SourceIdentity = "someone",
                    }
                )
            )
        ).Message.ShouldContain("SourceIdentity");
        (
            await Should.ThrowAsync<AmazonSecurityTokenServiceException>(client.GetSessionTokenAsync(new GetSessionTokenRequest()))
        ).Message.ShouldContain("GetSessionToken");
    }

    private const string AllowTarget = $$"""{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"{{Target}}"}""";

    private static Task<TestAws> Start() => TestAws.Start(world => new StsService(world));

    private static AmazonSecurityTokenServiceClient Client(TestAws aws, AWSCredentials credentials) =>
        new(credentials, aws.Configure(new AmazonSecurityTokenServiceConfig()));

    private static Task CreateTarget(TestAws aws, string condition, int limit = 3600) =>
        aws.World.Do(() =>
            new Roles(aws.World).Create(
                new Role
                {
                    Account = TestAws.Prod,
                    Name = "target",
                    Path = "/deployer/",
                    MaxSessionDuration = limit,
                    TrustPolicy = $$$"""
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                      {{{condition}}}"Principal":{"AWS":"arn:aws:iam::{{{TestAws.Tools}}}:root"},"Action":"sts:AssumeRole"}}
                    """,
                }
            )
        );
}
