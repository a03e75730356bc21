using Amazon.ECS.Model;
using Deployer.Rehearsal.Ecs;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Datomic.Transactors;

/// <summary>
/// The peers of transactors: tasks of ECS services whose environment has the URI of a database in the storage. A peer finds the active
/// transactor in the storage, and looks again when its connection is lost.
/// </summary>
/// <remarks>
/// https://docs.datomic.com/operation/ha.html, "Peers"; one that holds a connection of its own does not come back:
/// https://github.com/onyx-platform/onyx-datomic/issues/23
/// </remarks>
internal sealed class Peers(RehearsalWorld world, TaskDefinitions definitions)
{
    private const string StayAway = "peers-stay-away";

    private readonly Table<TaskRecord> _tasks = world.Store.Table<TaskRecord>("ecs/tasks");

    /// <summary>How many peers an active transactor has.</summary>
    public int Connected(TransactorProcess process)
    {
        var uri = $"datomic:ddb://{process.Region}/{process.Table}/";
        var peers = _tasks
            .WithPrefix(RegionalKey.Prefix(process.Account, process.Region))
            .Select(entry => entry.Value)
            .Where(task => task.LastStatus == "RUNNING" && IsPeer(process, task, uri))
            .ToList();
        return process.LosesPeers ? peers.Count(task => task.Started > process.ActiveSince) : peers.Count;
    }

    /// <summary>Whether a transactor that takes over now does so without the peers of the former one.</summary>
    public bool AreLost(TransactorProcess process) => Connected(process) > 0 && world.Faults.Strikes(StayAway);

    private bool IsPeer(TransactorProcess process, TaskRecord task, string uri) =>
        definitions
            .Find(process.Account, process.Region, task.TaskDefinition)
            ?.Definition.ContainerDefinitions.Exists(container => Has(container, uri)) == true;

    private static bool Has(ContainerDefinition container, string uri) =>
        (container.Environment ?? []).Exists(variable => variable.Value?.StartsWith(uri, StringComparison.Ordinal) == true);
}
