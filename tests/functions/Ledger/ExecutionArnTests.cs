using Deployer.Functions.Ledger;

namespace Deployer.Functions.Tests.Ledger;

public sealed class ExecutionArnTests
{
    private static readonly ExecutionArn Arn = new("arn:aws:states:eu-west-1:222222222222:execution:deployer-dev-deploy:inventory-dev-1");

    [Fact]
    public void It_names_region_machine_and_deployment() =>
        (Arn.Region, Arn.Machine, Arn.Deployment.Value).ShouldBe(("eu-west-1", "deployer-dev-deploy", "inventory-dev-1"));

    [Fact]
    public void The_console_has_a_page_for_it() =>
        Arn.ConsoleLink.ShouldBe(
            "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/"
                + "arn:aws:states:eu-west-1:222222222222:execution:deployer-dev-deploy:inventory-dev-1"
        );

    [Theory]
    [InlineData("")]
    [InlineData("inventory-dev-1")]
    [InlineData("arn:aws:states:eu-west-1:222222222222:stateMachine:deployer-dev-deploy")]
    public void What_is_no_execution_names_no_machine(string text) => new ExecutionArn(text).Machine.ShouldBeEmpty();
}
