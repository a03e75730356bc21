using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>How each answer of a change set is reported, and what deserves a second look.</summary>
public sealed class StackChangesTests
{
    [Theory]
    [InlineData("AWS::ECS::TaskDefinition", "Remove", "it is deleted")]
    [InlineData("AWS::ECS::TaskDefinition", "Modify", "the old one is deleted")]
    [InlineData("AWS::IAM::Role", "Modify", "the old one is deleted")]
    [InlineData("AWS::CloudWatch::Alarm", "Remove", "it is deleted")]
    [InlineData("AWS::Logs::LogGroup", "Remove", "what it holds is deleted with it")]
    [InlineData("Custom::Any", "Modify", "what it holds is deleted with the old one")]
    public void What_holds_nothing_loses_nothing_and_is_a_risk_still(string type, string action, string risk)
    {
        var change = new ResourceChange
        {
            Action = new ChangeAction(action),
            LogicalResourceId = "One",
            ResourceType = type,
            Replacement = action == "Modify" ? Replacement.True : null,
        };

        StackChanges.Describe([new PlacedChange("One", change)]).ShouldHaveSingleItem().Risk.ShouldBe(risk);
    }

    [Theory]
    [InlineData("Add", null, null, null, ChangeKind.Added, null)]
    [InlineData("Import", null, null, null, ChangeKind.Imported, null)]
    [InlineData("Remove", null, "Delete", null, ChangeKind.Removed, "what it holds is deleted with it")]
    [InlineData("Remove", null, "Snapshot", null, ChangeKind.Removed, "what it holds is deleted with it")]
    [InlineData("Remove", null, "Retain", null, ChangeKind.Removed, null)]
    [InlineData("Dynamic", null, null, null, ChangeKind.Dynamic, "what happens to it is known after apply")]
    [InlineData("Modify", "True", "ReplaceAndDelete", "Always", ChangeKind.Replaced, "what it holds is deleted with the old one")]
    [InlineData("Modify", "True", "ReplaceAndRetain", "Always", ChangeKind.Replaced, null)]
    [InlineData("Modify", "Conditional", null, "Conditionally", ChangeKind.Modified, "may be replaced")]
    [InlineData("Modify", "False", null, "Conditionally", ChangeKind.Modified, "may be replaced, by a value that is known after apply")]
    [InlineData("Modify", "False", null, "Never", ChangeKind.Modified, null)]
    [InlineData("Modify", "False", null, null, ChangeKind.Modified, null)]
    public void Every_kind_of_change_is_reported_with_its_risk(
        string action,
        string? replacement,
        string? policy,
        string? recreation,
        ChangeKind kind,
        string? risk
    )
    {
        var change = new ResourceChange
        {
            Action = new ChangeAction(action),
            LogicalResourceId = "Table",
            ResourceType = "AWS::DynamoDB::Table",
            Replacement = replacement is null ? null : new Replacement(replacement),
            PolicyAction = policy is null ? null : new PolicyAction(policy),
            Details = recreation is null
                ? null
                :
                [
                    new ResourceChangeDetail
                    {
                        Evaluation = EvaluationType.Dynamic,
                        Target = new ResourceTargetDefinition
                        {
                            Attribute = ResourceAttribute.Properties,
                            Name = "KeySchema",
                            RequiresRecreation = new RequiresRecreation(recreation),
                        },
                    },
                ],
        };

        var said = StackChanges.Describe([new PlacedChange("Data/Table", change)]).ShouldHaveSingleItem();

        (said.Resource, said.Type, said.Change, said.Risk).ShouldBe(("Data/Table", "AWS::DynamoDB::Table", kind, risk));
        said.Properties.ShouldBe(recreation is null ? [] : ["KeySchema"]);
    }
}
