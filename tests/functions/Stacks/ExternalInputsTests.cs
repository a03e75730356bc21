using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>A stack is unchanged when the values that went into it are, not when the text that names them is.</summary>
public sealed class ExternalInputsTests
{
    private const string Level = "/inventory/dev/level";

    [Theory]
    [InlineData("Parameters: { Level: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /inventory/dev/level } }\n", "!Ref Level")]
    [InlineData("", "'{{resolve:ssm:/inventory/dev/level}}'")]
    public async Task A_parameter_of_Systems_Manager_with_a_new_value_is_a_change(string parameters, string value)
    {
        await using var simulated = await SimulatedStacks.Open();
        await Put(simulated, "first");
        simulated.Bench.Folder.With(
            "api.yaml",
            $"{parameters}Resources: {{ Topic: {{ Type: AWS::SNS::Topic, Properties: {{ DisplayName: {value} }} }} }}"
        );
        simulated.Bench.Begin("one", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();

        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
        await Put(simulated, "second");

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.Changes>()
            .Differences.ShouldBe([
                $"parameter {Level} of Systems Manager is not what stack inventory-dev-api used in the last deployment",
            ]);
        simulated.Bench.Begin("two", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>().Action.ShouldBe(StepAction.Updated);
        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
    }

    [Theory]
    [InlineData("Parameters: { Level: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /inventory/dev/level } }\n", "!Ref Level")]
    [InlineData("", "'{{resolve:ssm:/inventory/dev/level}}'")]
    [InlineData("", "'{{resolve:ssm:/inventory/dev/level:1}}'")]
    public async Task A_parameter_of_Systems_Manager_that_was_deleted_and_made_again_is_a_change(string parameters, string value)
    {
        await using var simulated = await SimulatedStacks.Open();
        await Put(simulated, "first");
        await DeployOnce(simulated, parameters, value);

        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
        await simulated.Parameters.DeleteParameterAsync(new DeleteParameterRequest { Name = Level });
        (await Put(simulated, "second")).Version.ShouldBe(1);

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.Changes>()
            .Differences.ShouldHaveSingleItem()
            .ShouldStartWith($"parameter {Level}");
    }

    [Fact]
    public async Task A_record_with_nothing_but_the_version_of_a_parameter_cannot_be_compared()
    {
        await using var simulated = await SimulatedStacks.Open();
        await Put(simulated, "first");
        await DeployOnce(simulated, "", "'{{resolve:ssm:/inventory/dev/level}}'");
        await Rerecord(simulated, "version 1");

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.NotComparable>()
            .Reasons.ShouldBe([$"only the version of parameter {Level} of Systems Manager was recorded by the last deployment"]);
        await Rerecord(simulated, "version 2");

        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.Changes>();
    }

    [Fact]
    public async Task A_template_at_an_address_with_another_content_is_a_change()
    {
        await using var simulated = await SimulatedStacks.Open();
        var url = await simulated.Put("topic.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }");
        simulated.Bench.Begin("one", $"template: \"{url}\"");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();

        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
        await simulated.Put("topic.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: other } } }");

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.Changes>()
            .Differences.ShouldBe([$"template {url} is not what stack inventory-dev-api used in the last deployment"]);
    }

    [Fact]
    public async Task A_nested_template_at_an_address_with_another_content_is_a_change()
    {
        await using var simulated = await SimulatedStacks.Open();
        var url = await simulated.Put("inner.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }");
        simulated.Bench.Folder.With(
            "api.yaml",
            $"Resources: {{ Inner: {{ Type: AWS::CloudFormation::Stack, Properties: {{ TemplateURL: \"{url}\" }} }} }}"
        );
        simulated.Bench.Begin("one", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();

        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
        await simulated.Put("inner.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: other } } }");

        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.Changes>();
    }

    [Fact]
    public async Task What_cannot_be_compared_is_never_left_out()
    {
        await using var simulated = await SimulatedStacks.Open();
        await Put(simulated, "first");
        var url = await simulated.Put(
            "inner.yaml",
            $$"""
            Parameters: { Level: { Type: "AWS::SSM::Parameter::Value<String>", Default: {{Level}} } }
            Resources: { Topic: { Type: AWS::SNS::Topic } }
            """
        );
        simulated.Bench.Folder.With("api.yaml", GivesWhatIsNotKnown(url));
        simulated.Bench.Begin("one", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.NotComparable>()
            .Reasons.ShouldBe([$"{url}:1:15: which parameter of Systems Manager Level names is not known here"]);
    }

    /// <summary>A template of the folder lies at an address that nobody knows; nothing about the file is said by that.</summary>
    [Fact]
    public async Task What_cannot_be_compared_of_a_nested_template_of_the_folder_is_named_by_its_file()
    {
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With("nested/inner.yaml", ReadsLevel);
        simulated.Bench.Folder.With(
            "api.yaml",
            $$"""
            {{GivesWhatIsNotKnown("nested/inner.yaml")}}
              Made: { Type: Custom::Address, Properties: { ServiceToken: arn } }
              Other: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: !GetAtt Made.Url } }
            """
        );

        var external = await simulated.Bench.Enter(run =>
            ExternalInputs.Read(run, StackInputs.Resolve(run, simulated.Bench.Desk.Settings), present: null)
        );

        external.Unknown.ShouldBe([
            "api.yaml:6:73: the address of the template of Other is not known before CloudFormation evaluates the template",
            "nested/inner.yaml:1:15: which parameter of Systems Manager Level names is not known here",
        ]);
        external.Values.ShouldBeEmpty("what is packaged is compared by the text that names it");
    }

    /// <summary>The stack does not run in every deployment for a parameter of which everything is known.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("Parameters: { Level: /inventory/dev/level }")]
    public async Task What_a_nested_template_names_by_a_default_or_is_given_is_compared(string given)
    {
        await using var simulated = await SimulatedStacks.Open();
        await Put(simulated, "first");
        var inner = await simulated.Put("inner.yaml", ReadsLevel);
        simulated.Bench.Folder.With(
            "api.yaml",
            $"Resources: {{ Inner: {{ Type: AWS::CloudFormation::Stack, Properties: {{ TemplateURL: \"{inner}\", {given} }} }} }}"
        );
        simulated.Bench.Begin("one", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();

        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
        await Put(simulated, "second");

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.Changes>()
            .Differences.ShouldBe([
                $"parameter {Level} of Systems Manager is not what stack inventory-dev-api used in the last deployment",
            ]);
    }

    private const string ReadsLevel = $$"""
        Parameters: { Level: { Type: "AWS::SSM::Parameter::Value<String>", Default: {{Level}} } }
        Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Level } } }
        """;

    private static string GivesWhatIsNotKnown(string template) =>
        $$"""
            Resources:
              Inner:
                Type: AWS::CloudFormation::Stack
                Properties: { TemplateURL: "{{template}}", Parameters: { Level: !Select [ 0, [ {{Level}} ] ] } }
            """;

    [Fact]
    public async Task A_default_that_a_kept_value_hides_is_a_notice()
    {
        const string Template = """
            Parameters: { Name: { Type: String, Default: one } }
            Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Name } } }
            """;
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With("api.yaml", Template);
        simulated.Bench.Begin("one", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
        simulated.Bench.Folder.With("api.yaml", Template.Replace("Default: one", "Default: two", StringComparison.Ordinal));
        simulated.Bench.Begin("two", "template: api.yaml");

        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();

        simulated.Bench.Record.Notices.ShouldBe([
            "parameter Name keeps its value 'one'; the template's default for it has changed from 'one' to 'two', and counts only for new "
                + "stacks: name the parameter in the step to change it",
        ]);
        (await simulated.Settled()).Parameters.Single().ParameterValue.ShouldBe("one");
    }

    private static async Task DeployOnce(SimulatedStacks simulated, string parameters, string value)
    {
        simulated.Bench.Folder.With(
            "api.yaml",
            $"{parameters}Resources: {{ Topic: {{ Type: AWS::SNS::Topic, Properties: {{ DisplayName: {value} }} }} }}"
        );
        simulated.Bench.Begin("one", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
    }

    private static Task Rerecord(SimulatedStacks simulated, string version) =>
        simulated.Bench.Desk.Ledger.Change(
            ReleasedStep.Key("inventory", "dev", "api"),
            released =>
                released!.Keep(
                    new ReleasedStack { External = new Dictionary<string, string> { [$"parameter {Level} of Systems Manager"] = version } }
                )
        );

    private static Task<PutParameterResponse> Put(SimulatedStacks simulated, string value) =>
        simulated.Parameters.PutParameterAsync(
            new PutParameterRequest
            {
                Name = Level,
                Value = value,
                Type = ParameterType.String,
                Overwrite = true,
            }
        );
}
