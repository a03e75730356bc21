using System.Text.RegularExpressions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Tests.StateMachines;

namespace Deployer.Functions.Tests.Accounts;

public sealed class DeployerStageTests
{
    private static readonly DeployerStage Dev = new("dev", "222222222222", "us-east-1");

    [Theory]
    [InlineData("TableName", "deployer-dev")]
    [InlineData("BucketName", "deployer-dev-222222222222")]
    public void The_names_are_those_of_the_template(string property, string name)
    {
        name.ShouldBeOneOf(Dev.Table, Dev.Bucket);

        Named(property).ShouldContain(name);
    }

    [Theory]
    [InlineData(DeployerMachine.Deploy, "deployer-dev-deploy")]
    [InlineData(DeployerMachine.Plan, "deployer-dev-plan")]
    public void So_are_those_of_the_machines(DeployerMachine machine, string name)
    {
        Dev.MachineName(machine).ShouldBe(name);
        Dev.MachineArn(machine).ShouldBe($"arn:aws:states:us-east-1:222222222222:stateMachine:{name}");
        Named("Name").ShouldContain(name);
    }

    [Theory]
    [InlineData("deployer-dev-deploy", "dev")]
    [InlineData("deployer-dev-eu-deploy", "dev-eu")]
    [InlineData("deployer-dev-plan", null)]
    [InlineData("deployer-deploy", null)]
    [InlineData("datomic-inventory-dev", null)]
    [InlineData("", null)]
    public void The_machine_of_deployments_names_its_stage(string machine, string? stage) =>
        DeployerStage.StageOf(machine, DeployerMachine.Deploy).ShouldBe(stage);

    [Theory]
    [InlineData("dev", "dev")]
    [InlineData("dev-eu", "dev")]
    [InlineData("dev-eu-west", "dev")]
    [InlineData("-dev", "-dev")]
    public void The_stage_of_a_target_is_its_name_up_to_the_first_dash(string target, string stage) =>
        DeployerStage.OfTarget(target).ShouldBe(stage);

    [Fact]
    public void Whoever_reads_the_records_may_deploy_to_the_accounts_that_are_named()
    {
        Dev.Settings().AllowedTargets.ShouldBeEmpty();
        Dev.Settings("111111111111").AllowedTargets.ShouldBe(["111111111111"]);
    }

    private static IEnumerable<string> Named(string property) =>
        Regex
            .Matches(File.ReadAllText(Product.TemplateFile), $"(?m)^ *{property}: !Sub (\\S+)$")
            .Select(match => match.Groups[1].Value.Replace("${Stage}", "dev").Replace("${AWS::AccountId}", "222222222222"));
}
