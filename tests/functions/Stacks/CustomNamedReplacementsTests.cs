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
            CustomNames.Read(Template, "api.yaml", name => name == "Stage" ? "dev" : null),
            [.. changes.Select(change => new PlacedChange(change.LogicalResourceId, change))]
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
