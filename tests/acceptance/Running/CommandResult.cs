using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>What a command of <c>deployer</c> came to.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Json">The JSON document; empty when none was written.</param>
/// <param name="Terminal">Everything it wrote to the terminal: progress, and the result.</param>
public sealed record CommandResult(int ExitCode, string Json, string Terminal)
{
    /// <summary>A member that stands twice is read by each reader as it likes.</summary>
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { AllowDuplicateProperties = false };

    private readonly Lazy<DeploymentReport> _report = new(() => JsonSerializer.Deserialize<DeploymentReport>(Json, Options)!);

    /// <summary>The JSON document.</summary>
    public DeploymentReport Report => _report.Value;

    /// <summary>The JSON document without what may differ from run to run.</summary>
    public string RepeatableJson(params string[] without)
    {
        var document = JsonNode.Parse(Json)!.AsObject();
        document["clock"]!.AsObject().Remove("wallSeconds");
        foreach (var field in without)
        {
            document.Remove(field);
        }

        return document.ToJsonString();
    }

    /// <summary>How often an operation was called, by a role or by anyone.</summary>
    public int Count(string operation, string? role = null) =>
        Report.Calls.Where(call => call.Operation == operation && (role is null || call.Role == role)).Sum(call => call.Count);
}
