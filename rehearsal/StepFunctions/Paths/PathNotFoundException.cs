namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>A definite path leads nowhere. The message has the words of the path library that AWS uses.</summary>
public sealed class PathNotFoundException(string message) : Exception(message);
