using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates.Extensions;

public sealed class LanguageExtensionsTests
{
    private const string Header = "Transform: AWS::LanguageExtensions\n";

    [Fact]
    public async Task A_loop_makes_a_resource_for_each_item_and_outputs_that_refer_to_them()
    {
        await using var world = new StackWorld();

        var stack = await world.Created(
            "inventory",
            Header
                + """
                Resources:
                  Fn::ForEach::Topics:
                    - Name
                    - [ Orders, Reports ]
                    - Topic${Name}:
                        Type: AWS::SNS::Topic
                        Properties: { TopicName: !Sub "x-${Name}", DisplayName: !Ref Name }
                Outputs:
                  Fn::ForEach::Arns:
                    - Name
                    - [ Orders, Reports ]
                    - ${Name}Arn: { Value: !Ref "Topic${Name}" }
                """
        );

        stack.Status.ShouldBe(StackStatus.CREATE_COMPLETE);
        stack.Resources.Keys.ShouldBe(["TopicOrders", "TopicReports"], ignoreOrder: true);
        stack.Resources["TopicOrders"].Properties["DisplayName"]!.GetValue<string>().ShouldBe("Orders");
        stack
            .Outputs.Select(output => (output.Key, output.Value))
            .ShouldBe(
                [
                    ("OrdersArn", "arn:aws:sns:us-east-1:111111111111:x-Orders"),
                    ("ReportsArn", "arn:aws:sns:us-east-1:111111111111:x-Reports"),
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task A_loop_runs_over_a_parameter_and_an_update_over_its_new_value()
    {
        await using var world = new StackWorld();
        const string Body =
            Header
            + """
                Parameters: { Names: { Type: CommaDelimitedList, Default: "a.b,c" } }
                Resources:
                  Fn::ForEach::Topics:
                    - Name
                    - !Ref Names
                    - Topic&{Name}: { Type: AWS::SNS::Topic, Properties: { DisplayName: "${Name}" } }
                """;
        var stack = await world.Created("inventory", Body);
        stack.Resources.Keys.ShouldBe(["Topicab", "Topicc"], ignoreOrder: true);
        stack.Resources["Topicab"].Properties["DisplayName"]!.GetValue<string>().ShouldBe("a.b");

        var updated = await world.Updated("inventory", Body, new GivenParameter("Names", "c,d"));

        updated.Status.ShouldBe(StackStatus.UPDATE_COMPLETE);
        updated.Resources.Keys.ShouldBe(["Topicc", "Topicd"], ignoreOrder: true);
    }

    [Fact]
    public async Task Loops_nest_and_make_properties_and_conditions()
    {
        await using var world = new StackWorld();

        var stack = await world.Created(
            "inventory",
            Header
                + """
                Mappings: { Names: { dev: { List: [ A, B ] } } }
                Conditions:
                  Fn::ForEach::Conditions:
                    - Name
                    - [ A, B ]
                    - Is${Name}: !Equals [ "${Name}", A ]
                Resources:
                  Fn::ForEach::Outer:
                    - Name
                    - !FindInMap [ Names, dev, List ]
                    - Fn::ForEach::Inner:
                        - Size
                        - [ Small, Large ]
                        - ${Name}${Size}:
                            Type: AWS::SNS::Topic
                            Condition: Is${Name}
                            Properties:
                              Fn::ForEach::Properties:
                                - Property
                                - [ DisplayName, TopicName ]
                                - ${Property}: "${Name}-${Size}"
                """
        );

        stack.Resources.Keys.ShouldBe(["ASmall", "ALarge"], ignoreOrder: true);
        stack.Resources["ALarge"].Properties.ToJsonString().ShouldBe("""{"DisplayName":"A-Large","TopicName":"A-Large"}""");
    }

    [Fact]
    public async Task Length_JSON_text_and_defaults_of_mappings_are_evaluated()
    {
        await using var world = new StackWorld();

        var stack = await world.Created(
            "inventory",
            Header
                + """
                Parameters: { Names: { Type: CommaDelimitedList, Default: "a,b,c" }, Stage: { Type: String, Default: moon } }
                Mappings: { Sizes: { dev: { Size: "1" } } }
                Resources:
                  T: { Type: AWS::SNS::Topic, Properties: { TopicName: t } }
                Outputs:
                  Count: { Value: { Fn::Length: !Ref Names } }
                  Literal: { Value: { Fn::Length: [ 1, { Fn::Sub: x } ] } }
                  Json: { Value: { Fn::ToJsonString: { Topic: !Ref T, Count: 1, Names: !Ref Names } } }
                  Default: { Value: !FindInMap [ Sizes, !Ref Stage, Size, { DefaultValue: !Sub "none-${Stage}" } ] }
                  Found: { Value: !FindInMap [ !Join [ "", [ Si, zes ] ], !Select [ 0, [ dev ] ], Size, { DefaultValue: none } ] }
                """
        );

        var outputs = stack.Outputs.ToDictionary(output => output.Key, output => output.Value);
        outputs["Count"].ShouldBe("3");
        outputs["Literal"].ShouldBe("2");
        outputs["Json"].ShouldBe("""{"Topic":"arn:aws:sns:us-east-1:111111111111:t","Count":1,"Names":["a","b","c"]}""");
        outputs["Default"].ShouldBe("none-moon");
        outputs["Found"].ShouldBe("1");
    }

    [Fact]
    public async Task Policies_are_given_by_reference()
    {
        await using var world = new StackWorld();

        var stack = await world.Created(
            "inventory",
            Header
                + """
                Parameters: { Policy: { Type: String, Default: Retain } }
                Resources:
                  T: { Type: AWS::SNS::Topic, DeletionPolicy: !Ref Policy, UpdateReplacePolicy: !Ref Policy }
                """
        );
        await world.Do(() =>
        {
            world.Requests.Delete(world.Call, "inventory", null, null, []);
            return true;
        });
        stack = await world.Settle(stack);

        world.Events(stack)[^1].ShouldBe("T DELETE_SKIPPED");
    }

    [Fact]
    public async Task References_may_be_made_by_functions()
    {
        await using var world = new StackWorld();

        var stack = await world.Created(
            "inventory",
            Header
                + """
                Mappings: { Ids: { dev: { Topic: T } } }
                Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: t } } }
                Outputs:
                  Ref: { Value: { Ref: !FindInMap [ Ids, dev, Topic ] } }
                  Name: { Value: { Fn::GetAtt: [ !FindInMap [ Ids, dev, Topic ], TopicName ] } }
                """
        );

        stack.Outputs.Select(output => output.Value).ShouldBe(["arn:aws:sns:us-east-1:111111111111:t", "t"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_limits_hold_for_what_a_loop_makes()
    {
        await using var world = new StackWorld();
        var names = string.Join(",", Enumerable.Range(0, 501));

        (
            await Should.ThrowAsync<ApiException>(() =>
                world.Create(
                    "inventory",
                    Header
                        + $$"""
                        Resources: { Fn::ForEach::T: [ N, [ {{names}} ], { "T${N}": { Type: AWS::SNS::Topic } } ] }
                        """
                )
            )
        ).Message.ShouldBe("Template format error: Number of resources, 501, is greater than maximum allowed, 500");
    }

    [Theory]
    [InlineData("Fn::ForEach::T: [ N, [ a ] ]", "Transform AWS::LanguageExtensions failed with: Fn::ForEach::T layout is incorrect")]
    [InlineData(
        "Fn::ForEach::T: [ N, [ a, b ], { T: { Type: AWS::SNS::Topic } } ]",
        "Transform AWS::LanguageExtensions failed with: Fn::ForEach::T gives the key T more than once."
    )]
    [InlineData(
        "Fn::ForEach::T: [ N, a, { \"T${N}\": { Type: AWS::SNS::Topic } } ]",
        "Transform AWS::LanguageExtensions failed with: Fn::ForEach::T could not be resolved: its collection is no list."
    )]
    public async Task A_loop_that_is_laid_out_wrongly_is_refused(string loop, string message)
    {
        await using var world = new StackWorld();

        (await Should.ThrowAsync<ApiException>(() => world.Create("inventory", $"{Header}Resources: {{ {loop} }}"))).Message.ShouldBe(
            message
        );
    }

    [Fact]
    public async Task Without_the_transform_its_functions_are_unknown()
    {
        await using var world = new StackWorld();

        (
            await Should.ThrowAsync<ApiException>(() =>
                world.Create("inventory", "Resources: { T: { Type: AWS::SNS::Topic, Properties: { DisplayName: { Fn::Length: [ a ] } } } }")
            )
        ).Message.ShouldStartWith("Template error: Encountered unsupported function: Fn::Length Supported functions are: [Fn::Base64,");
    }

    /// <summary>What is in a template is asked for before its parameters have values.</summary>
    [Theory]
    [InlineData("!Ref Names")]
    [InlineData("!FindInMap [ M, !Ref Key, items ]")]
    public void What_is_in_a_template_is_found_without_values(string collection)
    {
        var expanded = LanguageExtensions
            .ExpandWithDefaults(
                Header
                    + "Parameters: { Names: { Type: CommaDelimitedList }, Key: { Type: String } }\n"
                    + "Mappings: { M: { a: { items: [ x ] } } }\n"
                    + $"Resources:\n  T: {{ Type: AWS::SNS::Topic }}\n  Fn::ForEach::Roles: [ N, {collection}, "
                    + "{ 'R${N}': { Type: AWS::IAM::Role } } ]\n"
            )
            .ShouldNotBeNull();

        expanded.ShouldNotContain("ForEach");
        expanded.ShouldContain("AWS::SNS::Topic");
        expanded.Contains("AWS::IAM::Role", StringComparison.Ordinal).ShouldBe(collection == "!Ref Names");
    }

    [Fact]
    public void A_wrong_layout_is_said_in_the_transforms_words_whatever_the_values() =>
        Should
            .Throw<TemplateException>(() =>
                LanguageExtensions.ExpandWithDefaults(
                    Header + "Resources:\n  Fn::ForEach::L: [ N, { 'R${N}': { Type: AWS::SNS::Topic } } ]\n"
                )
            )
            .Message.ShouldBe("Transform AWS::LanguageExtensions failed with: Fn::ForEach::L layout is incorrect");
}
