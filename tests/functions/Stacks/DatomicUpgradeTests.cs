using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Stacks;

public sealed class DatomicUpgradeTests
{
    private const string Storage = "template: api.yaml, kind: datomic-storage";
    private const string Group = "template: api.yaml, kind: datomic-query-group";

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Storage_takes_up_what_is_stored_on_every_update(string written)
    {
        await using var simulated = await SimulatedStacks.Open();
        await simulated.Create(StorageOf("1172"), ("Restart", "false"));
        simulated.Bench.Folder.With("api.yaml", StorageOf("1217"));
        simulated.Bench.Begin("two", $"{Storage}, parameters: {{ Restart: \"{written}\" }}");

        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();

        (await Restart(simulated)).ShouldBe("true");
    }

    [Theory]
    [InlineData(false, "false")]
    [InlineData(true, "true")]
    public async Task Storage_begins_with_nothing_only_the_very_first_time(bool wasReleased, string restart)
    {
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With("api.yaml", StorageOf("1217"));
        simulated.Bench.Begin("one", Storage);
        if (wasReleased)
        {
            simulated.Bench.Released["api"] = new ReleasedStep
            {
                Deployment = new("zero"),
                Inputs = "other",
                Resource = "arn:gone",
            };
        }

        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();

        (await Restart(simulated)).ShouldBe(restart);
    }

    [Fact]
    public async Task A_downgrade_is_refused_before_it_is_executed()
    {
        await using var simulated = await SimulatedStacks.Open();
        await simulated.Create(GroupOf("1217", "9399"), ("ApplicationName", "inventory"));
        simulated.Bench.Folder.With("api.yaml", GroupOf("1172", "9392"));
        simulated.Bench.Begin("two", Group);

        (await Should.ThrowAsync<DatomicRuleException>(simulated.Deploy)).Message.ShouldBe(
            "deployer.yaml:3:55: stack inventory-dev-api runs release 1217-9399; the template is of the older "
                + "release 1172-9392; Datomic is never downgraded without its support"
        );
        (await simulated.Settled()).LastUpdatedTime.ShouldBeNull();
    }

    [Fact]
    public async Task An_application_cannot_be_changed()
    {
        await using var simulated = await SimulatedStacks.Open();
        await simulated.Create(GroupOf("1172", "9392"), ("ApplicationName", "inventory"));
        simulated.Bench.Folder.With("api.yaml", GroupOf("1217", "9399"));
        simulated.Bench.Begin("two", $"{Group}, parameters: {{ ApplicationName: stock }}");

        (await Should.ThrowAsync<DatomicRuleException>(simulated.Deploy)).Message.ShouldEndWith(
            "ApplicationName of stack inventory-dev-api is 'inventory' and cannot become 'stock'"
        );
    }

    [Fact]
    public async Task The_critical_notices_of_every_release_in_between_are_on_the_step()
    {
        await using var simulated = await SimulatedStacks.Open();
        await simulated.Create(GroupOf("732", "8993"), ("ApplicationName", "inventory"));
        simulated.Bench.Folder.With("api.yaml", GroupOf("1217", "9399"));
        simulated.Bench.Begin("two", Group);

        await simulated.Deploy();

        simulated.Bench.Record.Notices.Select(notice => notice.Split(':')[0]).ShouldBe(["Datomic 884-9095", "Datomic 990-9202"]);
    }

    [Fact]
    public async Task A_template_that_does_not_name_its_release_is_noticed()
    {
        await using var simulated = await SimulatedStacks.Open();
        await simulated.Create(GroupOf("1172", "9392"), ("ApplicationName", "inventory"));
        simulated.Bench.Folder.With("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }");
        simulated.Bench.Begin("two", Group);

        await simulated.Deploy();

        simulated.Bench.Record.Notices.ShouldBe([
            "the template of step 'api' does not say its release of Datomic; a downgrade cannot be ruled out",
        ]);
    }

    [Fact]
    public async Task Runtimes_are_found_in_a_template_that_lies_elsewhere()
    {
        await using var simulated = await SimulatedStacks.Open();
        var template = await simulated.Put("old.yaml", FunctionOf("nodejs12.x"));
        simulated.Bench.Begin("one", $"template: \"{template}\"");

        (await Should.ThrowAsync<SpecInvalidException>(simulated.Deploy)).Message.ShouldEndWith(
            "the runtime nodejs12.x of Custom in stack inventory-dev-api is retired: Lambda neither creates nor updates such functions"
        );
    }

    [Theory]
    [InlineData(
        "nodejs12.x",
        "nested stack Inner:4:77: the runtime nodejs12.x of Custom in stack inventory-dev-api is retired: Lambda "
            + "neither creates nor updates such functions"
    )]
    [InlineData("nodejs22.x", null)]
    public async Task Runtimes_are_found_in_nested_templates_that_lie_elsewhere(string runtime, string? fault)
    {
        await using var simulated = await SimulatedStacks.Open();
        var template = await simulated.Put("inner.yaml", FunctionOf(runtime));
        simulated.Bench.Folder.With(
            "api.yaml",
            $"Resources: {{ Inner: {{ Type: AWS::CloudFormation::Stack, Properties: {{ TemplateURL: \"{template}\" }} }} }}"
        );
        simulated.Bench.Begin("one", "template: api.yaml");

        if (fault is null)
        {
            (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
        }
        else
        {
            (await Should.ThrowAsync<SpecInvalidException>(simulated.Deploy)).Message.ShouldBe(fault);
        }
    }

    [Fact]
    public async Task A_deprecated_runtime_is_a_notice()
    {
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With("api.yaml", FunctionOf("nodejs18.x"));

        await simulated.Deploy();

        simulated
            .Bench.Record.Notices.ShouldHaveSingleItem()
            .ShouldEndWith(
                "the runtime nodejs18.x of Custom in stack inventory-dev-api is deprecated: Lambda will neither "
                    + "create nor update such functions"
            );
    }

    private static async Task<string> Restart(SimulatedStacks simulated) =>
        (await simulated.Settled()).Parameters.Single(parameter => parameter.ParameterKey == "Restart").ParameterValue;

    private static string StorageOf(string cft) =>
        $$"""
            Parameters: { Restart: { Type: String, Default: "false" } }
            Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: "{{cft}}" } } }
            Outputs: { DatomicCFTVersion: { Value: "{{cft}}" } }
            """;

    private static string GroupOf(string cft, string code) =>
        $$"""
            Parameters: { ApplicationName: { Type: String, Default: "" } }
            Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: "{{cft}}" } } }
            Outputs: { DatomicCFTVersion: { Value: "{{cft}}" }, DatomicCloudVersion: { Value: "{{code}}" } }
            """;

    private static string FunctionOf(string runtime) =>
        $$"""
            Conditions: { Never: !Equals [ a, b ] }
            Resources:
              Topic: { Type: AWS::SNS::Topic }
              Custom: { Type: AWS::SNS::Topic, Condition: Never, Properties: { Runtime: {{runtime}} } }
            """;
}
