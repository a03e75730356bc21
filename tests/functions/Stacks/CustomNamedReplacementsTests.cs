using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Stacks;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Tests.Stacks;

public sealed class CustomNamedReplacementsTests
{
    private const string Template = """
        Resources:
          Role: { Type: AWS::IAM::Role, Properties: { RoleName: !Sub "inventory-${Stage}", Path: / } }
          Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: alerts } }
          Free: { Type: AWS::IAM::Role, Properties: { Path: / } }
        """;

    private const string Targets = """
        Resources:
          Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Name: inventory, Port: 80, Protocol: TCP, VpcId: vpc-1 } }
        """;

    private static ResourceChange Change(
        ChangeAction action,
        string id,
        string type,
        string? physical = null,
        params string[] properties
    ) =>
        new()
        {
            Action = action,
            LogicalResourceId = id,
            ResourceType = type,
            PhysicalResourceId = physical,
            Replacement = action == ChangeAction.Modify ? Replacement.True : null,
            Details =
            [
                .. properties.Select(property => new ResourceChangeDetail
                {
                    Target = new ResourceTargetDefinition { Attribute = ResourceAttribute.Properties, Name = property },
                }),
            ],
        };

    private static void Check(params ResourceChange[] changes) =>
        CustomNamedReplacements.Check(
            "inventory-dev-api",
            [
                .. CustomNames
                    .Read(Template, "api.yaml", name => name == "Stage" ? "dev" : null)
                    .Select(name => new PlacedName(name.LogicalId, name)),
            ],
            [.. changes.Select(change => new PlacedChange(change.LogicalResourceId, change))],
            []
        );

    [Fact]
    public void A_resource_is_not_replaced_under_its_own_name() =>
        Should
            .Throw<SpecInvalidException>(() => Check(Change(ChangeAction.Modify, "Role", "AWS::IAM::Role", "inventory-dev", "Path")))
            .Message.ShouldBe(
                "api.yaml:2:57: Role in stack inventory-dev-api has to be replaced and keeps its RoleName inventory-dev: "
                    + "CloudFormation cannot update a stack when a custom-named resource requires replacing; give it another name"
            );

    [Theory]
    [InlineData("AWS::SNS::Topic", "arn:aws:sns:us-east-1:111111111111:alerts")]
    [InlineData("AWS::SNS::Topic", "alerts")]
    public void A_new_resource_does_not_get_the_name_of_one_that_is_removed(string type, string physical) =>
        Should
            .Throw<SpecInvalidException>(() =>
                Check(Change(ChangeAction.Add, "Topic", type), Change(ChangeAction.Remove, "Alerts", type, physical))
            )
            .Message.ShouldBe(
                "api.yaml:3:60: Topic would be made in stack inventory-dev-api with the TopicName alerts, which "
                    + "Alerts has until the end of the update; "
                    + "give it another name, or keep the logical id"
            );

    [Fact]
    public void What_needs_no_name_twice_is_left_alone()
    {
        var conditional = Change(ChangeAction.Modify, "Role", "AWS::IAM::Role", "inventory-dev", "Path");
        conditional.Replacement = Replacement.Conditional;

        Check(
            conditional,
            Change(ChangeAction.Modify, "Free", "AWS::IAM::Role", "inventory-dev-Free-1", "Path"),
            Change(ChangeAction.Modify, "Topic", "AWS::SNS::Topic", "arn:aws:sns:us-east-1:111111111111:old", "TopicName"),
            Change(ChangeAction.Remove, "Queue", "AWS::SQS::Queue", "alerts")
        );
        Check(
            Change(ChangeAction.Add, "Topic", "AWS::SNS::Topic"),
            Change(ChangeAction.Remove, "Other", "AWS::SNS::Topic", "other-alerts")
        );
    }

    [Fact]
    public void A_resource_of_a_nested_stack_is_not_replaced_under_its_own_name_either()
    {
        const string Nested =
            "Resources: { S: { Type: AWS::KinesisFirehose::DeliveryStream, Properties: { DeliveryStreamName: orders } } }";

        Should
            .Throw<SpecInvalidException>(() =>
                CustomNamedReplacements.Check(
                    "inventory-dev-api",
                    [.. CustomNames.Read(Nested, "nested stack Child", _ => null).Select(name => new PlacedName("Child/S", name))],
                    [
                        new PlacedChange(
                            "Child/S",
                            Change(ChangeAction.Modify, "S", "AWS::KinesisFirehose::DeliveryStream", "orders", "DeliveryStreamType")
                        ),
                    ],
                    []
                )
            )
            .Message.ShouldContain("Child/S in stack inventory-dev-api has to be replaced and keeps its DeliveryStreamName orders: ");
    }

