using Deployer.Cli.Tests.AwsAccounts;

namespace Deployer.Cli.Tests.Doctor;

/// <summary>The doctor with an operator's credentials, who may nothing in the target's account.</summary>
[Collection(nameof(ServedService))]
public sealed class OperatorTests(ServedService served)
{
    [Fact]
    public async Task An_operator_may_have_it_checked_and_a_connection_that_the_deployer_was_not_given_is_found()
    {
        var run = await served.Run("doctor", served.Folder, "--target", "dev");

        run.ExitCode.ShouldBe(1, run.Error);
        var output = run.Output.Words();
        output.ShouldContain("the deployer assumes arn:aws:iam::111111111111:role/deployer-dev-target");
        output.ShouldContain("an event from the target's account has arrived");
        output.ShouldContain("the deployer may not use the connection arn:aws:codeconnections:us-east-1:222222222222:connection/c");
        output.ShouldContain("deployer bootstrap tools --stage dev --parameter Connections=arn:aws:codeconnections:");
        output.ShouldContain("permissions deployer-dev-build");
        output.ShouldContain("2 of ");
    }

    [Fact]
    public async Task A_stage_without_such_a_deployer_is_named()
    {
        var run = await served.Run("doctor", served.Folder, "--target", "dev", "--stage", "dev2");

        run.ExitCode.ShouldBe(2);
        run.Error.Words().ShouldContain("account 222222222222 has no deployer of stage 'dev2' with a function deployer-dev2-Check");
    }
}
