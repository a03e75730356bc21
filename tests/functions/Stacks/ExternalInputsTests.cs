using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using NSubstitute;

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

    private const string UsesLevel =
        "Parameters: { Level: { Type: String, Default: x } }\n"
        + "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Level } } }";

    [Fact]
    public async Task A_dynamic_reference_in_the_value_that_a_step_gives_is_compared_also_once_the_stack_only_keeps_it()
    {
        await using var simulated = await SimulatedStacks.Open();
        await Put(simulated, "first");
        simulated.Bench.Folder.With("api.yaml", UsesLevel);
        simulated.Bench.Begin("one", $$$"""template: api.yaml, parameters: { Level: "{{resolve:ssm:{{{Level}}}}}" }""");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
        await Put(simulated, "second");

        await ShouldDiffer();

        simulated.Bench.Begin("two", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
        (await simulated.Settled()).Parameters.Single().ParameterValue.ShouldBe($$$"""{{resolve:ssm:{{{Level}}}}}""");
        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
        await Put(simulated, "third");

        await ShouldDiffer();

        async Task ShouldDiffer() =>
            (await simulated.Bench.Compare())
                .ShouldBeOfType<Comparison.Changes>()
                .Differences.ShouldBe([
                    $"parameter {Level} of Systems Manager is not what stack inventory-dev-api used in the last deployment",
                ]);
    }

    [Fact]
    public async Task A_secret_of_no_version_in_the_value_that_a_step_gives_cannot_be_compared()
    {
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With("api.yaml", UsesLevel);
        simulated.Bench.Begin("one", """template: api.yaml, parameters: { Level: "{{resolve:secretsmanager:level}}" }""");

        (await Read(simulated, StubbedAccount.With())).Unknown.ShouldHaveSingleItem().ShouldContain("secretsmanager:level");
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task A_template_that_S3_does_not_give_cannot_be_compared(HttpStatusCode status)
    {
        const string Address = "https://s3.amazonaws.com/bucket/inner.yaml";
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With("api.yaml", Includes(Address));
        var s3 = Substitute.For<IAmazonS3>();
        s3.GetObjectAsync("bucket", "inner.yaml", Arg.Any<CancellationToken>())
            .Returns<GetObjectResponse>(_ => throw new AmazonS3Exception("not given") { StatusCode = status });

        (await Read(simulated, StubbedAccount.With(s3: s3))).Unknown.ShouldBe([$"the template at {Address} cannot be read: not given"]);
    }

    [Fact]
    public async Task A_template_at_an_address_that_is_not_of_S3_cannot_be_compared()
    {
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With(
            "api.yaml",
            "Parameters: { Url: { Type: String } }\n"
                + "Resources: { S: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: !Ref Url } } }"
        );
        simulated.Bench.Begin("one", """template: api.yaml, parameters: { Url: "https://templates.example/inner.yaml" }""");

        (await Read(simulated, StubbedAccount.With())).Unknown.ShouldBe([
            "the template at https://templates.example/inner.yaml cannot be read: it is no address in S3",
        ]);
    }

    [Fact]
    public async Task A_stack_of_more_templates_than_are_read_cannot_be_compared()
    {
        await using var simulated = await SimulatedStacks.Open();
        var inner = await simulated.Put("inner.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }");
        var outer = await simulated.Put("outer.yaml", Includes(inner));
        simulated.Bench.Folder.With("api.yaml", Includes([.. Enumerable.Range(0, 51).Select(number => $"{outer}?{number}")]));

        (await Read(simulated, simulated.Enter(simulated.Bench.Now))).Unknown.ShouldContain(
            "stack inventory-dev-api has more than 50 templates"
        );
    }

    /// <summary>Systems Manager refuses the whole request for one name in it.</summary>
    [Fact]
    public async Task Of_parameters_that_are_read_together_the_one_that_is_refused_cannot_be_compared_and_the_others_are()
    {
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With(
            "api.yaml",
            "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: "
                + "'{{resolve:ssm:/secret}} {{resolve:ssm:/open}} {{resolve:ssm:/aws/service/ami}}' } } }"
        );
        var parameters = Substitute.For<IAmazonSimpleSystemsManagement>();
        parameters
            .GetParametersAsync(Arg.Any<GetParametersRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
                call.Arg<GetParametersRequest>().Names is ["/open"]
                    ? new GetParametersResponse { Parameters = [new Parameter { Name = "/open", Version = 3 }] }
                    : throw new AmazonSimpleSystemsManagementException("no") { ErrorCode = "AccessDeniedException" }
            );

        var external = await Read(simulated, StubbedAccount.With(parameters: parameters));

        external.Unknown.ShouldBe([
            "the parameter /aws/service/ami of Systems Manager cannot be read: allow ssm:GetParameters on "
                + "arn:aws:ssm:*::parameter/aws/service/ami, which is of no account",
            "the parameter /secret of Systems Manager cannot be read: allow ssm:GetParameters on it",
        ]);
        external.Values.ShouldHaveSingleItem().Value.ShouldStartWith("version 3");
        external
            .NotComparable(external.Values)
            .Count.ShouldBe(2, "what is not known now was not known then: that nothing differs does not mean that nothing has changed");
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

    /// <summary>What a stack reads from elsewhere, in an account of a test.</summary>
    private static async Task<ExternalInputs> Read(SimulatedStacks simulated, TargetAccount account)
    {
        var record = new TaskRecord
        {
            Deployment = new("one"),
            Step = "api",
            Task = "stack",
            Kind = "stack",
        };
        using var run = simulated.Bench.Desk.Run(simulated.Bench.Folder, record, account);
        return await ExternalInputs.Read(run, StackInputs.Resolve(run, simulated.Bench.Desk.Settings), present: null);
    }

    private static string Includes(params string[] addresses) =>
        "Resources:\n"
        + string.Concat(
            addresses.Select(
                (address, number) => $"  S{number}: {{ Type: AWS::CloudFormation::Stack, Properties: {{ TemplateURL: \"{address}\" }} }}\n"
            )
        );

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
