using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>What a caller asks a stack to be made from.</summary>
/// <param name="Name">The stack's name; an id too where it exists.</param>
public sealed record StackOrder(string Name)
{
    public string? TemplateBody { get; init; }

    public string? TemplateUrl { get; init; }

    public bool UsePreviousTemplate { get; init; }

    public IReadOnlyList<GivenParameter> Parameters { get; init; } = [];

    /// <summary>Null leaves the stack's tags as they are; none removes them.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public IReadOnlyList<string>? NotificationArns { get; init; }

    public IReadOnlyList<string> Capabilities { get; init; } = [];

    public string? RoleArn { get; init; }

    public string? Token { get; init; }

    public OnFailure OnFailure { get; init; }

    public bool TerminationProtection { get; init; }

    /// <summary>A change set's transforms need no acknowledgement: the result is looked at before it is executed.</summary>
    public bool IsReviewed { get; init; }
}
