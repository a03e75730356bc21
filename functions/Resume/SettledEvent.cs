using System.Text.Json;

namespace Deployer.Functions.Resume;

/// <summary>An EventBridge event about something that may be waited for, as far as every kind of event has it.</summary>
public sealed record SettledEvent(string Source, string Account, string Region, JsonElement Detail)
{
    /// <summary>The resource under which a token would wait, or <see langword="null"/> for an event of no interest.</summary>
    public string? Resource =>
        Source switch
        {
            "aws.cloudformation" => Text("stack-id"),
            "aws.codebuild" => Text("build-id")?.Split(":build/", 2) is [_, var id] ? id : null,
            "aws.states" => Text("executionArn"),
            "aws.codedeploy" => Text("deploymentId"),
            _ => null,
        };

    private string? Text(string name) =>
        Detail.ValueKind == JsonValueKind.Object && Detail.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
