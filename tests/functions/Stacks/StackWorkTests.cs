using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackWorkTests
{
    private const string Named = """
        Parameters: { Name: { Type: String, Default: one }, Display: { Type: String } }
        Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name, DisplayName: !Ref Display } } }
        """;

    [Fact]
    public async Task Parameters_that_are_not_named_keep_their_values()
    {
        await using var simulated = await SimulatedStacks.Open();
        await simulated.Create(Named, ("Name", "two"), ("Display", "shown"));
        simulated.Bench.Folder.With("api.yaml", Named);
        simulated.Bench.Begin("two", "template: api.yaml, parameters: { Display: other }");

        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>().Action.ShouldBe(StepAction.Updated);

        (await simulated.Settled())
            .Parameters.Select(parameter => (parameter.ParameterKey, parameter.ParameterValue))
            .ShouldBe([("Name", "two"), ("Display", "other")]);
    }

    [Theory]
    [InlineData("", "\nOutputs: { Topic: { Value: !Ref Topic } }", StepAction.Updated)]
    [InlineData("Transform: AWS::Serverless-2016-10-31\n", "\nOutputs: { Topic: { Value: !Ref Topic } }", StepAction.Updated)]
    [InlineData("", "", StepAction.None)]
    [InlineData("Transform: AWS::Serverless-2016-10-31\n", "", StepAction.None)]
    public async Task A_change_of_outputs_alone_is_one_and_no_change_is_a_success(string transform, string outputs, StepAction action)
    {
        var template = $"{transform}Resources: {{ Topic: {{ Type: AWS::SNS::Topic }} }}";
        await using var simulated = await SimulatedStacks.Open();
        await simulated.Create(template);
        simulated.Bench.Folder.With("api.yaml", template + outputs);
        simulated.Bench.Begin("two", "template: api.yaml");

        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>().Action.ShouldBe(action);

        (await simulated.Settled()).Outputs.Select(output => output.OutputKey).ShouldBe(outputs.Length == 0 ? [] : ["Topic"]);
    }

    [Fact]
    public async Task A_parameter_without_any_value_is_named_before_anything_is_made()
    {
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With("api.yaml", Named);

        (await Should.ThrowAsync<SpecInvalidException>(simulated.Deploy)).Message.ShouldBe(
            "deployer.yaml:3:10: the template's parameter 'Display' has neither a default nor a value in stack "
                + "inventory-dev-api; expected it under parameters"
        );
        (await simulated.Client.ListStacksAsync(new ListStacksRequest())).StackSummaries.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_results_of_the_validation_are_the_cause()
    {
        await using var simulated = await SimulatedStacks.Open("validation-fails");

        (await Should.ThrowAsync<StackFailedException>(simulated.Deploy)).Message.ShouldBe(
            "stack inventory-dev-api: the change set could not be made: Topic (AWS::SNS::Topic) at /Resources/Topic: "
                + "Resource of type 'AWS::SNS::Topic' with identifier 'Topic' already exists. (NAME_CONFLICT_VALIDATION)"
        );
    }

    /// <summary>
    /// CloudFormation says of a nested stack's parameter what it says of the root's: aws-cloudformation/rain#526.
    /// </summary>
    [Theory]
    [InlineData("Q: { Type: String, AllowedPattern: '[a-z]+' }", "Q: 'A1'", "Parameter 'Q' must match pattern [a-z]+")]
    [InlineData(
        "Q: { Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: lower case }",
        "Q: 'A1'",
        "Parameter Q failed to satisfy constraint: lower case"
    )]
    [InlineData("Q: { Type: String }", "", "Parameters: [Q] must have values")]
    [InlineData("Q: { Type: String }", "Q: a, R: b", "Parameters: [R] do not exist in the template")]
    public async Task What_is_refused_of_a_nested_stacks_parameter_is_said_with_the_nested_stack(
        string declared,
        string given,
        string reason
    )
    {
        await using var simulated = await SimulatedStacks.Open();
        const string Resources = "Resources: { Topic: { Type: AWS::SNS::Topic } }";
        var inner = await simulated.Put("inner.yaml", $"Parameters: {{ {declared} }}\n{Resources}");
        var outer = await simulated.Put("outer.yaml", $"Resources:\n{Nested("Inner", inner, given)}");
        var other = await simulated.Put("other.yaml", Resources);
        simulated.Bench.Folder.With("api.yaml", $"Resources:\n{Nested("Outer", outer)}\n{Nested("Other", other)}");

        (await Should.ThrowAsync<StackFailedException>(simulated.Deploy)).Message.ShouldBe(
            $"stack inventory-dev-api: the change set could not be made in the nested stack Outer/Inner: {reason}"
        );
    }

    [Fact]
    public async Task What_is_refused_of_a_parameter_that_two_nested_stacks_have_is_said_with_both()
    {
        await using var simulated = await SimulatedStacks.Open();
        const string Inner = "Parameters: { Q: { Type: String } }\nResources: { Topic: { Type: AWS::SNS::Topic } }";
        var (one, two) = (await simulated.Put("one.yaml", Inner), await simulated.Put("two.yaml", Inner));
        simulated.Bench.Folder.With("api.yaml", $"Resources:\n{Nested("Inner", one, "Q: a")}\n{Nested("Other", two)}");

        (await Should.ThrowAsync<StackFailedException>(simulated.Deploy)).Message.ShouldBe(
            "stack inventory-dev-api: the change set could not be made in one of the nested stacks Inner, Other: "
                + "Parameters: [Q] must have values"
        );
    }

    /// <summary>The reason of the root's change set is the ARN of a nested one: awslabs/amazon-s3-find-and-forget#224.</summary>
    [Fact]
    public async Task The_reason_of_a_nested_change_set_is_the_cause_and_not_that_it_failed()
    {
        await using var simulated = await SimulatedStacks.Open();
        var inner = await simulated.Put(
            "inner.yaml",
            "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !ImportValue missing } } }"
        );
        var outer = await simulated.Put("outer.yaml", $"Resources:\n{Nested("Inner", inner)}");
        simulated.Bench.Folder.With("api.yaml", $"Resources:\n{Nested("Outer", outer)}");

        var failure = await Should.ThrowAsync<StackFailedException>(simulated.Deploy);

        failure.Message.ShouldBe(
            "stack inventory-dev-api: the change set could not be made in the nested stack Outer/Inner: No export named missing found."
        );
        failure.MissingInputs.ShouldBe(["the export missing"]);
    }

    [Fact]
    public async Task A_nested_template_that_S3_does_not_give_is_named_with_its_stack()
    {
        await using var simulated = await SimulatedStacks.Open();
        var gone = (await simulated.Put("inner.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")).Replace(
            "inner.yaml",
            "gone.yaml",
            StringComparison.Ordinal
        );
        simulated.Bench.Folder.With("api.yaml", $"Resources:\n{Nested("Inner", gone)}");

        (await Should.ThrowAsync<StackFailedException>(simulated.Deploy)).Message.ShouldStartWith(
            "stack inventory-dev-api: the change set could not be made in the nested stack Inner (the template "
        );
    }

    private static string Nested(string name, string template, string given = "") =>
        $$"""  {{name}}: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "{{template}}", Parameters: { {{given}} } } }""";

    [Fact]
    public async Task A_stack_that_only_had_a_failed_change_set_is_removed_and_created()
    {
        await using var simulated = await SimulatedStacks.Open("validation-fails");
        await Should.ThrowAsync<StackFailedException>(simulated.Deploy);
        simulated.Bench.Begin("two", "template: api.yaml");

        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>().Action.ShouldBe(StepAction.Created);

        (await simulated.Client.ListStacksAsync(new ListStacksRequest()))
            .StackSummaries.Select(stack => stack.StackStatus.Value)
            .ShouldBe(["DELETE_COMPLETE", "CREATE_COMPLETE"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_CloudFormation_refuses_is_reported_in_its_words()
    {
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topik } }");

        (await Should.ThrowAsync<StackFailedException>(simulated.Deploy)).Message.ShouldStartWith("stack inventory-dev-api: ");
    }

    [Fact]
    public async Task A_stack_whose_first_creation_failed_is_removed_and_created_again()
    {
        await using var simulated = await SimulatedStacks.Open("stack-rolls-back");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Failed>();
        var failed = await simulated.Settled();
        simulated.Bench.Begin("two", "template: api.yaml");

        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>().Action.ShouldBe(StepAction.Created);

        (await simulated.Settled()).StackId.ShouldNotBe(failed.StackId);
        (await simulated.Client.DescribeStacksAsync(new DescribeStacksRequest { StackName = failed.StackId }))
            .Stacks[0]
            .StackStatus.Value.ShouldBe("DELETE_COMPLETE");
    }

    [Fact]
    public async Task A_retained_resource_of_a_failed_creation_is_not_left_behind()
    {
        await using var simulated = await SimulatedStacks.Open("stack-rolls-back:Alarm");
        simulated.Bench.Folder.With(
            "api.yaml",
            """
            Resources:
              Kept: { Type: AWS::SNS::Topic, DeletionPolicy: Retain }
              Alarm: { Type: AWS::CloudWatch::Alarm, DependsOn: Kept, Properties: { Metrics: [ { Id: m } ] } }
            """
        );
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Failed>();
        simulated.Bench.Begin("two", "template: api.yaml");

        (await Should.ThrowAsync<StackFailedException>(simulated.Deploy)).Message.ShouldContain(
            "is not removed, because it still holds Kept (AWS::SNS::Topic "
        );
    }

    [Theory]
    // A function of the Serverless Application Model has a role that no template names.
    [InlineData("[ CAPABILITY_AUTO_EXPAND ]", "the template needs CAPABILITY_IAM; the step grants CAPABILITY_AUTO_EXPAND")]
    [InlineData("[ CAPABILITY_AUTO_EXPAND, CAPABILITY_IAM ]", null)]
    [InlineData("[ CAPABILITY_AUTO_EXPAND, CAPABILITY_NAMED_IAM ]", null)]
    public async Task A_capability_that_the_step_does_not_grant_is_not_asked_for(string allowed, string? refused)
    {
        await using var simulated = await SimulatedStacks.Open();
        simulated.Bench.Folder.With(
            "api.yaml",
            """
            Transform: AWS::Serverless-2016-10-31
            Resources:
              Function:
                Type: AWS::Serverless::Function
                Properties: { InlineCode: "exports.handler = async () => 1", Handler: index.handler, Runtime: nodejs22.x }
            """
        );
        simulated.Bench.Begin("one", $"template: api.yaml, capabilities: {allowed}");

        if (refused is null)
        {
            await Should.ThrowAsync<NotYetException>(simulated.Bench.Advance);
        }
        else
        {
            (await Should.ThrowAsync<SpecInvalidException>(simulated.Bench.Advance)).Message.ShouldEndWith(refused);
        }
    }
}
