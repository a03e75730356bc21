using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB.Expressions;

/// <summary>The parts of an item that an answer shows.</summary>
internal sealed class Projection(IReadOnlyList<DocumentPath> paths)
{
    /// <summary>Reads a ProjectionExpression.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    public static Projection Parse(string text, Placeholders placeholders)
    {
        var reader = new TokenReader(ExpressionKind.ProjectionExpression, text);
        var operands = new OperandParser(reader, placeholders);
        var paths = new List<DocumentPath> { operands.Path() };
        while (reader.TakeIf(","))
        {
            paths.Add(operands.Path());
        }

        reader.ExpectEnd();
        Overlaps.Refuse(reader, paths);
        return new Projection(paths);
    }

    /// <summary>Only what the paths lead to; list elements move together.</summary>
    public MapValue Apply(MapValue item) => (MapValue)Keep(item, [.. paths.Select(path => path.Steps)])!;

    private static AttributeValue? Keep(AttributeValue value, IReadOnlyList<PathStep>[] paths)
    {
        if (paths.Any(path => path.Count == 0))
        {
            return value;
        }

        var inside = paths.GroupBy(path => path[0], path => (IReadOnlyList<PathStep>)[.. path.Skip(1)]).ToArray();
        switch (value)
        {
            case MapValue map:
                var kept = MapValue.Empty;
                foreach (var group in inside.Where(group => group.Key.Name is not null))
                {
                    if (map[group.Key.Name!] is { } member && Keep(member, [.. group]) is { } part)
                    {
                        kept = kept.With(group.Key.Name!, part);
                    }
                }

                // The whole item may come out empty, a map inside it may not.
                return kept;
            case ListValue list:
                AttributeValue[] elements =
                [
                    .. inside
                        .Where(group => group.Key.Name is null && group.Key.Index < list.Elements.Count)
                        .OrderBy(group => group.Key.Index)
                        .Select(group => Keep(list.Elements[group.Key.Index], [.. group]))
                        .OfType<AttributeValue>(),
                ];
                return elements.Length == 0 ? null : new ListValue(elements);
            default:
                return null;
        }
    }
}
