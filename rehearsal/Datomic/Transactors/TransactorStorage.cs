using System.Globalization;
using Deployer.Rehearsal.DynamoDB;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Datomic.Transactors;

/// <summary>
/// The items of a table by which transactors find out which of them is active. Their keys are those of a transactor
/// (<c>pod-coord</c>, <c>pod-standby</c>); how it writes the rest of them is not documented, and attributes here are chosen.
/// </summary>
internal sealed class TransactorStorage(RehearsalWorld world, Tables tables)
{
    private const string Coordination = "pod-coord";
    private const string Standby = "pod-standby";

    private readonly Items _items = new(world);
    private readonly TableAccess _access = new(world, tables);

    /// <summary>The last heartbeat; <see langword="null"/> before the first one.</summary>
    /// <exception cref="ApiException">DynamoDB's error: no such table, or the task's role may not read it.</exception>
    public Heartbeat? Read(TransactorProcess process)
    {
        var table = Open(process, "GetItem");
        return _items.Get(table, Key(Coordination)) is { } item
            ? new Heartbeat(Number(item, "rev"), Number(item, "timestamp"), ((StringValue)item["host"]!).Text)
            : null;
    }

    /// <summary>Writes the next heartbeat, unless another transactor has written one since.</summary>
    /// <param name="process">The transactor.</param>
    /// <param name="expected">The heartbeat that it knows.</param>
    /// <returns>The heartbeat; <see langword="null"/> when another one came first.</returns>
    /// <exception cref="ApiException">DynamoDB's error.</exception>
    public Heartbeat? Write(TransactorProcess process, Heartbeat? expected)
    {
        if (Read(process)?.Revision != expected?.Revision)
        {
            return null;
        }

        var beat = new Heartbeat((expected?.Revision ?? 0) + 1, world.Now.ToUnixTimeMilliseconds(), process.Host);
        Put(process, Coordination, beat);
        return beat;
    }

    /// <summary>Writes that a standby has looked.</summary>
    /// <exception cref="ApiException">DynamoDB's error.</exception>
    public void WriteStandby(TransactorProcess process, Heartbeat? seen) =>
        Put(process, Standby, new Heartbeat(seen?.Revision ?? 0, world.Now.ToUnixTimeMilliseconds(), process.Host));

    private void Put(TransactorProcess process, string key, Heartbeat beat)
    {
        var table = Open(process, "PutItem");
        _items.Put(
            table,
            Key(key).With("rev", Number(beat.Revision)).With("timestamp", Number(beat.Timestamp)).With("host", new StringValue(beat.Host))
        );
    }

    private TableDefinition Open(TransactorProcess process, string action)
    {
        var principal = process.Role is { } role
            ? Principal.AssumedRole(process.Account, role, process.Task)
            : throw new ApiException("SdkClientException", "Unable to load credentials from any of the providers in the chain");
        var call = world.Api.CallAs(principal, process.Region, "dynamodb", action);
        return _access.Open(call, new TableName(process.Account, process.Region, process.Table), action, []);
    }

    private static MapValue Key(string id) => MapValue.Empty.With("id", new StringValue(id));

    private static NumberValue Number(long value) => new(DynamoNumber.Parse(value.ToString(CultureInfo.InvariantCulture)));

    private static long Number(MapValue item, string name) =>
        long.Parse(((NumberValue)item[name]!).Number.ToString(), CultureInfo.InvariantCulture);
}
