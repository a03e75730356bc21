using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Stacks;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>How each answer of a change set is reported, and what deserves a second look.</summary>
public sealed class StackChangesTests
{
    [Theory]
    [InlineData("Add", null, null, null, "added", null)]
    [InlineData("Import", null, null, null, "imported", null)]
    [InlineData("Remove", null, "Delete", null, "removed", "what it holds is deleted with it")]
    [InlineData("Remove", null, "Snapshot", null, "removed", "what it holds is deleted with it")]
    [InlineData("Remove", null, "Retain", null, "removed", null)]
    [InlineData("Dynamic", null, null, null, "dynamic", "what happens to it is known after apply")]
    [InlineData("Modify", "True", "ReplaceAndDelete", "Always", "replaced", "what it holds is deleted with the old one")]
    [InlineData("Modify", "True", "ReplaceAndRetain", "Always", "replaced", null)]
    [InlineData("Modify", "Conditional", null, "Conditionally", "modified", "may be replaced")]
    [InlineData("Modify", "False", null, "Conditionally", "modified", "may be replaced, by a value that is known after apply")]
    [InlineData("Modify", "False", null, "Never", "modified", null)]
    [InlineData("Modify", "False", null, null, "modified", null)]
    public void Every_kind_of_change_is_reported_with_its_risk(
        string action,
        string? replacement,
        string? policy,
        string? recreation,
        string word,
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

        (said.Resource, said.Type, said.Change, said.Risk).ShouldBe(("Data/Table", "AWS::DynamoDB::Table", word, risk));
        said.Properties.ShouldBe(recreation is null ? [] : ["KeySchema"]);
    }
}
