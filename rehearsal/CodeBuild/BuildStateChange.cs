using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.CodeBuild.Model;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>The detail of CodeBuild's state change event. The variables' values are left out: they may be secrets.</summary>
/// <remarks>https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html</remarks>
internal static class BuildStateChange
{
    internal static JsonObject Detail(BuildRecord record)
    {
        var build = record.Build;
        return new JsonObject
        {
            ["build-status"] = build.BuildStatus.Value,
            ["project-name"] = build.ProjectName,
            ["build-id"] = build.Arn,
            ["additional-information"] = new JsonObject
            {
                ["artifact"] = new JsonObject { ["location"] = build.Artifacts?.Location ?? string.Empty },
                ["environment"] = new JsonObject
                {
                    ["image"] = build.Environment.Image,
                    ["compute-type"] = build.Environment.ComputeType?.Value,
                    ["type"] = build.Environment.Type?.Value,
                },
                ["timeout-in-minutes"] = build.TimeoutInMinutes,
                ["build-complete"] = build.BuildComplete,
                ["initiator"] = build.Initiator,
                ["build-start-time"] = Text(build.StartTime),
                ["source"] = new JsonObject { ["location"] = build.Source.Location, ["type"] = build.Source.Type.Value },
                ["logs"] = new JsonObject { ["group-name"] = build.Logs.GroupName, ["stream-name"] = build.Logs.StreamName },
                ["phases"] = new JsonArray([.. build.Phases.Select(Phase)]),
            },
            ["current-phase"] = build.CurrentPhase,
            ["current-phase-context"] = "[]",
            ["version"] = "1",
        };
    }

    private static JsonObject Phase(BuildPhase phase) =>
        new()
        {
            ["phase-type"] = phase.PhaseType.Value,
            ["phase-status"] = phase.PhaseStatus?.Value,
            ["start-time"] = Text(phase.StartTime),
            ["end-time"] = Text(phase.EndTime),
            ["duration-in-seconds"] = phase.DurationInSeconds,
            ["phase-context"] = new JsonArray([
                .. (phase.Contexts ?? []).Select(context => JsonValue.Create($"{context.StatusCode}: {context.Message}")),
            ]),
        };

    private static string? Text(DateTime? time) => time?.ToString("MMM d, yyyy h:mm:ss tt", CultureInfo.InvariantCulture);
}
