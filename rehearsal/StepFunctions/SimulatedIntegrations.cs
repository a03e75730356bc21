using Deployer.Rehearsal.StepFunctions.Definitions;
using Deployer.Rehearsal.Wire;

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

    /// <remarks>https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html</remarks>
    private static readonly string[] InvokeParameters =
    [
        "ClientContext",
        "DurableExecutionName",
        "FunctionName",
        "InvocationType",
        "LogType",
        "Payload",
        "Qualifier",
        "TenantId",
    ];

    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html</remarks>
    private static readonly string[] StartExecutionParameters = ["Input", "Name", "StateMachineArn", "TraceHeader"];

    /// <summary>The prefix of the resource type of the SDK integrations.</summary>
    internal const string Sdk = "aws-sdk:";

    /// <summary>Whether a resource can be called.</summary>
    public static bool Includes(TaskResource resource) =>
        resource.Kind != TaskKind.Service
        || (resource.Type == "lambda" && resource.Action == "invoke" && resource.Pattern != TaskPattern.RunJob)
        || (resource.Type == "states" && resource.Action == "startExecution")
        || (SigningName(resource) is not null && resource.Pattern != TaskPattern.RunJob);

    /// <summary>The parameters that an integration takes; <see langword="null"/> when it is not known.</summary>
    internal static IReadOnlyCollection<string>? Parameters(TaskResource resource, Api api) =>
        resource switch
        {
            { Type: "lambda" or "aws-sdk:lambda", Action: "invoke" } => InvokeParameters,
            { Type: "states", Action: "startExecution" } => StartExecutionParameters,
            _ when SigningName(resource) is { } service => (api.Find(service) as ModelService)?.MembersOf(
                char.ToUpperInvariant(resource.Action[0]) + resource.Action[1..]
            ),
            _ => null,
        };

    /// <summary>The signing name of the service that an SDK integration calls; null when it is none or not simulated.</summary>
    internal static string? SigningName(TaskResource resource) =>
        resource.Type.StartsWith(Sdk, StringComparison.Ordinal) ? SigningNames.GetValueOrDefault(resource.Type[Sdk.Length..]) : null;
}
