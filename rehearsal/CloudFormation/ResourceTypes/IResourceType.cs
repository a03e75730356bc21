using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>How one resource type is created, updated and deleted. Each call begins the work; when the duration has passed,
/// <see cref="Look"/> says whether it is done. An <see cref="ApiException"/> fails the resource with its message.</summary>
public interface IResourceType
{
    /// <summary>E.g. <c>AWS::IAM::Role</c>.</summary>
    string Name { get; }

    /// <summary>How long the work takes before the first look.</summary>
    SimulatedDuration Duration(ResourceCall call);

    /// <summary>Begins to create the resource.</summary>
    ResourceIdentity Create(ResourceCall call);

    /// <summary>Begins to change the resource in place.</summary>
    ResourceIdentity Update(ResourceCall call);

    /// <summary>Begins to delete the resource. One that is gone already is no error.</summary>
    void Delete(ResourceCall call);

    /// <summary>
    /// Reads the resource as it is, with the permissions of who asks, to compare it with its template; null where the rehearsal does not
    /// read such resources.
    /// </summary>
    ResourceReading? Read(ResourceCall call) => null;

    /// <summary>Whether what was begun is done.</summary>
    ResourceProgress Look(ResourceCall call) => ResourceProgress.Ready;
}

/// <summary>What a resource type is asked to do, and for whom.</summary>
/// <param name="World">The world.</param>
/// <param name="Principal">Whose permissions count: the stack's service role, or the caller.</param>
/// <param name="Stack">The stack that the resource is in.</param>
/// <param name="LogicalId">The resource in it.</param>
/// <param name="Action">What is done.</param>
/// <param name="Properties">Evaluated; those wanted, or the present ones in a deletion.</param>
/// <param name="Current">The resource as it is; null in a creation.</param>
public sealed record ResourceCall(
    RehearsalWorld World,
    Principal Principal,
    StackRecord Stack,
    string LogicalId,
    StepAction Action,
    JsonObject Properties,
    ResourceRecord? Current
)
{
    /// <summary>The stack's account.</summary>
    public string Account => Stack.Account;

    /// <summary>The stack's region.</summary>
    public string Region => Stack.Region;

    /// <summary>The stack's tags and those that CloudFormation itself sets.</summary>
    public required IReadOnlyDictionary<string, string> StackTags { get; init; }

    /// <summary>The attribute <c>UpdatePolicy</c> or <c>CreationPolicy</c> of the resource, evaluated.</summary>
    public JsonObject? Policy { get; init; }

    /// <summary>The name given in a property, or a generated one of at most <paramref name="limit"/> characters.</summary>
    public string NameFrom(string property, int limit = 64) => Properties.Text(property) ?? GeneratedName(limit);

    /// <summary><c>stack-LogicalId-RANDOM</c>, shortened as CloudFormation does.</summary>
    public string GeneratedName(int limit = 64) => GeneratedName(World.Random, Stack.Name, LogicalId, limit);

    /// <summary>The same for a resource that nothing is done to yet.</summary>
    public static string GeneratedName(SeededRandom random, string stack, string logicalId, int limit)
    {
        var tail = "-" + random.UpperId(12);
        var head = $"{stack}-{logicalId}";
        return (head.Length + tail.Length > limit ? head[..(limit - tail.Length)] : head) + tail;
    }

    /// <summary>An ARN in the stack's account and region.</summary>
    public string Arn(string service, string resource) => $"arn:aws:{service}:{Region}:{Account}:{resource}";
}

/// <summary>What a resource answers to references.</summary>
/// <param name="PhysicalId">The name or id.</param>
/// <param name="Attributes">What <c>Fn::GetAtt</c> gives.</param>
/// <param name="Reference">What <c>Ref</c> gives, when it is not the physical id.</param>
public sealed record ResourceIdentity(string PhysicalId, IReadOnlyDictionary<string, JsonNode> Attributes, string? Reference = null);

/// <summary>A resource as it is.</summary>
/// <param name="Properties">Its properties, as templates name them, as far as they are read; null when it is gone.</param>
public sealed record ResourceReading(JsonObject? Properties)
{
    /// <summary>The resource is gone.</summary>
    public static readonly ResourceReading Gone = new((JsonObject?)null);

    /// <summary>Whether all properties are read: one that is not among them has been removed.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>How far a resource's work is.</summary>
/// <param name="IsReady">It is done.</param>
/// <param name="Failure">It has failed, and why.</param>
/// <param name="LookAgain">When to look again; null when somebody else will say so.</param>
/// <param name="Identity">What became known on the way.</param>
public sealed record ResourceProgress(bool IsReady, string? Failure = null, TimeSpan? LookAgain = null, ResourceIdentity? Identity = null)
{
    /// <summary>The work is done.</summary>
    public static readonly ResourceProgress Ready = new(true);

    /// <summary>The work has failed.</summary>
    public static ResourceProgress Failed(string reason) => new(false, reason);

    /// <summary>The work goes on, to be looked at again after a time; null when somebody else will say so.</summary>
    public static ResourceProgress NotYet(TimeSpan? lookAgain) => new(false, null, lookAgain);
}
