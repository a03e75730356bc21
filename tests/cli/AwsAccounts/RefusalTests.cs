using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>What keeps a command from AWS is said in a sentence, with what to do, and exit code 2: nothing was started.</summary>
[Collection(nameof(ServedService))]
public sealed class RefusalTests(ServedService served)
{
    private string[] Deploy => ["deploy", served.Folder, "--target", "dev"];

    [Fact]
    public async Task A_stage_that_the_operator_may_not_use_is_denied()
    {
        var refused = await served.Run([.. Deploy, "--stage", "dev2"]);

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain("StepFunctions DescribeStateMachine was denied");
        refused.Error.Words().ShouldContain("examples/ci/operator.yaml");
    }

    /// <summary>The option comes before AWS_REGION, in which there is one.</summary>
    [Theory]
    [InlineData("deploy")]
    [InlineData("plan")]
    public async Task An_administrator_hears_that_there_is_no_deployer_in_the_region(string command)
    {
        var (key, secret) = Administrator();
        string[] arguments = [command, .. Deploy[1..], "--region", "eu-west-1"];

        var refused = await ServedService.Run(served.Start(arguments, key, secret, null));

        refused.ExitCode.ShouldBe(2);
        refused
            .Error.Words()
            .ShouldContain("account 222222222222 has no deployer of stage 'dev' in eu-west-1 (no state machine deployer-dev-deploy)");
    }

    [Fact]
    public async Task An_administrator_hears_that_there_is_no_deployer_of_the_stage()
    {
        var (key, secret) = Administrator();

        var refused = await ServedService.Run(served.Start([.. Deploy, "--stage", "dev2"], key, secret, null));

        refused.ExitCode.ShouldBe(2);
        refused
            .Error.Words()
            .ShouldContain("account 222222222222 has no deployer of stage 'dev2' in us-east-1 (no state machine deployer-dev2-deploy)");
    }

    [Fact]
    public async Task Credentials_that_AWS_does_not_accept_are_said_to_be_such()
    {
        var refused = await ServedService.Run(served.Start(Deploy, "222222222222", "not the secret", null));

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain("AWS does not accept the credentials");
        refused.Error.Words().ShouldContain("aws sso login");
    }

