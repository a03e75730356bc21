using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>One step into a document: the name of a map's member, or the index of a list's element.</summary>
internal readonly record struct PathStep(string? Name, int Index)
{
    public override string ToString() => Name ?? $"[{Index}]";
}

/// <summary>A path into an item, such as <c>a.b[0]</c>.</summary>
internal sealed class DocumentPath(IReadOnlyList<PathStep> steps)
{
    /// <summary>The attribute that the path begins with.</summary>
    public string Root => steps[0].Name!;

    public IReadOnlyList<PathStep> Steps => steps;

    /// <summary>The index of the list element that the path ends with; -1 when it ends with a name.</summary>
    public int LastIndex => steps[^1].Name is null ? steps[^1].Index : -1;

    public AttributeValue? Read(MapValue item)
    {
        AttributeValue? value = item;
        foreach (var step in steps)
        {
            value = (step.Name, value) switch
            {
                ({ } name, MapValue map) => map[name],
                (null, ListValue list) when step.Index < list.Elements.Count => list.Elements[step.Index],
                _ => null,
            };
        }

        return value;
    }

    /// <summary>The item with a value at this path. An index behind the end of a list appends to it.</summary>
    /// <exception cref="ApiException">ValidationException: the path leads through something that is not there.</exception>
    public MapValue Write(MapValue item, AttributeValue value) => (MapValue)Replace(item, 0, value);

    /// <summary>The item without what is at this path.</summary>
    /// <exception cref="ApiException">ValidationException: the path leads through something that is not there.</exception>
    public MapValue Remove(MapValue item) => (MapValue)Replace(item, 0, value: null);

    /// <summary>Whether this path leads to the other one's place or to something around it.</summary>
    public bool Contains(DocumentPath other) => steps.Count <= other.Steps.Count && steps.SequenceEqual(other.Steps.Take(steps.Count));

    /// <summary>Whether the two take one place for a map and for a list.</summary>
    public bool Conflicts(DocumentPath other)
    {
        var different = steps.Zip(other.Steps).FirstOrDefault(pair => pair.First != pair.Second);
        return different != default && different.First.Name is null != different.Second.Name is null;
    }

    public override string ToString() => $"[{string.Join(", ", steps)}]";

    private static ApiException NotThere() =>
        DynamoDBError.Validation("The document path provided in the update expression is invalid for update");

    private AttributeValue Replace(AttributeValue? at, int depth, AttributeValue? value)
    {
        var step = steps[depth];
        var last = depth == steps.Count - 1;
        switch (step.Name, at)
        {
            case ({ } name, MapValue map):
                var member = last ? value : Replace(map[name], depth + 1, value);
                return member is null ? map.Without(name) : map.With(name, member);
            case (null, ListValue list):
                var inside = step.Index < list.Elements.Count;
                var element = last ? value : Replace(inside ? list.Elements[step.Index] : null, depth + 1, value);
                AttributeValue[] elements = (inside, element) switch
                {
                    (true, null) => [.. list.Elements.Take(step.Index), .. list.Elements.Skip(step.Index + 1)],
                    (true, _) => [.. list.Elements.Take(step.Index), element, .. list.Elements.Skip(step.Index + 1)],
                    (false, null) => [.. list.Elements],
                    (false, _) => [.. list.Elements, element],
                };
                return new ListValue(elements);
            default:
                throw NotThere();
        }
    }
}
