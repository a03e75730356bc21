using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.CloudWatchLogs.Model;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Stacks;

namespace Deployer.Functions.Ions;

/// <summary>
/// Why code did not load: CodeDeploy's own error code explains nothing, the instance's lifecycle event and the Datomic log do.
/// </summary>
public sealed class IonCause(TargetAccount account, string group)
{
    /// <summary>The first lifecycle event that failed, and where.</summary>
    public static string? FailedLifecycleEvent(IEnumerable<InstanceTarget> targets)
    {
        foreach (var target in targets)
        {
            if ((target.LifecycleEvents ?? []).Find(lifecycle => lifecycle.Status == LifecycleEventStatus.Failed) is { } failed)
            {
                var message = failed.Diagnostics?.Message;
                return $"{failed.LifecycleEventName} failed on "
                    + $"{target.TargetId}{(string.IsNullOrEmpty(message) ? string.Empty : $" ({message})")}";
            }
        }

        return null;
    }

    /// <summary>The first exception or alert that the Datomic log holds in the window of the deployment.</summary>
    public async Task<string?> FirstException(DateTime? from, DateTime? to)
    {
        if (from is null || await System() is not { } system)
        {
            return null;
        }

        var name = LogGroup(system);
        try
        {
            return await First(system, "{ $.Type = \"Alert\" || $.Ex.Cause = \"*\" }", from.Value, to)
                ?? $"log {name} holds no alert or exception in the window";
        }
        catch (ResourceNotFoundException)
        {
            return $"there is no log {name}";
        }
    }

    /// <summary>The first alert that the Datomic log holds since a moment, or <see langword="null"/>.</summary>
    /// <exception cref="ResourceNotFoundException">There is no log.</exception>
    public async Task<string?> FirstAlert(DateTime since) =>
        await System() is { } system ? await First(system, "{ $.Type = \"Alert\" }", since, to: null) : null;

    /// <summary>The log of a system.</summary>
    public static string LogGroup(string system) => $"datomic-{system}";

    private async Task<string?> First(string system, string pattern, DateTime from, DateTime? to)
    {
        await foreach (
            var page in Pages.Read(
                next =>
                    account.Logs.FilterLogEventsAsync(
                        new FilterLogEventsRequest
                        {
                            LogGroupName = LogGroup(system),
                            LogStreamNamePrefix = $"{system}-{group}-",
                            FilterPattern = pattern,
                            StartTime = new DateTimeOffset(from.ToUniversalTime()).ToUnixTimeMilliseconds(),
                            EndTime = to is null ? null : new DateTimeOffset(to.Value.ToUniversalTime()).ToUnixTimeMilliseconds() + 1,
                            NextToken = next,
                        }
                    ),
                answer => answer.NextToken
            )
        )
        {
            if (page.Events?.FirstOrDefault() is { } first)
            {
                return $"log {LogGroup(system)}, {first.LogStreamName}: {Sentence(first.Message)}";
            }
        }
        return null;
    }

    /// <summary>The system that the group belongs to, from its stack's parameter; <see langword="null"/> when that does not say.</summary>
    public async Task<string?> System()
    {
        var stack = await account.CloudFormation.Find(group);
        return stack?.Parameters?.Find(parameter => parameter.ParameterKey == "SystemName")?.ParameterValue;
    }

    private static string Sentence(string message)
    {
        try
        {
            var line = JsonSerializer.Deserialize(message, IonLogDocuments.Default.IonLogLine);
            return string.Join(": ", new[] { line?.Msg, line?.Ex?.Cause }.Where(part => !string.IsNullOrEmpty(part)));
        }
        catch (JsonException)
        {
            return message;
        }
    }
}

/// <summary>A line of a system's log, as far as causes need it.</summary>
/// <remarks>https://docs.datomic.com/operation/monitoring-cloud.html</remarks>
/// <param name="Msg">What happened.</param>
/// <param name="Ex">The exception, when there was one.</param>
internal sealed record IonLogLine(string? Msg, IonLogException? Ex);

/// <summary>An exception in the log.</summary>
/// <param name="Cause">Its message.</param>
internal sealed record IonLogException(string? Cause);

/// <summary>How the log's lines are read.</summary>
[JsonSerializable(typeof(IonLogLine))]
internal sealed partial class IonLogDocuments : JsonSerializerContext;
