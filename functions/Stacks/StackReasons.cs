using System.Text.Json;
using Amazon.CloudFormation.Model;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Reasons of CloudFormation that say neither where nor what to do: the template that could not be read, the capability that is lacking.
/// </summary>
internal static class StackReasons
{
    /// <summary>How the reason of a template at an address begins that S3 does not give.</summary>
    public const string S3 = "S3 error: ";
    private const string Capabilities = "Requires capabilities";

    /// <summary>A reason with what it leaves out.</summary>
    /// <param name="reason">CloudFormation's words.</param>
    /// <param name="template">The address of the template that it is about; <see langword="null"/> where that is not known.</param>
    public static string Complete(string reason, string? template) =>
        reason.StartsWith(S3, StringComparison.Ordinal) && template is not null && !reason.Contains(template, StringComparison.Ordinal)
            ? $"{reason} (the template {template})"
        : reason.StartsWith(Capabilities, StringComparison.Ordinal) ? $"{reason}; grant it with 'capabilities' of the step"
        : reason;

    /// <summary>The address of a nested stack's template, by an event of the stack around it.</summary>
    public static string? TemplateOf(StackEvent happened)
    {
        if (happened is not { ResourceType: "AWS::CloudFormation::Stack", ResourceProperties: { Length: > 0 } properties })
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(properties);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("TemplateURL", out var address)
                && address.ValueKind == JsonValueKind.String
                ? address.GetString()
                : null;
        }
        catch (JsonException)
        {
            // The properties of an event are cut off at a length.
            return null;
        }
    }
}
