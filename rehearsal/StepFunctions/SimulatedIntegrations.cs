using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>The integrations that tasks can call here.</summary>
public static class SimulatedIntegrations
{
    private static readonly Dictionary<string, string> SigningNames = new(StringComparer.Ordinal)
    {
        ["autoscaling"] = "autoscaling",
        ["cloudformation"] = "cloudformation",
        ["cloudwatchlogs"] = "logs",
        ["codebuild"] = "codebuild",
        ["codedeploy"] = "codedeploy",
        ["codepipeline"] = "codepipeline",
        ["ec2"] = "ec2",
        ["ecs"] = "ecs",
        ["eventbridge"] = "events",
        ["lambda"] = "lambda",
        ["resourcegroupstaggingapi"] = "tagging",
        ["sfn"] = "states",
        ["ssm"] = "ssm",
    };

    /// <summary>The prefix of the resource type of the SDK integrations.</summary>
    internal const string Sdk = "aws-sdk:";

    /// <summary>Whether a resource can be called.</summary>
    public static bool Includes(TaskResource resource) =>
        resource.Kind != TaskKind.Service
        || (resource.Type == "lambda" && resource.Action == "invoke" && resource.Pattern != TaskPattern.RunJob)
        || (resource.Type == "states" && resource.Action == "startExecution")
        || (SigningName(resource) is not null && resource.Pattern != TaskPattern.RunJob);

    /// <summary>The signing name of the service that an SDK integration calls; null when it is none or not simulated.</summary>
    internal static string? SigningName(TaskResource resource) =>
        resource.Type.StartsWith(Sdk, StringComparison.Ordinal) ? SigningNames.GetValueOrDefault(resource.Type[Sdk.Length..]) : null;
}
