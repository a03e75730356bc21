using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates.Changes;

public sealed class ChangeComputationTests
{
    private const string Base = """
        Parameters: { Size: { Type: String, Default: "128" }, Name: { Type: String, Default: f } }
        Resources:
          Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } }
          F: { Type: AWS::Lambda::Function, Properties: { FunctionName: !Ref Name, MemorySize: !Ref Size, Role: !GetAtt Role.Arn } }
          P: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !Ref F, Action: a, Principal: p } }
        Outputs: { O: { Value: !Ref F } }
        """;

    [Fact]
    public void Nothing_changed() => Compute(Base).Any.ShouldBeFalse();

    [Fact]
    public void A_new_stack_adds_all_in_order()
    {
        var changes = new ChangeComputation(
            null,
            Version(Base),
            new Dictionary<string, ExistingResource>(),
            TestScope.With(Values(Base))
        ).Compute();

        changes
            .Resources.Select(c => (c.Action, c.LogicalId))
            .ShouldBe([(ChangeAction.Add, "Role"), (ChangeAction.Add, "F"), (ChangeAction.Add, "P")]);
        changes.Resources.ShouldAllBe(c => c.Replacement == null);
    }

    [Fact]
    public void A_parameter_behind_a_property_is_named_as_the_cause()
    {
        var change = Compute(Base, ("Size", "256")).Resources.Single(c => c.LogicalId == "F");

        change.Action.ShouldBe(ChangeAction.Modify);
        change.Replacement.ShouldBe(Replacement.False);
        change.Details.ShouldBe([
            new ChangeDetail("Properties", "MemorySize", RequiresRecreation.Never, false, "ParameterReference", "Size"),
        ]);
        change.Scope.ShouldBe(["Properties"]);
    }

    [Fact]
    public void A_replaced_resource_takes_those_that_name_it_along()
    {
        var changes = Compute(Base, ("Name", "g")).Resources;

        changes.Select(c => (c.LogicalId, c.Replacement)).ShouldBe([("F", Replacement.True), ("P", Replacement.True)]);
        changes[1]
            .Details.ShouldBe([new ChangeDetail("Properties", "FunctionName", RequiresRecreation.Always, false, "ResourceReference", "F")]);
    }

    [Fact]
    public void An_attribute_of_a_modified_resource_may_change_too()
    {
        var changes = Compute(Base.Replace("AssumeRolePolicyDocument: {}", "AssumeRolePolicyDocument: { Version: x }")).Resources;

        changes.Select(c => (c.LogicalId, c.Replacement)).ShouldBe([("Role", Replacement.False), ("F", Replacement.False)]);
        changes[1]
            .Details.ShouldBe([new ChangeDetail("Properties", "Role", RequiresRecreation.Never, true, "ResourceAttribute", "Role.Arn")]);
    }

    [Fact]
    public void A_property_of_the_text_is_a_direct_modification() =>
        Compute(Base.Replace("Action: a", "Action: b"))
            .Resources.Single()
            .Details.ShouldBe([new ChangeDetail("Properties", "Action", RequiresRecreation.Always, false, "DirectModification", null)]);

    [Fact]
    public void What_the_template_drops_is_removed_or_retained()
    {
        var retained = Base.Replace("P: { Type: AWS::Lambda::Permission,", "P: { Type: AWS::Lambda::Permission, DeletionPolicy: Retain,");
        var dropped = string.Join('\n', Base.Split('\n').Where(line => !line.Contains("  P: {")));

        Compute(dropped)
            .Resources.ShouldBe([
                new ResourceChange(ChangeAction.Remove, "P", "physical P", "AWS::Lambda::Permission") { PolicyAction = "Delete" },
            ]);
        Compute(dropped, before: retained).Resources.Single().PolicyAction.ShouldBe("Retain");
    }

    [Fact]
    public void Outputs_alone_are_a_change()
    {
        var changes = Compute(Base.Replace("Value: !Ref F", "Value: !GetAtt F.Arn"));

        changes.Resources.ShouldBeEmpty();
        changes.Outputs.ShouldBeTrue();
        changes.Any.ShouldBeTrue();
    }

