namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>One step of an operation's phase.</summary>
public sealed class Step
{
    /// <summary>The resource.</summary>
    public required string LogicalId { get; init; }

    /// <summary>What is done to it.</summary>
    public required StepAction Action { get; init; }

    /// <summary>The steps that come first, by key.</summary>
    public List<string> Needs { get; init; } = [];

    /// <summary>How far it is.</summary>
    public StepState State { get; set; }

    /// <summary>The resource gets a new physical one.</summary>
    public bool Replaces { get; set; }

    /// <summary>The stack's tags change, whatever the properties do.</summary>
    public bool TagsChange { get; init; }

    /// <summary>The properties that the resource gets, for a restore; the resource itself, for a deletion.</summary>
    public ResourceRecord? Subject { get; init; }

    /// <summary>The timer that ends the step or looks again.</summary>
    public string? Timer { get; set; }
}
