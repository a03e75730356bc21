using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>What a caller asks a stack to be made from.</summary>
/// <param name="Name">The stack's name; an id too where it exists.</param>
public sealed record StackOrder(string Name)
{
    /// <summary>The text of the template.</summary>
    public string? TemplateBody { get; init; }

    /// <summary>The S3 address of the template.</summary>
    public string? TemplateUrl { get; init; }

    /// <summary>Whether the stack's present template is used.</summary>
    public bool UsePreviousTemplate { get; init; }

    /// <summary>The parameters as they were given.</summary>
    public IReadOnlyList<GivenParameter> Parameters { get; init; } = [];

    /// <summary>Null leaves the stack's tags as they are; none removes them.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>The topics that events go to.</summary>
    public IReadOnlyList<string>? NotificationArns { get; init; }

    /// <summary>What the caller has acknowledged.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>The service role.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The client request token.</summary>
    public string? Token { get; init; }

    /// <summary>What follows a failure.</summary>
    public OnFailure OnFailure { get; init; }

    /// <summary>Whether the stack is protected from deletion.</summary>
    public bool TerminationProtection { get; init; }

    /// <summary>A change set's transforms need no acknowledgement: the result is looked at before it is executed.</summary>
    public bool IsReviewed { get; init; }
}