    [Fact]
    public void Descriptions_and_unused_parameters_are_no_change() =>
        Compute("Description: new\n" + Base.Replace("Name: { Type", "Unused: { Type: String, Default: x }, Name: { Type"))
            .Any.ShouldBeFalse();

    [Fact]
    public void The_stacks_tags_reach_what_can_be_tagged()
    {
        var changes = Compute(Base, tags: new() { ["team"] = "core" });

        changes.Tags.ShouldBeTrue();
        changes.Resources.Select(c => (c.LogicalId, string.Join(",", c.Scope))).ShouldBe([("Role", "Tags"), ("F", "Properties,Tags")]);
    }

    [Fact]
    public void A_resource_left_out_by_its_condition_cannot_be_named() =>
        Should
            .Throw<TemplateException>(() =>
                Compute(
                    """
                    Conditions: { Never: !Equals [a, b] }
                    Resources:
                      Role: { Type: AWS::IAM::Role, Condition: Never }
                      F: { Type: AWS::Lambda::Function, Properties: { Role: !GetAtt Role.Arn } }
                    """
                )
            )
            .Message.ShouldBe("Template format error: Unresolved resource dependencies [Role] in the Resources block of the template");

    [Fact]
    public void A_resource_keeps_its_type() =>
        Should
            .Throw<TemplateException>(() =>
                Compute(Base.Replace("AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} }", "AWS::SNS::Topic"))
            )
            .Message.ShouldBe(
                "Update of resource type is not permitted. The new template modifies resource type of the following resources: [Role]"
            );

    [Fact]
    public void A_nested_stack_counts_as_changed_unless_looked_into()
    {
        const string Text =
            "Resources: { N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://s3.amazonaws.com/b/k } } }";

        Compute(Text, before: Text)
            .Resources.Single()
            .Details.ShouldBe([new ChangeDetail("Properties", null, RequiresRecreation.Never, true, "Automatic", null)]);
        Compute(Text, before: Text, nested: new Unchanged()).Any.ShouldBeFalse();
    }

    [Fact]
    public void What_only_the_execution_shows_survives_the_functions()
    {
        const string Text = """
            Resources:
              E: { Type: AWS::EC2::VPCEndpoint, Properties: { VpcId: v } }
              F: { Type: AWS::Lambda::Function, Properties: { Description: !Select [1, !Split [":", !Select [0, !GetAtt E.DnsEntries]]],
                Role: r } }
            """;

        new ChangeComputation(null, Version(Text), new Dictionary<string, ExistingResource>(), TestScope.With(Values(Text)))
            .Compute()
            .Resources.Count.ShouldBe(2);
    }

    private static StackChanges Compute(
        string after,
        (string Key, string Value)? parameter = null,
        string before = Base,
        Dictionary<string, string>? tags = null,
        INestedStacks? nested = null
    )
    {
        var old = Version(before);
        var now = Version(after, parameter, tags);
        return new ChangeComputation(old, now, Exist(old), TestScope.With(now.Parameters), nested).Compute();
    }

    private static StackVersion Version(
        string text,
        (string Key, string Value)? parameter = null,
        Dictionary<string, string>? tags = null
    ) => new(Template.Parse(text), Values(text, parameter), tags ?? []);

    private static OrderedDictionary<string, ParameterValue> Values(string text, (string Key, string Value)? parameter = null) =>
        ParameterValues.Resolve(
            Template.Parse(text),
            parameter is { } given ? [new GivenParameter(given.Key, given.Value)] : [],
            null,
            _ => null
        );

    private static Dictionary<string, ExistingResource> Exist(StackVersion version)
    {
        var evaluator = new Evaluator(version.Template, TestScope.With(version.Parameters));
        return version.Template.Resources.Values.ToDictionary(
            r => r.LogicalId,
            r => new ExistingResource(r.LogicalId, r.Type, $"physical {r.LogicalId}", evaluator.Properties(r.Properties))
            {
                Reference = $"ref of {r.LogicalId}",
                Attributes = new Dictionary<string, JsonNode> { ["Arn"] = $"Arn of {r.LogicalId}" },
            }
        );
    }

    private sealed class Unchanged : INestedStacks
    {
        public NestedPlan Plan(string logicalId, ExistingResource? existing, JsonObject properties) => new(false, null);
    }
}
