namespace Deployer.Rehearsal.EventBridge.Patterns;

/// <summary>What is wrong with an event pattern, in the words of the API's answer.</summary>
public sealed class InvalidEventPatternException(string reason) : Exception($"Event pattern is not valid. Reason: {reason}");
