using Deployer.Functions.Ledger;

namespace Deployer.Cli.Progress;

/// <summary>What a task waits for, as a person looks for it in AWS's consoles.</summary>
internal static class ResourceWords
{
    /// <summary>A resource in words: <c>stack NAME</c> of a stack's ARN, <c>build PROJECT:ID</c> of a build's id.</summary>
    /// <param name="resource">The identity that the task's record has.</param>
    public static string Name(string resource)
    {
        var parts = resource.Split(':');
        return parts is ["arn", _, "cloudformation", _, _, var path] && path.Split('/') is [var kind, var name, ..]
                ? $"{(kind == "changeSet" ? "change set" : kind)} {name}"
            : parts is ["arn", _, "states", ..] && new ExecutionArn(resource) is { Machine.Length: > 0 } execution
                ? $"execution {execution.Deployment} of {execution.Machine}"
            : parts is [var project, { Length: 36 } build] ? $"build {project}:{build}"
            : resource.StartsWith("ecs-svc/", StringComparison.Ordinal) || resource.StartsWith("d-", StringComparison.Ordinal)
                ? $"deployment {resource}"
            : parts is ["arn", _, var service, _, _, ..] ? $"{service} {parts[^1]}"
            : resource;
    }
}
