namespace Deployer.Rehearsal.Lambda;

/// <summary>What a function wrote in one invocation, on its way to CloudWatch Logs.</summary>
public sealed record FunctionLog(string Account, string Region, string LogGroup, string LogStream, IReadOnlyList<string> Lines);
