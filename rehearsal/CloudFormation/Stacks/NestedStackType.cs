using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>Reads templates from S3.</summary>
public interface ITemplateSource
{
    /// <summary>The text behind a <c>TemplateURL</c>.</summary>
    /// <exception cref="TemplateException">The address is no S3 address, or the object cannot be read.</exception>
    string Fetch(Principal principal, string region, string url);
}

/// <summary><c>AWS::CloudFormation::Stack</c>: a stack that its outer stack creates, updates, rolls back and deletes.</summary>
internal sealed class NestedStackType(RehearsalWorld world, StackTable stacks, StackEngine engine, ITemplateSource templates)
    : IResourceType
{
    public string Name => StackJournal.StackType;

    // The nested stack says itself when it is done.
    public SimulatedDuration Duration(ResourceCall call) => Durations.NestedStackStart;

    public ResourceIdentity Create(ResourceCall call)
    {
        var child = new StackRecord
        {
            Account = call.Account,
            Region = call.Region,
            Name = call.GeneratedName(128),
            Uuid = world.Random.Uuid(),
            Created = world.Now,
            Status = StackStatus.REVIEW_IN_PROGRESS,
            ParentKey = call.Stack.Key,
            ParentLogicalId = call.LogicalId,
            RootKey = call.Stack.RootKey ?? call.Stack.Key,
            Definition = Definition(call, null),
        };
        engine.Create(child, Operation(call, OperationKind.CREATE_STACK));
        return Identity(child);
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        var child = Child(call);
        switch (call.Action)
        {
            case StepAction.Release:
                engine.Release(child);
                break;
            case StepAction.Restore:
                engine.RevertNested(child);
                break;
            // A nested stack that somebody deleted stays a resource of its outer stack, and no update makes it again:
            // https://blog.kinto-technologies.com/posts/
            // 2026-02-12-ResolvingAnIssueWhereACloudFormationNestedStackBecameUnupdatableInDeleteCompleteState
            case var _ when child.Status == StackStatus.DELETE_COMPLETE:
                throw new TemplateException($"Stack:{child.Id} is in {child.Status} state and can not be updated.");
            default:
                var target = Definition(call, child);
                var changes = engine.Changes(child, target);
                if (changes.Any)
                {
                    engine.Update(child, Operation(call, OperationKind.UPDATE_STACK, target, child), changes);
                }

                break;
        }

        return Identity(child);
    }

    public void Delete(ResourceCall call)
    {
        if (Child(call) is { Operation: null } child && child.Status != StackStatus.DELETE_COMPLETE)
        {
            engine.Delete(child, Operation(call, OperationKind.DELETE_STACK));
        }
    }

    public ResourceProgress Look(ResourceCall call)
    {
        var child = Child(call);
        return call.Action switch
        {
            StepAction.Delete => LookAtDeletion(call, child),
            StepAction.Release => child.Operation is null ? ResourceProgress.Ready : ResourceProgress.NotYet(null),
            StepAction.Restore => child.Operation is not null ? ResourceProgress.NotYet(null)
            : child.Status == StackStatus.UPDATE_ROLLBACK_FAILED
                ? ResourceProgress.Failed(
                    $"Embedded stack {child.Id} was not successfully updated. Currently in {child.Status} with reason: {child.StatusReason}"
                )
            : Done(child),
            StepAction.Create => child.Status switch
            {
                StackStatus.CREATE_COMPLETE => Done(child),
                StackStatus.CREATE_IN_PROGRESS => ResourceProgress.NotYet(null),
                _ => ResourceProgress.Failed(
                    $"Embedded stack {child.Id} was not successfully created: {child.Operation?.Cause ?? child.StatusReason}"
                ),
            },
            _ => child switch
            {
                { Operation: null } => Done(child),
                { Operation.IsHeld: true } => Done(child),
                { Status: StackStatus.UPDATE_ROLLBACK_IN_PROGRESS or StackStatus.UPDATE_FAILED } => ResourceProgress.Failed(
                    $"Embedded stack {child.Id} was not successfully updated. Currently in {child.Status} with reason: {child.StatusReason}"
                ),
                _ => ResourceProgress.NotYet(null),
            },
        };
    }

    private ResourceProgress LookAtDeletion(ResourceCall call, StackRecord child)
    {
        if (child.Status == StackStatus.DELETE_COMPLETE)
        {
            return ResourceProgress.Ready;
        }

        if (child.Operation is null && child.Status == StackStatus.DELETE_FAILED)
        {
            return ResourceProgress.Failed($"Embedded stack {child.Id} was not successfully deleted: {child.StatusReason}");
        }

        Delete(call);
        return ResourceProgress.NotYet(null);
    }

    /// <summary>What a nested stack is to be made from.</summary>
    /// <exception cref="TemplateException">Its template or parameters are refused.</exception>
    public static StackDefinition Definition(
        StackEngine engine,
        ITemplateSource templates,
        Principal principal,
        StackRecord outer,
        StackDefinition outerDefinition,
        JsonObject properties,
        StackRecord? child
    )
    {
        var body = templates.Fetch(principal, outer.Region, properties.Required("TemplateURL"));
        var given = (properties["Parameters"] as JsonObject ?? []).Select(p => new GivenParameter(
            p.Key,
            p.Value is JsonArray list ? string.Join(",", list.Select(item => item.Text())) : p.Value.Text()
        ));
        if (TemplateLimits.Bytes(body) > TemplateLimits.AddressBytes)
        {
            throw new TemplateException($"Template may not exceed {TemplateLimits.AddressBytes} bytes in size.");
        }

        var original = StackEvaluation.ReadOriginal(body);
        var parameters = ParameterValues.Resolve(
            original,
            given,
            child?.Definition.Parameters,
            name => engine.Parameters(principal, outer.Region, name)
        );
        var expanded = original.Transforms.Contains(LanguageExtensions.Name)
            ? LanguageExtensions.Expand(
                body,
                new PseudoParameters(outer.Account, outer.Region, child?.Id ?? "", child?.Name ?? ""),
                parameters.ToDictionary(p => p.Key, p => p.Value.InUse)
            )
            : null;
        var template = StackEvaluation.Read(expanded ?? body);
        engine.Types.Check(template);
        engine.CheckParameters(outer.Account, outer.Region, template, parameters);
        var missing = Capabilities.Missing(template, original.Transforms.Count > 0, outerDefinition.Capabilities);
        if (missing.Count > 0)
        {
            throw new TemplateException($"Requires capabilities : [{string.Join(", ", missing)}]");
        }

        var tags = new SortedDictionary<string, string>(outerDefinition.Tags, StringComparer.Ordinal);
        foreach (var tag in (properties["Tags"] as JsonArray ?? []).OfType<JsonObject>())
        {
            tags[tag.Required("Key")] = tag.Required("Value");
        }

        return new StackDefinition(body)
        {
            Expanded = expanded,
            Parameters = new(parameters),
            Tags = tags,
            NotificationArns = [.. properties.Texts("NotificationARNs")],
            Capabilities = outerDefinition.Capabilities,
            RoleArn = outerDefinition.RoleArn,
        };
    }

    private StackDefinition Definition(ResourceCall call, StackRecord? child) =>
        Definition(engine, templates, call.Principal, call.Stack, call.Stack.Described, call.Properties, child);

    private OperationRecord Operation(ResourceCall call, OperationKind kind, StackDefinition? target = null, StackRecord? child = null) =>
        new()
        {
            Id = world.Random.Uuid(),
            Kind = kind,
            Token = call.Stack.Operation?.Token,
            Principal = call.Principal,
            Target = target,
            Before = child is null ? [] : new(child.Resources),
        };

    private StackRecord Child(ResourceCall call) =>
        stacks.Find(call.Account, call.Region, call.Current!.PhysicalId!)
        ?? throw new ApiException("ValidationError", $"Stack with id {call.Current.PhysicalId} does not exist");

    private static ResourceProgress Done(StackRecord child) => ResourceProgress.Ready with { Identity = Identity(child) };

    private static ResourceIdentity Identity(StackRecord child) =>
        new(child.Id, child.Outputs.ToDictionary(o => $"Outputs.{o.Key}", o => (JsonNode)o.Value));
}
