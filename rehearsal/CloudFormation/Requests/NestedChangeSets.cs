using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>Looks into the nested stacks of a change set: each that would change gets a change set of its own. A nested stack
/// that does not exist yet is only an addition of its outer one.</summary>
internal sealed class NestedChangeSets(
    RehearsalWorld world, StackTable stacks, StackEngine engine, ITemplateSource templates, ChangeSetRecord outer, Action<ChangeSetRecord> put) : INestedStacks
{
    public NestedPlan Plan(string logicalId, ExistingResource? existing, JsonObject properties)
    {
        if (existing is null || stacks.Find(outer.Account, outer.Region, existing.PhysicalId) is not { } child)
        {
            return new NestedPlan(true, null);
        }

        var target = NestedStackType.Definition(engine, templates, outer.Principal, stacks.Get(outer.StackKey), outer.Definition, properties, child);
        var changeSet = new ChangeSetRecord
        {
            StackKey = child.Key,
            StackId = child.Id,
            StackName = child.Name,
            Name = $"{outer.Name}-{logicalId}-{world.Random.UpperId(12)}",
            Uuid = world.Random.Uuid(),
            Account = outer.Account,
            Region = outer.Region,
            Created = world.Now,
            IncludesNested = true,
            ParentId = outer.Id,
            RootId = outer.RootId ?? outer.Id,
            Principal = outer.Principal,
            Definition = target,
            Status = ChangeSetStatus.CREATE_COMPLETE,
        };
        changeSet.Changes = engine.Changes(child, target, new NestedChangeSets(world, stacks, engine, templates, changeSet, put));
        if (!changeSet.Changes.Any)
        {
            return new NestedPlan(false, null);
        }

        put(changeSet);
        return new NestedPlan(true, changeSet.Id);
    }
}
