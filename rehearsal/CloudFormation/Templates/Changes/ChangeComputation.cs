using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Changes;

/// <summary>The changes between a stack and what it is to become.</summary>
/// <param name="Resources">In the order in which they would be executed, removals last.</param>
/// <param name="Outputs">The outputs change.</param>
/// <param name="Tags">The stack's own tags change.</param>
public sealed record StackChanges(IReadOnlyList<ResourceChange> Resources, bool Outputs, bool Tags)
{
    /// <summary>There is something to do. A change of outputs alone is one.</summary>
    public bool Any => Resources.Count > 0 || Outputs || Tags;
}

/// <summary>Compares a stack with a new template, parameters and tags, as a change set does.</summary>
/// <param name="before">What the stack was last made from; null for a new one.</param>
/// <param name="after">What it is to be made from.</param>
/// <param name="existing">The resources that the stack holds.</param>
/// <param name="scope">What the new template is evaluated with; its resource values are not used.</param>
/// <param name="nested">Looks into nested stacks.</param>
public sealed class ChangeComputation(
    StackVersion? before,
    StackVersion after,
    IReadOnlyDictionary<string, ExistingResource> existing,
    EvaluationScope scope,
    INestedStacks? nested = null
)
{
    private static readonly string[] Policies = ["CreationPolicy", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy"];
    private readonly PlannedValues _planned = new(existing);

    /// <exception cref="TemplateException">The new template cannot be evaluated, or a resource's type differs.</exception>
    public StackChanges Compute()
    {
        var evaluator = new Evaluator(after.Template, scope with { Resources = _planned });
        var graph = DependencyGraph.Build(after.Template, evaluator.Condition);
        TemplateChecks.Active(after.Template, evaluator.Condition, graph.Order.ToHashSet());
        RefuseOtherTypes(graph.Order);

        var changes = new List<ResourceChange>();
        foreach (var id in graph.Order)
        {
            if (Change(after.Template.Resources[id], evaluator) is { } change)
            {
                changes.Add(change);
                _planned.Add(change);
            }
        }

        changes.AddRange(
            existing.Values.Where(r => !graph.Order.Contains(r.LogicalId)).OrderBy(r => r.LogicalId, StringComparer.Ordinal).Select(Removal)
        );
        return new StackChanges(changes, before is null || OutputsChange(evaluator), before is not null && TagsChange());
    }

    private ResourceChange? Change(ResourceDeclaration declaration, Evaluator evaluator)
    {
        var properties = evaluator.Properties(declaration.Properties);
        if (!existing.TryGetValue(declaration.LogicalId, out var resource))
        {
            return new ResourceChange(ChangeAction.Add, declaration.LogicalId, null, declaration.Type)
            {
                ChangeSetId = Nested(declaration, null, properties)?.ChangeSetId,
            };
        }

        var details = Details(declaration, resource, properties, evaluator).ToList();
        var plan = Nested(declaration, resource, properties);
        if (plan is { HasChanges: true } && details.Count == 0)
        {
            details.Add(new ChangeDetail("Properties", null, RequiresRecreation.Never, true, "Automatic", null));
        }

        if (details.Count == 0)
        {
            return null;
        }

        var replacement = details.Max(d =>
            (d.RequiresRecreation, d.IsDynamic) switch
            {
                (RequiresRecreation.Always, false) => Replacement.True,
                (RequiresRecreation.Never, _) => Replacement.False,
                _ => Replacement.Conditional,
            }
        );
        return new ResourceChange(ChangeAction.Modify, declaration.LogicalId, resource.PhysicalId, declaration.Type)
        {
            Replacement = replacement,
            Details = details,
            PolicyAction =
                replacement == Replacement.False ? null
                : declaration.UpdateReplacePolicy is "Retain" ? "ReplaceAndRetain"
                : "ReplaceAndDelete",
            ChangeSetId = plan?.ChangeSetId,
        };
    }

    private NestedPlan? Nested(ResourceDeclaration declaration, ExistingResource? resource, JsonObject properties) =>
        declaration.Type != "AWS::CloudFormation::Stack"
            ? null
            : nested?.Plan(declaration.LogicalId, resource, properties) ?? new NestedPlan(true, null);

    private IEnumerable<ChangeDetail> Details(
        ResourceDeclaration declaration,
        ExistingResource resource,
        JsonObject properties,
        Evaluator evaluator
    )
    {
        var rules = ReplacementRules.ForType(declaration.Type);
        foreach (
            var name in properties
                .Select(p => p.Key)
                .Union(resource.Properties.Select(p => p.Key))
                .Where(name => !Nodes.Same(properties[name], resource.Properties[name]))
        )
        {
            foreach (var detail in Causes(declaration, name, evaluator))
            {
                yield return rules.TagProperty == name
                    ? detail with
                    {
                        Attribute = "Tags",
                        Name = null,
                    }
                    : detail with
                    {
                        RequiresRecreation = rules.RequiresRecreation(name),
                    };
            }
        }

        if (before is null)
        {
            yield break;
        }

        if (rules.TagProperty is not null && TagsChange())
        {
            yield return new ChangeDetail("Tags", null, RequiresRecreation.Never, false, "DirectModification", null);
        }

        if (before.Template.Resources.TryGetValue(declaration.LogicalId, out var old))
        {
            if (!Nodes.Same(old.Metadata, declaration.Metadata))
            {
                yield return new ChangeDetail("Metadata", null, RequiresRecreation.Never, false, "DirectModification", null);
            }

            foreach (
                var policy in Policies.Where(p =>
                    !Nodes.Same(Attribute(before.Template, declaration.LogicalId, p), Attribute(after.Template, declaration.LogicalId, p))
                )
            )
            {
                yield return new ChangeDetail(policy, null, RequiresRecreation.Never, false, "DirectModification", null);
            }
        }
    }

    /// <summary>Why a property's value changes: the template's text, parameters behind it, other resources behind it.</summary>
    private IEnumerable<ChangeDetail> Causes(ResourceDeclaration declaration, string name, Evaluator evaluator)
    {
        ChangeDetail Detail(string source, string? entity, bool isDynamic) =>
            new("Properties", name, RequiresRecreation.Never, isDynamic, source, entity);
        var causes = new List<ChangeDetail>();
        var written = declaration.Properties[name];
        foreach (var reference in Reference.In(written, evaluator.Condition).Distinct())
        {
            if (after.Template.Parameters.ContainsKey(reference.Target))
            {
                if (
                    before?.Parameters.GetValueOrDefault(reference.Target)?.InUse is { } old
                    && old != after.Parameters[reference.Target].InUse
                )
                {
                    causes.Add(Detail("ParameterReference", reference.Target, false));
                }
            }
            else if (existing.ContainsKey(reference.Target) && _planned.Judge(reference) is { Changes: true, IsDynamic: var isDynamic })
            {
                causes.Add(
                    Detail(reference.Attribute is null ? "ResourceReference" : "ResourceAttribute", reference.ToString(), isDynamic)
                );
            }
        }

        var writtenBefore = before?.Template.Resources.GetValueOrDefault(declaration.LogicalId)?.Properties[name];
        if (causes.Count == 0 || !Nodes.Same(writtenBefore, written))
        {
            causes.Add(Detail("DirectModification", null, false));
        }

        return causes;
    }

    private static JsonNode? Attribute(Template template, string id, string name) => template.Root["Resources"]?[id]?[name];

    private ResourceChange Removal(ExistingResource resource)
    {
        var policy = before?.Template.Resources.GetValueOrDefault(resource.LogicalId)?.DeletionPolicy;
        return new ResourceChange(ChangeAction.Remove, resource.LogicalId, resource.PhysicalId, resource.Type)
        {
            PolicyAction = policy switch
            {
                null => "Delete",
                "RetainExceptOnCreate" => "Retain",
                _ => policy,
            },
        };
    }

    private bool TagsChange() =>
        before!.Tags.Count != after.Tags.Count || before.Tags.Any(tag => after.Tags.GetValueOrDefault(tag.Key) != tag.Value);

    private bool OutputsChange(Evaluator evaluator)
    {
        var old = new Evaluator(
            before!.Template,
            scope with
            {
                Resources = new PlannedValues(existing),
                Parameters = before.Parameters.ToDictionary(p => p.Key, p => p.Value.InUse),
            }
        );
        return !Nodes.Same(Outputs(before.Template, old), Outputs(after.Template, evaluator));
    }

    private static JsonObject Outputs(Template template, Evaluator evaluator)
    {
        var result = new JsonObject();
        foreach (var output in template.Outputs.Values.Where(o => evaluator.Holds(o.Condition)))
        {
            result[output.Name] = new JsonObject
            {
                ["Value"] = evaluator.Value(output.Value),
                ["Description"] = output.Description,
                ["Export"] = evaluator.Value(output.ExportName),
            };
        }

        return result;
    }

    private void RefuseOtherTypes(IEnumerable<string> ids)
    {
        var other = ids.Where(id => existing.TryGetValue(id, out var resource) && resource.Type != after.Template.Resources[id].Type)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (other.Count > 0)
        {
            throw new TemplateException(
                "Update of resource type is not permitted. The new template modifies resource type of the following resources: "
                    + $"[{string.Join(", ", other)}]"
            );
        }
    }
}
