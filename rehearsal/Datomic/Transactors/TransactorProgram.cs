using System.Globalization;
using Amazon.ECS.Model;
using Deployer.Rehearsal.CloudWatch;
using Deployer.Rehearsal.DynamoDB;
using Deployer.Rehearsal.Ecs;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Datomic.Transactors;

/// <summary>
/// The program of an image with Datomic Pro's transactor: it starts, stands by, takes over when two heartbeats are missed, and writes its
/// own.
/// </summary>
/// <remarks>
/// https://docs.datomic.com/operation/ha.html: "The standby transactor takes over if it sees the active transactor miss two consecutive
/// heartbeats", 5,000 ms apart unless the properties file says otherwise. A transactor that starts looks for heartbeats in the same way,
/// whether there is another one or not. https://docs.datomic.com/operation/transactor.html: it does no cleanup when it is stopped.
/// </remarks>
internal sealed class TransactorProgram : IContainerProgram
{
    private const string Due = "datomic/transactor";
    private const string DoesNotStandBy = "transactor-does-not-stand-by";
    private const string OutOfMemory = "transactor-runs-out-of-memory";
    private const string DoesNotTakeOver = "transactor-does-not-take-over";
    private const string ReportsAlarms = "transactor-reports-alarms";
    private const int MissedHeartbeats = 2;
    private const int CachePercent = 75;
    private const long Mebi = 1024 * 1024;

    // Chosen: what the JVM of a transactor has beside its heap under load.
    private const long BesideHeap = 400 * Mebi;

    private readonly RehearsalWorld _world;
    private readonly MetricStore _metrics;
    private readonly TransactorStorage _storage;
    private readonly WritablePeriods _writable;
    private readonly Peers _peers;
    private readonly Table<TransactorProcess> _processes;
    private readonly Table<RunningContainer> _containers;
    private readonly TaskDefinitions _definitions;
    private readonly Table<string> _lastActive;
    private IContainerHost? _host;

    /// <summary>The transactors of a world. One per world: it answers the world's due moments.</summary>
    public TransactorProgram(
        RehearsalWorld world,
        Tables tables,
        MetricStore metrics,
        WritablePeriods writable,
        Peers peers,
        TaskDefinitions definitions
    )
    {
        (_world, _metrics, _writable, _peers, _definitions) = (world, metrics, writable, peers, definitions);
        _storage = new TransactorStorage(world, tables);
        _processes = world.Store.Table<TransactorProcess>("datomic/transactors");
        _containers = world.Store.Table<RunningContainer>("datomic/transactors/containers");
        _lastActive = world.Store.Table<string>("datomic/transactors/last-active");
        // Heartbeats come again and again whatever happens.
        world.OnDue(Due, Tick, periodic: true, failed: Break);
    }

    /// <summary>Where the containers run, for those that ran already when a stored world was opened.</summary>
    public void RunOn(IContainerHost host) => _host = host;

    /// <inheritdoc/>
    public bool IsOf(ContainerDefinition container) => Value(container, "DATOMIC_TABLE") is not null;

    /// <inheritdoc/>
    public void Started(IContainerHost host, RunningContainer container)
    {
        _host = host;
        if (Refusal(container) is { } refusal)
        {
            host.Log(container, TransactorLog.Failed(_world.Now, refusal));
            host.Exit(container, 1);
            return;
        }

        var key = Key(container);
        _containers.Put(key, container);
        _processes.Put(
            key,
            new TransactorProcess
            {
                Account = container.Account,
                Region = container.Variable("DATOMIC_REGION") ?? container.Region,
                Table = container.Variable("DATOMIC_TABLE")!,
                Name = container.Variable("DATOMIC_NAME") ?? container.Service,
                Task = container.Task,
                Service = container.Service,
                Host = container.Address,
                Definition = container.Definition.TaskDefinitionArn,
                Role = container.Definition.TaskRoleArn is { } arn ? arn[(arn.LastIndexOf('/') + 1)..] : null,
                Interval = TimeSpan.FromMilliseconds(Number(container, "DATOMIC_PROPERTY_HEARTBEAT_INTERVAL_MSEC") ?? 5000),
            }
        );
        _world.Schedule(Durations.TransactorStart.Draw(_world.Random), Due, key);
        if (HeapIsTooLarge(container) || IsStruck(_processes.Get(key)!, OutOfMemory))
        {
            host.After(container, Durations.HeapGrows.Draw(_world.Random), "heap");
        }
    }

