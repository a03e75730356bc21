using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.Tagging;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>CloudFormation's own tags of what stacks have made.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html</remarks>
public sealed partial class CloudFormationService : ITagSource
{
    /// <summary>The types whose resources are found by these tags here, and the attribute that is their ARN.</summary>
    private static readonly Dictionary<string, string> ArnOfType = new(StringComparer.Ordinal)
    {
        ["AWS::Lambda::Function"] = "Arn",
        ["AWS::ECS::Service"] = "ServiceArn",
    };

    /// <inheritdoc/>
    public IEnumerable<TaggedResource> Tagged(string account, string region)
    {
        foreach (var stack in _stacks.All(account, region).Where(stack => stack.Status != StackStatus.DELETE_COMPLETE))
        {
            foreach (var resource in stack.Resources.Values)
            {
                if (ArnOfType.TryGetValue(resource.Type, out var attribute) && resource.Attributes.TryGetValue(attribute, out var arn))
                {
                    yield return new TaggedResource(
                        arn.GetValue<string>(),
                        new Dictionary<string, string>
                        {
                            ["aws:cloudformation:stack-name"] = stack.Name,
                            ["aws:cloudformation:logical-id"] = resource.LogicalId,
                            ["aws:cloudformation:stack-id"] = stack.Id,
                        }
                    );
                }
            }
        }
    }
}