    /// <summary>The stack around removes it when all has been made, that of the nested stack too.</summary>
    [Fact]
    public void What_moves_into_a_nested_stack_needs_its_name_twice()
    {
        const string Nested = "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: alerts } } }";

        Should
            .Throw<SpecInvalidException>(() =>
                CustomNamedReplacements.Check(
                    "inventory-dev-api",
                    [.. CustomNames.Read(Nested, "nested stack Child", _ => null).Select(name => new PlacedName("Child/Topic", name))],
                    [
                        new PlacedChange("Child/Topic", Change(ChangeAction.Add, "Topic", "AWS::SNS::Topic")),
                        new PlacedChange(
                            "Topic",
                            Change(ChangeAction.Remove, "Topic", "AWS::SNS::Topic", "arn:aws:sns:us-east-1:111111111111:alerts")
                        ),
                    ],
                    []
                )
            )
            .Message.ShouldContain(
                "Child/Topic would be made in stack inventory-dev-api with the TopicName alerts, which Topic has until the end of "
            );
    }

    [Fact]
    public void What_another_stack_holds_until_a_later_step_is_not_made()
    {
        const string Topic = "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: alerts } } }";
        void Moved(string physical) =>
            CustomNamedReplacements.Check(
                "inventory-dev-u",
                [.. CustomNames.Read(Topic, "u.yaml", _ => null).Select(name => new PlacedName("Topic", name))],
                [new PlacedChange("Topic", Change(ChangeAction.Add, "Topic", "AWS::SNS::Topic"))],
                [new HeldResource("t", "inventory-dev-t", "Alerts", "AWS::SNS::Topic", physical)]
            );

        Should
            .Throw<SpecInvalidException>(() => Moved("arn:aws:sns:us-east-1:111111111111:alerts"))
            .Message.ShouldContain("which Alerts of stack inventory-dev-t has, and the step 't' runs later; give it another name, or have");
        Should.NotThrow(() => Moved("arn:aws:sns:us-east-1:111111111111:other"));
    }

    /// <summary>https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html has no key schema.</summary>
    [Theory]
    [InlineData("KeySchema", true)]
    [InlineData("AttributeDefinitions", false)]
    public void A_table_with_a_name_is_not_given_other_keys(string property, bool isRefused)
    {
        const string Table = "Resources: { T: { Type: AWS::DynamoDB::Table, Properties: { TableName: orders } } }";
        var change = Change(ChangeAction.Modify, "T", "AWS::DynamoDB::Table", "orders", property);
        change.Replacement = Replacement.Conditional;
        void Changed() =>
            CustomNamedReplacements.Check(
                "inventory-dev-t",
                [.. CustomNames.Read(Table, "t.yaml", _ => null).Select(name => new PlacedName("T", name))],
                [new PlacedChange("T", change)],
                []
            );

        if (isRefused)
        {
            Should.Throw<SpecInvalidException>(Changed).Message.ShouldContain("has to be replaced and keeps its TableName orders");
        }
        else
        {
            Should.NotThrow(Changed);
        }
    }

    /// <summary>The name is in a loop's fragment, and in the branch that the condition takes.</summary>
    [Theory]
    [InlineData(
        "Transform: AWS::LanguageExtensions\nResources: { \"Fn::ForEach::R\": [ N, [ a ], { \"G${N}\": "
            + "{ Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: "
            + "{ Name: !Sub \"inventory-${N}\", Port: 80, Protocol: TCP, VpcId: vpc-1 } } } ] }",
        "Ga in stack inventory-dev-api has to be replaced and keeps its Name inventory-a"
    )]
    [InlineData(
        "Parameters: { P: { Type: String, Default: x } }\nConditions: { C: !Equals [ !Ref P, x ] }\nResources: { G: "
            + "{ Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: "
            + "{ Name: !If [ C, inventory, !Ref AWS::NoValue ], Port: 80, Protocol: TCP, VpcId: vpc-1 } } }",
        "G in stack inventory-dev-api has to be replaced and keeps its Name inventory"
    )]
    public async Task A_name_of_a_loop_or_of_a_condition_is_found(string template, string cause)
    {
        await using var simulated = await SimulatedStacks.Open();
        await simulated.Create(template);
        simulated.Bench.Folder.With("api.yaml", template.Replace("Port: 80", "Port: 81", StringComparison.Ordinal));
        simulated.Bench.Begin("two", "template: api.yaml");

        (await Should.ThrowAsync<SpecInvalidException>(simulated.Deploy)).Message.ShouldContain(cause);

        (await simulated.Settled()).LastUpdatedTime.ShouldBeNull();
    }

    [Fact]
    public async Task It_is_refused_before_it_is_executed()
    {
        await using var simulated = await SimulatedStacks.Open();
        await simulated.Create(Targets);
        simulated.Bench.Folder.With("api.yaml", Targets.Replace("Port: 80", "Port: 81", StringComparison.Ordinal));
        simulated.Bench.Begin("two", "template: api.yaml");

        (await Should.ThrowAsync<SpecInvalidException>(simulated.Deploy)).Message.ShouldContain(
            "has to be replaced and keeps its Name inventory"
        );

        (await simulated.Settled()).LastUpdatedTime.ShouldBeNull();
    }
}