    /// <summary>The heap has grown to its size.</summary>
    public void Continue(IContainerHost host, RunningContainer container, string moment) =>
        host.Exit(container, 137, "OutOfMemoryError: Container killed due to memory usage");

    /// <inheritdoc/>
    public void Stopping(IContainerHost host, RunningContainer container) => host.Exit(container, 143);

    /// <inheritdoc/>
    public void Ended(IContainerHost host, RunningContainer container)
    {
        var key = Key(container);
        if (_processes.Get(key) is { } process)
        {
            if (process.Phase == TransactorPhase.Active)
            {
                _writable.End(process);
            }

            _processes.Remove(key);
            _containers.Remove(key);
        }
    }

    private static string Key(RunningContainer container) => RegionalKey.Create(container.Account, container.Region, container.Task);

    private static string Storage(TransactorProcess process) => RegionalKey.Create(process.Account, process.Region, process.Table);

    /// <summary>A fault strikes what is new: a transactor of another task definition than the last active one.</summary>
    private bool IsStruck(TransactorProcess process, string fault) =>
        _world.Faults.Find(fault) is { } found
        && (found.What is null || found.What == process.Service)
        && _lastActive.Get(Storage(process)) is { } last
        && !_definitions.IsOrCopies(process.Account, process.Region, process.Definition, last)
        && _world.Faults.Strikes(fault);

    private void Tick(string key)
    {
        if (_processes.Get(key) is not { } process || _containers.Get(key) is not { } container || _host is not { } host)
        {
            return;
        }

        try
        {
            if (
                process.Phase switch
                {
                    TransactorPhase.Active => Beat(host, container, process),
                    TransactorPhase.Standby => Watch(host, container, process),
                    _ => Begin(host, container, process),
                } is
                { } next
            )
            {
                _processes.Put(key, next);
                _world.Schedule(next.Interval, Due, key);
            }
        }
        catch (ApiException exception)
        {
            // Failing fast is a transactor's design: https://docs.datomic.com/operation/deployment.html, "Transactor Failover".
            host.Log(container, TransactorLog.Failed(_world.Now, $"{exception.Code}: {exception.Message}"));
            host.Exit(container, 1);
        }
    }

    private void Break(string key, string reason)
    {
        if (_containers.Get(key) is { } container && _host is { } host)
        {
            host.Exit(container, 1, reason);
        }
    }

    private TransactorProcess? Begin(IContainerHost host, RunningContainer container, TransactorProcess process)
    {
        host.Log(container, TransactorLog.Started(_world.Now, process));
        if (IsStruck(process, DoesNotStandBy))
        {
            return null;
        }

        return Look(host, container, process with { Phase = TransactorPhase.Standby, Seen = _storage.Read(process) });
    }

    private TransactorProcess? Watch(IContainerHost host, RunningContainer container, TransactorProcess process)
    {
        var found = _storage.Read(process);
        _storage.WriteStandby(process, found);
        Measure(process, "HeartMonitorMsec");
        return Look(
            host,
            container,
            process with
            {
                Seen = found,
                Missed = found?.Timestamp == process.Seen?.Timestamp ? process.Missed + 1 : 0,
            }
        );
    }

    private TransactorProcess? Look(IContainerHost host, RunningContainer container, TransactorProcess process)
    {
        if (process.Missed < MissedHeartbeats || IsStruck(process, DoesNotTakeOver))
        {
            host.Log(container, TransactorLog.Standby(_world.Now, process.Seen, process.Missed));
            return process;
        }

        var active = Beat(host, container, process);
        if (active is not null)
        {
            _writable.Begin(active);
        }

        return active;
    }

