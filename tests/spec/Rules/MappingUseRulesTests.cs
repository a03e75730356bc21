using Deployer.Spec.Tests.Templates;

namespace Deployer.Spec.Tests.Rules;

public sealed class MappingUseRulesTests
{
    private static string Template(string lookup, string more = "") =>
        $$"""
            Parameters: { Size: { Type: String, Default: large }, Kind: { Type: String } }
            Mappings: { M: { us-east-1: { small: a }, "111111111111": { small: b } } }
            Conditions: { C: !Equals [ !Ref Kind, a ] }
            Resources: { A: { Type: AWS::SQS::Queue, {{more}} Properties: { QueueName: {{lookup}} } } }
            """;

    [Theory]
    [InlineData("!FindInMap [ M, !Ref AWS::Region, !Ref Kind ]", "\"us-east-1\" of the mapping \"M\" has no \"medium\"")]
    [InlineData("!FindInMap [ M, !Ref AWS::AccountId, big ]", "\"111111111111\" of the mapping \"M\" has no \"big\"")]
    [InlineData("{ \"Fn::Base64\": !FindInMap [ M, !Ref AWS::AccountId, big ] }", "\"111111111111\" of the mapping \"M\" has no \"big\"")]
    [InlineData("!FindInMap [ M, !Sub \"${AWS::Region}-x\", small ]", "the mapping \"M\" has no \"us-east-1-x\"")]
    public void A_key_that_the_map_does_not_have_for_a_target_is_a_fault(string lookup, string fault) =>
        OneTemplate
            .Faults(Template(lookup), "{ Kind: medium }")
            .ShouldHaveSingleItem()
            .ShouldEndWith($": {fault} in the target \"dev\"; expected a key of the mapping");

    [Fact]
    public void A_default_that_the_map_does_not_have_is_a_notice()
    {
        var template = Template("!FindInMap [ M, !Ref AWS::Region, !Ref Size ]");

        OneTemplate.Faults(template, "{ Kind: x }").ShouldBeEmpty();
        OneTemplate
            .Notices(template, "{ Kind: x }")
            .ShouldContain(notice =>
                notice.EndsWith(
                    "\"us-east-1\" of the mapping \"M\" has no \"large\" by default, and the step \"t\" gives no value: "
                        + "only a stack that has another value already can be updated",
                    StringComparison.Ordinal
                )
            );
    }

    [Theory]
    [InlineData("!FindInMap [ M, !Ref AWS::Region, small ]", "")]
    [InlineData("!If [ C, !FindInMap [ M, !Ref AWS::Region, !Ref Kind ], x ]", "")]
    [InlineData("!FindInMap [ M, !Ref AWS::Region, !Ref Kind ]", "Condition: C,")]
    public void What_is_there_or_may_not_be_looked_up_is_accepted(string lookup, string more) =>
        OneTemplate.Faults(Template(lookup, more), "{ Kind: medium }").ShouldBeEmpty();

    [Fact]
    public void A_default_is_taken_with_the_transform_for_it() =>
        OneTemplate
            .Faults(
                Template("!FindInMap [ M, !Ref AWS::Region, !Ref Kind, { DefaultValue: x } ]") + "\nTransform: AWS::LanguageExtensions",
                "{ Kind: medium }"
            )
            .ShouldBeEmpty();
}
