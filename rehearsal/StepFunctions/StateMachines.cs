using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.StepFunctions.Definitions;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>The state machines of every account. Errors are Step Functions'.</summary>
public sealed partial class StateMachines(RehearsalWorld world) : ITagSource
{
    private readonly Table<StateMachineRecord> _machines = world.Store.VersionedTable<StateMachineRecord>(
        "states/machines",
        machine => machine
    );

    /// <summary>The machine, or null.</summary>
    public StateMachineRecord? Find(string arn) => _machines.Get(arn);

    /// <summary>The machine.</summary>
    /// <exception cref="ApiException">StateMachineDoesNotExist.</exception>
    public StateMachineRecord Get(string arn) =>
        Find(arn) ?? throw new ApiException("StateMachineDoesNotExist", $"State Machine Does Not Exist: '{arn}'");

    /// <summary>The machines of an account and region, by name.</summary>
    public IEnumerable<StateMachineRecord> All(string account, string region) =>
        _machines.WithPrefix(StatesArn.Machine(account, region, "")).Select(m => m.Value);

    /// <summary>Creates a machine, or gives back the one that is there when it is the same.</summary>
    /// <exception cref="ApiException">InvalidName, InvalidDefinition, StateMachineAlreadyExists, AccessDeniedException.</exception>
    public StateMachineRecord Create(Call caller, StateMachineRecord wanted)
    {
        CheckName(wanted.Name);
        CheckDefinition(wanted.Definition);
        if (Find(wanted.Arn) is { } existing)
        {
            return existing.Definition == wanted.Definition && existing.RoleArn == wanted.RoleArn && existing.LogLevel == wanted.LogLevel
                ? existing
                : throw new ApiException("StateMachineAlreadyExists", $"State Machine Already Exists: '{wanted.Arn}'");
        }

        CheckRole(caller, wanted);
        var created = wanted with { CreatedAt = world.Now };
        _machines.Put(created.Arn, created);
        return created;
    }

    /// <summary>Replaces what is given; running executions keep what they started with.</summary>
    /// <exception cref="ApiException">StateMachineDoesNotExist, InvalidDefinition, AccessDeniedException.</exception>
    public StateMachineRecord Update(Call caller, StateMachineRecord wanted)
    {
        var existing = Get(wanted.Arn);
        CheckDefinition(wanted.Definition);
        if (existing.RoleArn != wanted.RoleArn)
        {
            CheckRole(caller, wanted);
        }

        var updated = wanted with { RevisionId = world.Random.Uuid() };
        _machines.Put(updated.Arn, updated);
        return updated;
    }

    /// <inheritdoc/>
    public IEnumerable<TaggedResource> Tagged(string account, string region) =>
        _machines
            .WithPrefix(string.Empty)
            .Select(machine => machine.Value)
            .Where(machine =>
                machine.Tags.Count > 0 && machine.Arn.StartsWith($"arn:aws:states:{region}:{account}:", StringComparison.Ordinal)
            )
            .Select(machine => new TaggedResource(machine.Arn, machine.Tags));

    /// <summary>Replaces the tags.</summary>
    public void Retag(StateMachineRecord machine, IReadOnlyDictionary<string, string> tags) =>
        _machines.Put(machine.Arn, machine with { Tags = new Dictionary<string, string>(tags, StringComparer.Ordinal) });

    /// <summary>Adds tags.</summary>
    /// <exception cref="ApiException">ResourceNotFound.</exception>
    public void Tag(string arn, IReadOnlyDictionary<string, string> tags)
    {
        var machine = Find(arn) ?? throw new ApiException("ResourceNotFound", $"Resource not found: '{arn}'", 404);
        var all = new Dictionary<string, string>(machine.Tags, StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            all[key] = value;
        }

        _machines.Put(arn, machine with { Tags = all });
    }

    /// <summary>Deletes a machine; one that is not there is fine.</summary>
    public void Delete(string arn) => _machines.Remove(arn);

    /// <summary>Refuses a name that AWS refuses.</summary>
    /// <exception cref="ApiException">InvalidName.</exception>
    public static void CheckName(string name)
    {
        if (!Name().IsMatch(name))
        {
            throw new ApiException("InvalidName", $"Invalid Name: '{name}'");
        }
    }

    /// <remarks>The words: https://github.com/lumigo-io/lumigo-CLI/issues/83; a role that is not there is one that nobody may
    /// assume.</remarks>
    private void CheckRole(Call caller, StateMachineRecord machine) =>
        world.Api.CheckPassRole(
            caller,
            machine.RoleArn,
            "states.amazonaws.com",
            new ApiException(
                "AccessDeniedException",
                "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role."
            ),
            machine.Arn
        );

    private void CheckDefinition(string text)
    {
        StateMachineDefinition definition;
        try
        {
            definition = StateMachineDefinition.Parse(text);
        }
        catch (InvalidDefinitionException e)
        {
            throw new ApiException("InvalidDefinition", e.Message);
        }

        var states = definition.AllStates().ToList();
        if (states.OfType<TaskState>().FirstOrDefault(t => !SimulatedIntegrations.Includes(t.Resource)) is { } task)
        {
            throw new ApiException("InvalidDefinition", $"The rehearsal does not simulate the integration {task.Resource.Arn}");
        }

        var unknown = states.OfType<TaskState>().SelectMany(UnknownParameters).ToList();
        if (unknown.Count > 0)
        {
            throw new ApiException("InvalidDefinition", new InvalidDefinitionException(unknown).Message);
        }

        if (states.OfType<MapState>().FirstOrDefault(m => m.Unsupported.Count > 0) is { } map)
        {
            throw new ApiException(
                "InvalidDefinition",
                $"The rehearsal does not simulate the field {map.Unsupported[0]} of the Map {map.Name}"
            );
        }
    }

    /// <summary>
    /// The parameters of a task that its integration does not take. AWS refuses them where the machine is created, in these words:
    /// https://github.com/aws/aws-cdk/issues/29968, https://github.com/aws/aws-cdk/issues/10014.
    /// </summary>
    private IEnumerable<DefinitionFault> UnknownParameters(TaskState task)
    {
        var known = SimulatedIntegrations.Parameters(task.Resource, world.Api);
        var field = task.Language == QueryLanguage.Jsonata ? "Arguments" : "Parameters";
        return (task.Parameters?.Value as JsonObject ?? [])
            .Select(parameter => task.Language == QueryLanguage.JsonPath ? Plain(parameter.Key) : parameter.Key)
            .Where(name => known is not null && !known.Contains(name))
            .Select(name => new DefinitionFault(
                DefinitionFault.Schema,
                $"The field \"{name}\" is not supported by Step Functions",
                $"{task.Location}/{field}"
            ));

        static string Plain(string key) => key.EndsWith(".$", StringComparison.Ordinal) ? key[..^2] : key;
    }

    [GeneratedRegex("""^[^\s<>{}\[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$""", RegexOptions.None, 60_000)]
    private static partial Regex Name();
}
