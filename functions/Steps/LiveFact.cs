namespace Deployer.Functions.Steps;

/// <summary>One thing that a plan looked at, and how it stood: where it stands otherwise, the plan is not of now any more.</summary>
/// <param name="Thing">What was looked at, such as <c>stack inventory-prod</c>.</param>
/// <param name="State">How it stood, in words that change when it does; never a secret value.</param>
public sealed record LiveFact(string Thing, string State);
