using System.Text.Json.Nodes;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>The buses of every account and the policies that say who may put events on them.</summary>
public sealed class EventBuses(RehearsalWorld world)
{
    private readonly Table<EventBus> _buses = world.Store.Table<EventBus>("events/buses");

    /// <summary>The bus of this name or ARN.</summary>
    /// <param name="account">The account that a plain name is looked for in.</param>
    /// <param name="region">The region that a plain name is looked for in.</param>
    /// <param name="nameOrArn"><see langword="null"/> for the default bus.</param>
    /// <exception cref="ApiException">ResourceNotFoundException.</exception>
    public EventBus Get(string account, string region, string? nameOrArn)
    {
        var name = nameOrArn ?? EventBus.Default;
        if (name.Split(':', 6) is ["arn", _, "events", var arnRegion, var arnAccount, var resource])
        {
            (account, region, name) = (arnAccount, arnRegion, resource["event-bus/".Length..]);
        }

        return _buses.Get(Key(account, region, name))
            ?? (
                name == EventBus.Default
                    ? new EventBus(account, region, name, Policy: null)
                    : throw new ApiException("ResourceNotFoundException", $"Event bus {name} does not exist.")
            );
    }

    /// <summary>Makes a bus of its own name.</summary>
    /// <exception cref="ApiException">ResourceAlreadyExistsException.</exception>
    public EventBus Create(string account, string region, string name)
    {
        if (name == EventBus.Default || _buses.Get(Key(account, region, name)) is not null)
        {
            throw new ApiException("ResourceAlreadyExistsException", $"Event bus {name} already exists.");
        }

        var bus = new EventBus(account, region, name, Policy: null);
        Put(bus);
        return bus;
    }

    /// <summary>Forgets a bus; there need not be one.</summary>
    public void Delete(EventBus bus) => _buses.Remove(Key(bus.Account, bus.Region, bus.Name));

    /// <summary>Replaces the whole policy; <see langword="null"/> removes it.</summary>
    public void SetPolicy(EventBus bus, string? policy) => Put(bus with { Policy = policy });

    /// <summary>Adds a statement to the policy, or replaces the one of the same id.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="id">The statement's <c>Sid</c>.</param>
    /// <param name="statement">Its other members.</param>
    public void PutStatement(EventBus bus, string id, JsonObject statement)
    {
        var added = (JsonObject)statement.DeepClone();
        added["Sid"] = id;
        SetStatements(bus, [.. OtherStatements(bus, id), added]);
    }

    /// <summary>Takes a statement out of the policy; there need not be one.</summary>
    public void RemoveStatement(EventBus bus, string id) => SetStatements(bus, OtherStatements(bus, id));

    /// <summary>Judges whether the caller may put an event on the bus.</summary>
    /// <param name="principal">Who puts it.</param>
    /// <param name="bus">The bus.</param>
    /// <param name="source">
    /// The event's source, a condition key: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html.
    /// </param>
    /// <param name="detailType">What the event is, another one.</param>
    /// <exception cref="ApiException">AccessDeniedException.</exception>
    public void CheckPutEvents(Principal principal, EventBus bus, string? source = null, string? detailType = null)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        if (source is not null)
        {
            keys["events:source"] = source;
        }

        if (detailType is not null)
        {
            keys["events:detail-type"] = detailType;
        }

        world.Api.Check(principal, bus.Account, [bus.Arn], "events:PutEvents", bus.Policy, keys);
    }

    private static List<JsonNode> OtherStatements(EventBus bus, string id) =>
        bus.Policy is not { } policy
            ? []
            : JsonNode.Parse(policy)!["Statement"] switch
            {
                JsonArray many => [.. many.Select(statement => statement!.DeepClone()).Where(statement => (string?)statement["Sid"] != id)],
                { } one when (string?)one["Sid"] != id => [one.DeepClone()],
                _ => [],
            };

    private static string Key(string account, string region, string name) => RegionalKey.Create(account, region, name);

    private void SetStatements(EventBus bus, IReadOnlyList<JsonNode> statements) =>
        SetPolicy(
            bus,
            statements.Count == 0
                ? null
                : new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray([.. statements]) }.ToJsonString()
        );

    /// <summary>Keeps a bus. A policy that cannot be read would refuse every event of another account for good.</summary>
    /// <exception cref="ApiException">ValidationException: the policy breaks the grammar of policies.</exception>
    private void Put(EventBus bus)
    {
        if (bus.Policy is { } policy)
        {
            try
            {
                PolicyDocument.Parse(policy, PolicyKind.Resource);
            }
            catch (Exception fault) when (fault is MalformedPolicyException or NotSupportedException)
            {
                throw new ApiException("ValidationException", $"The policy of the event bus {bus.Name} is not valid: {fault.Message}");
            }
        }

        _buses.Put(Key(bus.Account, bus.Region, bus.Name), bus);
    }
}