    private TransactorProcess? Beat(IContainerHost host, RunningContainer container, TransactorProcess process)
    {
        if (_storage.Write(process, process.Seen) is not { } beat)
        {
            host.Log(container, TransactorLog.BeatFailed(_world.Now));
            host.Exit(container, 255);
            return null;
        }

        host.Log(container, TransactorLog.Beat(_world.Now, beat));
        Measure(process, "HeartbeatMsec");
        var alarms = process.Alarms || IsStruck(process, ReportsAlarms);
        var losesPeers =
            process.LosesPeers || (process.ActiveSince is null && _lastActive.Get(Storage(process)) is not null && _peers.AreLost(process));
        _lastActive.Put(Storage(process), process.Definition);
        return Count(
            process with
            {
                Phase = TransactorPhase.Active,
                Seen = beat,
                Missed = 0,
                Alarms = alarms,
                LosesPeers = losesPeers,
                ActiveSince = process.ActiveSince ?? _world.Now,
            }
        );
    }

    /// <summary>
    /// What an active transactor reports each minute: https://docs.datomic.com/operation/monitoring.html, RemotePeers and Alarm. The minute
    /// in which it takes over is left out, so that its peers have time to come.
    /// </summary>
    private TransactorProcess Count(TransactorProcess process)
    {
        var minute = MetricStore.Minute(_world.Now);
        if (minute == Math.Max(process.Counted, MetricStore.Minute(process.ActiveSince!.Value)))
        {
            return process;
        }

        Measure(process, "RemotePeers", _peers.Connected(process));
        if (process.Alarms)
        {
            Measure(process, "Alarm", 1);
        }

        return process with
        {
            Counted = minute,
        };
    }

    /// <summary>
    /// The namespace and the dimension are those of public Terraform modules; Datomic documents the metrics' names alone.
    /// </summary>
    private void Measure(TransactorProcess process, string metric, double? value = null)
    {
        try
        {
            _world.Api.Check(
                Principal.AssumedRole(process.Account, process.Role!, process.Task),
                process.Account,
                ["*"],
                "cloudwatch:PutMetricData",
                conditionKeys: new Dictionary<string, string>(StringComparer.Ordinal) { ["cloudwatch:namespace"] = "Datomic" }
            );
            _metrics.Put(
                process.Account,
                process.Region,
                new MetricId("Datomic", metric, new(StringComparer.Ordinal) { ["Transactor"] = process.Name }),
                MetricStore.Minute(_world.Now),
                MetricValues.Single(value ?? process.Interval.TotalMilliseconds)
            );
        }
        catch (ApiException exception) when (exception.Code.StartsWith("AccessDenied", StringComparison.Ordinal))
        {
            // A transactor goes on without metrics.
        }
    }

    /// <summary>Why the transactor does not start; its caches are at most three quarters of its heap together.</summary>
    private static string? Refusal(RunningContainer container) =>
        Size(container, "DATOMIC_HEAP") is not { } heap ? "the environment variable DATOMIC_HEAP is missing"
        : (Size(container, "DATOMIC_PROPERTY_MEMORY_INDEX_MAX") ?? 0) + (Size(container, "DATOMIC_PROPERTY_OBJECT_CACHE_MAX") ?? 0)
            is var caches
        && caches * 100 > heap * CachePercent
            ? ":db.error/not-enough-memory (datomic.objectCacheMax + datomic.memoryIndexMax) exceeds 75% of JVM RAM"
        : null;

    private static bool HeapIsTooLarge(RunningContainer container) =>
        Size(container, "DATOMIC_HEAP") is { } heap
        && long.TryParse(container.Definition.Memory, NumberStyles.None, CultureInfo.InvariantCulture, out var memory)
        && heap + BesideHeap > memory * Mebi;

    private static long? Size(RunningContainer container, string name) =>
        container.Variable(name) is { } text
        && long.TryParse(text.TrimEnd('k', 'K', 'm', 'M', 'g', 'G'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? char.ToLowerInvariant(text[^1]) switch
            {
                'k' => number * 1024,
                'm' => number * Mebi,
                'g' => number * 1024 * Mebi,
                _ => number,
            }
            : null;

    private static int? Number(RunningContainer container, string name) =>
        int.TryParse(container.Variable(name), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Value(ContainerDefinition container, string name) =>
        container.Environment?.Find(variable => variable.Name == name)?.Value;
}
