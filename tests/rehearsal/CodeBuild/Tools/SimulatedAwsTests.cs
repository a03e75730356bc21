using Amazon.SecurityToken;
using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.CodeBuild.Tools;

public sealed class SimulatedAwsTests
{
    private const string Query = "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]";

    [Fact]
    public async Task A_role_of_another_account_is_assumed()
    {
        await using var aws = await TestAws.Start(world => new StsService(world));
        await aws.World.Do(() =>
            new Roles(aws.World).Create(
                new Role
                {
                    Account = TestAws.Prod,
                    Name = "target",
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                    "Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"sts:AssumeRole",
                    "Condition":{"StringEquals":{"sts:ExternalId":"external"}}}}
                    """,
                }
            )
        );
        using var sts = new AmazonSecurityTokenServiceClient(
            TestAws.Root(TestAws.Tools),
            aws.Configure(new AmazonSecurityTokenServiceConfig())
        );
        string[] command =
        [
            "sts",
            "assume-role",
            "--role-arn",
            "arn:aws:iam::333333333333:role/target",
            "--role-session-name",
            "build",
            "--query",
            Query,
            "--output",
            "text",
        ];

        var (status, output, error) = await Run(sts, [.. command, "--external-id", "external", "--duration-seconds", "900"]);
        (status, error).ShouldBe((0, ""));
        var words = output.TrimEnd('\n').Split('\t');
        words.Length.ShouldBe(3);
        words[0].ShouldStartWith("ASIA");
        (status, output, error) = await Run(sts, command);
        status.ShouldBe(254);
        output.ShouldBeEmpty();
        error.ShouldContain("An error occurred (AccessDenied) when calling the AssumeRole operation");
    }

    [Theory]
    [InlineData("s3 cp a b")]
    [InlineData("sts get-caller-identity")]
    [InlineData("sts assume-role --role-arn r --role-session-name s")]
    [InlineData("sts assume-role --role-arn r --role-session-name s --query Credentials --output text")]
    [InlineData(
        "sts assume-role --role-arn r --role-session-name s --query Credentials.[AccessKeyId,SecretAccessKey,SessionToken] --output "
            + "text --external-id topsecret --profile p"
    )]
    public async Task Any_other_command_fails_and_names_itself(string command)
    {
        using var nobody = new AmazonSecurityTokenServiceClient(
            TestAws.Root(TestAws.Tools),
            new AmazonSecurityTokenServiceConfig { ServiceURL = "http://127.0.0.1:1" }
        );

        var (status, output, error) = await Run(nobody, command.Split(' '));

        status.ShouldBe(252);
        output.ShouldBeEmpty();
        error.ShouldContain(string.Join(' ', command.Split(' ').Take(2)));
        error.ShouldNotContain("topsecret");
    }

    [Fact]
    public async Task Without_credentials_it_fails_as_a_command_line_does_that_finds_none()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var status = await new SimulatedAws().Run(
            new ToolCall("aws", ["sts", "assume-role"], ".", new Dictionary<string, string>(), TextWriter.Null, error)
        );

        (status, error.ToString()).ShouldBe((253, "Unable to locate credentials or a region.\n"));
    }

    private static async Task<(int Status, string Output, string Error)> Run(IAmazonSecurityTokenService sts, string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var status = await SimulatedAws.Run(arguments, output, error, sts);
        return (status, output.ToString(), error.ToString());
    }
}
