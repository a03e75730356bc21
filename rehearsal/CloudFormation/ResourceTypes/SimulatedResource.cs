using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>A resource that was simulated by its type's schema, or whose custom resource answered from a file or with placeholders:
/// whatever depends on what its service really does was not rehearsed.</summary>
/// <param name="Account">The account of the stack.</param>
/// <param name="Stack">The stack's name.</param>
/// <param name="LogicalId">The resource in it.</param>
/// <param name="Type">Its type.</param>
public sealed record SimulatedResource(string Account, string Stack, string LogicalId, string Type)
{
    private const string TableName = "simulated-by-schema";

    /// <summary>How it was simulated, in a sentence.</summary>
    public override string ToString() =>
        CustomResourceTypes.Includes(Type)
            ? $"what stands behind the custom resource {LogicalId} ({Type}) was not rehearsed"
            : $"{LogicalId} ({Type}) was simulated by its schema alone, its permissions were not judged";

    /// <summary>All of a world, by account, stack and resource.</summary>
    internal static IReadOnlyList<SimulatedResource> All(RehearsalWorld world) =>
        [.. world.Store.Table<SimulatedResource>(TableName).WithPrefix("").Select(entry => entry.Value)];

    /// <summary>Notes the resource of a call.</summary>
    internal static void Note(ResourceCall call, string type)
    {
        var noted = new SimulatedResource(call.Account, call.Stack.Name, call.LogicalId, type);
        var table = call.World.Store.Table<SimulatedResource>(TableName);
        var key = $"{call.Account}/{call.Stack.Name}/{call.LogicalId}";
        if (table.Get(key) != noted)
        {
            table.Put(key, noted);
        }
    }
}
