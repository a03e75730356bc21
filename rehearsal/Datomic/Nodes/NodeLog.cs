using System.Text.Json.Nodes;
using Amazon.CloudWatchLogs.Model;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Datomic.Nodes;

/// <summary>Writes the log of Datomic's processes into their system's log group.</summary>
internal sealed class NodeLog(RehearsalWorld world)
{
    /// <summary>A process serves with a revision.</summary>
    public void Started(NodeProcess process, string revision) =>
        Write(
            process,
            LogLine.Event("StartingSystem"),
            LogLine.Event("LoadIons", revision),
            LogLine.Event("LoadDatabasesDone"),
            LogLine.Event("SystemReady", revision)
        );

    /// <summary>A process cannot load a revision.</summary>
    public void FailedToLoad(NodeProcess process, string revision) =>
        Write(
            process,
            LogLine.Event("StartingSystem"),
            LogLine.Event("LoadIons", revision),
            LogLine.LoadFailure(revision),
            LogLine.Alert()
        );

    /// <summary>A process that serves raises an alert.</summary>
    public void Alerted(NodeProcess process) => Append(process, LogLine.Alert());

    /// <summary>Each process, and so each call of this, has a stream of its own.</summary>
    private void Write(NodeProcess process, params JsonObject[] lines)
    {
        world.Api.Invoke<CreateLogStreamResponse>(
            process.Principal,
            process.Region,
            new CreateLogStreamRequest { LogGroupName = process.LogGroup, LogStreamName = process.LogStream }
        );
        Append(process, lines);
    }

    private void Append(NodeProcess process, params JsonObject[] lines)
    {
        world.Api.Invoke<PutLogEventsResponse>(
            process.Principal,
            process.Region,
            new PutLogEventsRequest
            {
                LogGroupName = process.LogGroup,
                LogStreamName = process.LogStream,
                LogEvents =
                [
                    .. lines.Select(line => new InputLogEvent { Timestamp = world.Now.UtcDateTime, Message = line.ToJsonString() }),
                ],
            }
        );
    }
}