    [Fact]
    public async Task Missing_credentials_are_said_to_be_missing()
    {
        var start = served.Start(Deploy);
        foreach (var name in new[] { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN" })
        {
            start.Environment.Remove(name);
        }

        var refused = await ServedService.Run(start);

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain("there are no AWS credentials to use");
    }

    [Fact]
    public async Task An_address_of_AWS_that_is_none_is_no_fault_of_the_credentials()
    {
        var start = served.Start(Deploy);
        start.Environment["AWS_ENDPOINT_URL"] = "notaurl";

        var refused = await ServedService.Run(start);

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain("could not be sent to AWS");
        refused.Error.Words().ShouldContain("check the region and AWS_ENDPOINT_URL");
        refused.Error.Words().ShouldNotContain("no AWS credentials");
    }

    [Fact]
    public async Task What_answers_otherwise_than_AWS_is_said_to_do_so()
    {
        await using var proxy = WebApplication.CreateSlimBuilder().Build();
        proxy.Urls.Add("http://127.0.0.1:0");
        proxy.Run(context => context.Response.WriteAsync("hello"));
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        var start = served.Start(Deploy);
        start.Environment["AWS_ENDPOINT_URL"] = proxy.Urls.Single();

        var refused = await ServedService.Run(start);

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain($"{proxy.Urls.Single()} did not answer as AWS does");
    }

    [Fact]
    public async Task A_profile_that_there_is_not_is_named()
    {
        var refused = await served.Run([.. Deploy, "--profile", "nobody"]);

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain("there is no profile 'nobody' with credentials in the AWS configuration");
    }

    /// <summary>
    /// As <c>aws configure sso</c> writes a profile, and <c>aws sso login</c> a token, which has expired and cannot be renewed:
    /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html.
    /// </summary>
    [Fact]
    public async Task A_profile_whose_sign_in_has_expired_is_said_to_be_such_in_one_sentence()
    {
        var home = Directory.CreateTempSubdirectory("deployer-sso-").FullName;
        try
        {
            var refused = await ServedService.Run(await SignedIn(home, Deploy, "old", "2026-01-01T00:00:00Z"));

            refused.ExitCode.ShouldBe(2, refused.Error);
            refused
                .Error.Words()
                .ShouldContain("the AWS credentials have expired; sign in again, such as with 'aws sso login --profile people'");
            refused.Error.ShouldNotContain("   at ");
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>
    /// The same with a sign-in that holds: its token is exchanged for credentials of the role, once, and they are used
    /// (https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html).
    /// </summary>
    [Fact]
    public async Task A_profile_whose_sign_in_holds_has_the_credentials_of_its_role()
    {
        var home = Directory.CreateTempSubdirectory("deployer-sso-").FullName;
        var asked = new List<string>();
        var credentials = served.Start(Deploy).Environment;
        await using var portal = WebApplication.CreateSlimBuilder().Build();
        portal.Urls.Add("http://127.0.0.1:0");
        portal.Run(context =>
        {
            var query = context.Request.Query;
            asked.Add(
                $"{context.Request.Path} {query["account_id"]} {query["role_name"]} {context.Request.Headers["x-amz-sso_bearer_token"]}"
            );
            return context.Response.WriteAsJsonAsync(
                new
                {
                    roleCredentials = new
                    {
                        accessKeyId = credentials["AWS_ACCESS_KEY_ID"],
                        secretAccessKey = credentials["AWS_SECRET_ACCESS_KEY"],
                        sessionToken = credentials["AWS_SESSION_TOKEN"],
                        expiration = 4102444800000,
                    },
                }
            );
        });
        await portal.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            var start = await SignedIn(home, ["releases", served.Folder], "held", "2099-01-01T00:00:00Z");
            start.Environment["AWS_ENDPOINT_URL_SSO"] = portal.Urls.Single();

            var releases = await ServedService.Run(start);

            releases.ExitCode.ShouldBe(0, releases.Error);
            asked.Distinct().ShouldBe(["/federation/credentials 222222222222 operator held"]);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Fact]
    public async Task A_role_that_may_not_deploy_is_told_what_was_denied()
    {
        await served.CreateStack(
            "guest",
            """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  RoleName: guest
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::222222222222:root" }, Action: "sts:AssumeRole" }]
            """
        );
        var guest = await served.Assume("guest");

        var refused = await ServedService.Run(served.Start(Deploy, guest.AccessKeyId, guest.SecretAccessKey, guest.SessionToken));

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain("StepFunctions DescribeStateMachine");
        refused.Error.Words().ShouldContain("was denied");
        refused.Error.Words().ShouldContain("examples/ci/operator.yaml");
    }

    [Fact]
    public async Task No_service_at_the_endpoint_is_said_in_a_sentence()
    {
        var start = served.Start(Deploy);
        start.Environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9";

        var refused = await ServedService.Run(start);

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain("AWS could not be reached");
    }

    [Theory]
    [InlineData("watch", "inventory-dev-1", "is not an execution of a deployer")]
    [InlineData("watch", "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:nobody", "there is no execution")]
    [InlineData("redrive", "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:nobody", "there is no execution")]
    [InlineData(
        "watch",
        "arn:aws:states:us-east-1:333333333333:execution:deployer-dev-deploy:one",
        "the execution is in account 333333333333"
    )]
    [InlineData("watch", "arn:aws:states:eu-west-1:222222222222:execution:deployer-dev-deploy:one", "eu-west-1")]
    public async Task An_execution_that_cannot_be_found_is_named(string command, string execution, string said)
    {
        var refused = await served.Run(command, execution);

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain(said);
    }

    [Fact]
    public async Task Options_of_a_rehearsal_are_refused_for_AWS()
    {
        var refused = await served.Run([.. Deploy, "--fault", "stack-rolls-back"]);

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain("--fault is for rehearsed accounts; expected --rehearsed DIR beside it");
    }

    private (string Key, string Secret) Administrator()
    {
        var credentials = served.Administrator.Credentials.GetCredentials();
        return (credentials.AccessKey, credentials.SecretKey);
    }

    /// <summary>A command with a profile as <c>aws configure sso</c> writes it, and a token as <c>aws sso login</c> does.</summary>
    private async Task<System.Diagnostics.ProcessStartInfo> SignedIn(string home, string[] command, string token, string expires)
    {
        var config = Path.Combine(home, "config");
        await File.WriteAllTextAsync(
            config,
            """
            [profile people]
            sso_session = acme
            sso_account_id = 222222222222
            sso_role_name = operator
            region = us-east-1

            [sso-session acme]
            sso_region = us-east-1
            sso_start_url = https://acme.awsapps.com/start
            sso_registration_scopes = sso:account:access
            """,
            TestContext.Current.CancellationToken
        );
        var cache = Directory.CreateDirectory(Path.Combine(home, ".aws", "sso", "cache")).FullName;
        var name = Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData("acme"u8));
        await File.WriteAllTextAsync(
            Path.Combine(cache, $"{name}.json"),
            $$"""
            {"startUrl":"https://acme.awsapps.com/start","region":"us-east-1","accessToken":"{{token}}","expiresAt":"{{expires}}"}
            """,
            TestContext.Current.CancellationToken
        );
        var start = served.Start([.. command, "--profile", "people"]);
        foreach (var variable in new[] { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN" })
        {
            start.Environment.Remove(variable);
        }

        start.Environment["HOME"] = home;
        start.Environment["AWS_CONFIG_FILE"] = config;
        return start;
    }
}
