using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>
/// Looks into the nested stacks of a change set: each that would be created or changed gets a change set of its own. CloudFormation keeps a
/// nested stack that is to be created in review until the change set is executed or deleted; here there is none before the execution makes
/// it.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html</remarks>
internal sealed class NestedChangeSets(
    RehearsalWorld world,
    StackTable stacks,
    StackEngine engine,
    ITemplateSource templates,
    ChangeSetRecord outer,
    StackRecord stack,
    Action<ChangeSetRecord> put,
    ValidationFault validation
) : INestedStacks
{
    public NestedPlan Plan(string logicalId, ExistingResource? existing, JsonObject properties)
    {
        // Which template it is may only be known after apply.
        if (KnownAfterApply.In(properties["TemplateURL"]))
        {
            return new NestedPlan(true, null);
        }

        var present = existing is null ? null : stacks.Find(outer.Account, outer.Region, existing.PhysicalId);
        var target = NestedStackType.Definition(engine, templates, outer.Principal, stack, outer.Definition, properties, present);
        var child = present ?? ToCreate(logicalId, target);
        var changeSet = new ChangeSetRecord
        {
            StackKey = child.Key,
            StackId = child.Id,
            StackName = child.Name,
            Name = $"{outer.Name}-{logicalId}-{world.Random.UpperId(12)}",
            Uuid = world.Random.Uuid(),
            Account = outer.Account,
            Region = outer.Region,
            IsCreation = present is null,
            Created = world.Now,
            IncludesNested = true,
            ParentId = outer.Id,
            RootId = outer.RootId ?? outer.Id,
            Principal = outer.Principal,
            Definition = target,
            Status = ChangeSetStatus.CREATE_COMPLETE,
        };
        try
        {
            changeSet.Changes = engine.Changes(
                child,
                target,
                new NestedChangeSets(world, stacks, engine, templates, changeSet, child, put, validation)
            );
        }
        catch (Exception e) when (e is TemplateException or ApiException)
        {
            // The nested change set has the reason, and that of the outer one leads to it alone:
            // https://github.com/awslabs/amazon-s3-find-and-forget/issues/224.
            throw Failed(changeSet, e.Message);
        }

        if (!changeSet.Changes.Any)
        {
            return new NestedPlan(false, null);
        }

        if (validation.Strikes(changeSet))
        {
            throw Failed(changeSet, ValidationFault.Reason);
        }

        put(changeSet);
        return new NestedPlan(true, changeSet.Id);
    }

    private TemplateException Failed(ChangeSetRecord changeSet, string reason)
    {
        changeSet.Status = ChangeSetStatus.FAILED;
        changeSet.StatusReason = reason;
        put(changeSet);
        return new TemplateException($"Nested change set {changeSet.Id} was not successfully created: Currently in FAILED.");
    }

    private StackRecord ToCreate(string logicalId, StackDefinition target) =>
        new()
        {
            Account = outer.Account,
            Region = outer.Region,
            Name = ResourceCall.GeneratedName(world.Random, stack.Name, logicalId, 128),
            Uuid = world.Random.Uuid(),
            Created = world.Now,
            Status = StackStatus.REVIEW_IN_PROGRESS,
            ParentKey = stack.Key,
            ParentLogicalId = logicalId,
            RootKey = stack.RootKey ?? stack.Key,
            Definition = target,
        };
}
