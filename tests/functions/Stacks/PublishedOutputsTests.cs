using Amazon.CloudFormation;
using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>Outputs of a stack that are parameters of Systems Manager too.</summary>
public sealed class PublishedOutputsTests
{
    private const string Name = "/inventory/dev/api/Topic";
    private const string Template = """
        Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: orders } } }
        Outputs: { Topic: { Value: !GetAtt Topic.TopicName } }
        """;

    [Fact]
    public async Task They_are_there_when_the_step_has_ended()
    {
        await using var simulated = await Deployed();

        (await Parameter(simulated)).Value.ShouldBe("orders");
        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
    }

    [Fact]
    public async Task One_that_somebody_changed_is_a_difference_and_is_written_again()
    {
        await using var simulated = await Deployed();
        await simulated.Parameters.PutParameterAsync(
            new PutParameterRequest
            {
                Name = Name,
                Value = "another",
                Overwrite = true,
            }
        );

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.Changes>()
            .Differences.ShouldBe([$"the parameter {Name} does not hold the output of stack inventory-dev-api"]);
        simulated.Bench.Begin("plan", Step);
        var plan = await simulated.Plan();
        plan.Action.ShouldBe(PlannedAction.Update);
        plan.Notices.ShouldBe([
            $"the parameter {Name} does not hold the output of stack inventory-dev-api",
            $"the parameter {Name} would be written again",
        ]);
        simulated.Bench.Begin("two", Step);
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>().Action.ShouldBe(StepAction.None);

        (await Parameter(simulated)).Value.ShouldBe("orders");
        simulated.Bench.Begin("plan-again", Step);
        (await simulated.Plan()).Action.ShouldBe(PlannedAction.None);
    }

    [Fact]
    public async Task One_that_is_unchanged_is_not_written_again()
    {
        await using var simulated = await Deployed();
        simulated.Bench.Folder.With("api.yaml", Template + "\nDescription: changed");
        simulated.Bench.Begin("two", Step);

        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();

        (await Parameter(simulated)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task What_Systems_Manager_refuses_names_the_step_and_the_path()
    {
        var parameters = Substitute.For<IAmazonSimpleSystemsManagement>();
        parameters.GetParametersAsync(default!, default).ReturnsForAnyArgs(new GetParametersResponse());
        parameters
            .PutParameterAsync(default!, default)
            .ThrowsAsyncForAnyArgs(
                new AmazonSimpleSystemsManagementException(
                    "Parameter name must be a fully qualified name.",
                    ErrorType.Sender,
                    "ValidationException",
                    "request",
                    System.Net.HttpStatusCode.BadRequest
                )
            );
        await using var bench = new StackBench(await Desk.Open(), Substitute.For<IAmazonCloudFormation>(), parameters: parameters);
        bench.Begin("one", Step);

        var failure = await Should.ThrowAsync<OutputsNotPublishedException>(
            bench.Enter(async run =>
            {
                await PublishedOutputs.Publish(run, new Dictionary<string, string> { ["Topic"] = "orders" });
                return true;
            })
        );

        failure.Message.ShouldBe(
            $"the outputs of step 'api' cannot be published to {Name}: AWS was refused: ValidationException: "
                + "Parameter name must be a fully qualified name."
        );
    }

    private const string Step = "template: api.yaml, publish: \"/inventory/${target}/api\"";

    private static async Task<SimulatedStacks> Deployed()
    {
        var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With("api.yaml", Template);
        simulated.Bench.Begin("one", Step);
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
        return simulated;
    }

    private static async Task<Parameter> Parameter(SimulatedStacks simulated) =>
        (await simulated.Parameters.GetParameterAsync(new GetParameterRequest { Name = Name })).Parameter;
}
