namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>Which resource must be there before which: by <c>DependsOn</c> and by mention.</summary>
public sealed class DependencyGraph
{
    private readonly OrderedDictionary<string, IReadOnlyList<string>> _needs;

    private DependencyGraph(OrderedDictionary<string, IReadOnlyList<string>> needs)
    {
        _needs = needs;
        Order = Sort();
    }

    /// <summary>Every resource after those that it needs; otherwise as the template has them.</summary>
    public IReadOnlyList<string> Order { get; }

    /// <summary>The resources that one needs.</summary>
    public IReadOnlyList<string> Needs(string id) => _needs[id];

    /// <summary>The graph of all resources of a template or, with conditions, of those that are to exist.</summary>
    /// <exception cref="TemplateException">Resources need each other in a circle.</exception>
    public static DependencyGraph Build(Template template, Func<string, bool>? condition = null)
    {
        var ids = template
            .Resources.Values.Where(r => condition is null || r.Condition is null || condition(r.Condition))
            .Select(r => r.LogicalId)
            .ToHashSet();
        var needs = new OrderedDictionary<string, IReadOnlyList<string>>();
        foreach (var resource in template.Resources.Values.Where(r => ids.Contains(r.LogicalId)))
        {
            var mentioned = Reference
                .In(resource.Properties, condition)
                .Concat(Reference.In(resource.Metadata, condition))
                .Concat(Reference.In(resource.UpdatePolicy, condition))
                .Concat(Reference.In(resource.CreationPolicy, condition))
                .Select(r => r.Target);
            needs[resource.LogicalId] = [.. mentioned.Concat(resource.DependsOn).Where(ids.Contains).Distinct()];
        }

        return new DependencyGraph(needs);
    }

    private List<string> Sort()
    {
        var order = new List<string>();
        var sorted = new HashSet<string>();
        var open = new List<string>(_needs.Keys);
        while (open.Count > 0)
        {
            var ready =
                open.Find(id => _needs[id].All(sorted.Contains))
                ?? throw new TemplateException(
                    $"Circular dependency between resources: [{string.Join(", ", InCircle(open).Order(StringComparer.Ordinal))}]"
                );
            order.Add(ready);
            sorted.Add(ready);
            open.Remove(ready);
        }

        return order;
    }

    private List<string> InCircle(List<string> open)
    {
        // What nothing open needs any more only hangs on the circle.
        var left = open.ToList();
        while (left.RemoveAll(id => !left.Exists(other => _needs[other].Contains(id))) > 0) { }

        return left;
    }
}
