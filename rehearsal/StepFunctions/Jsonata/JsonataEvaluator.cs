namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>Evaluates a parsed expression, by the rules of JSONata 2.0. Source: https://docs.jsonata.org/.</summary>
internal sealed partial class JsonataEvaluator
{
    private const int MaximumDepth = 300;
    private const int MaximumRange = 10_000_000;

    private int _depth;

    /// <summary>The value of a node in a context; null is nothing.</summary>
    public object? Evaluate(JsonataSyntax node, object? context, JsonataScope scope)
    {
        if (++_depth > MaximumDepth)
        {
            throw new JsonataException("U1001", "Stack overflow error: Check for non-terminating recursive function.");
        }

        try
        {
            var value = Value(node, context, scope);
            if (node is not (NameSyntax or PathSyntax))
            {
                value = Shaped(node, value, scope);
            }

            if (value is JsonataArray { IsSequence: true } sequence)
            {
                sequence.KeepsSingleton |= node.KeepsArray;
                return sequence.Count == 0 ? null
                    : sequence.Count == 1 && !sequence.KeepsSingleton ? sequence[0]
                    : sequence;
            }

            return value;
        }
        finally
        {
            _depth--;
        }
    }

    private object? Value(JsonataSyntax node, object? context, JsonataScope scope) =>
        node switch
        {
            LiteralSyntax literal => literal.Value,
            RegexSyntax regex => regex.Pattern,
            VariableSyntax { Name: "" } => context is JsonataArray { IsSequence: true, Count: 1 } wrapped ? wrapped[0] : context,
            VariableSyntax variable => scope[variable.Name],
            NameSyntax => Path([node], node, context, scope),
            PathSyntax path => Path(path.Steps, path, context, scope),
            WildcardSyntax => Wildcard(context),
            DescendantsSyntax => Descendants(context),
            NegationSyntax negation => Negated(Evaluate(negation.Operand, context, scope)),
            BinarySyntax binary => Binary(binary, context, scope),
            ArraySyntax array => Constructed(array, context, scope),
            ObjectSyntax o => Grouped(o, context, scope),
            BlockSyntax block => Block(block, context, new JsonataScope(scope)),
            ConditionSyntax condition => JsonataValue.IsTrue(Evaluate(condition.Condition, context, scope))
                ? Evaluate(condition.Then, context, scope)
            : condition.Otherwise is { } otherwise ? Evaluate(otherwise, context, scope)
            : null,
            BindSyntax bind => scope[bind.Name] = Evaluate(bind.Value, context, scope),
            LambdaSyntax lambda => Lambda(lambda, context, scope),
            CallSyntax call => Call(call, context, scope, null),
            ApplySyntax apply => Applied(apply, context, scope),
            SortSyntax sort => Sorted(sort, context, scope),
            TransformSyntax transform => new JsonataFunction(
                1,
                (arguments, _) => Transformed(transform, arguments.Count > 0 ? arguments[0] : null, scope)
            ),
            _ => throw new InvalidOperationException($"The syntax {node.GetType().Name} is not known."),
        };

    private object? Shaped(JsonataSyntax node, object? value, JsonataScope scope)
    {
        foreach (var filter in node.Filters)
        {
            value = Filtered(filter, value, scope);
        }

        return node.Group is { } group ? Grouped(group, value, scope) : value;
    }

    private object? Block(BlockSyntax block, object? context, JsonataScope scope)
    {
        object? last = null;
        foreach (var expression in block.Expressions)
        {
            last = Evaluate(expression, context, scope);
        }

        return last;
    }

    private JsonataArray Constructed(ArraySyntax array, object? context, JsonataScope scope)
    {
        var items = new JsonataArray();
        foreach (var item in array.Items)
        {
            var value = Evaluate(item, context, scope);
            if (value is JsonataArray inner && item is not ArraySyntax)
            {
                items.AddRange(inner);
            }
            else if (value is not null)
            {
                items.Add(value);
            }
        }

        return items;
    }

    private JsonataObject Grouped(ObjectSyntax group, object? context, JsonataScope scope)
    {
        var items = context as JsonataArray ?? JsonataArray.Sequence([context]);
        var entries = new Dictionary<string, (int Field, object? Data)>();
        foreach (var item in items.Count == 0 ? [null] : items)
        {
            for (var i = 0; i < group.Fields.Count; i++)
            {
                var key = Evaluate(group.Fields[i].Key, item, scope);
                if (key is null)
                {
                    continue;
                }

                if (key is not string name)
                {
                    throw new JsonataException(
                        "T1003",
                        $"Key in object structure must evaluate to a string; got: {JsonataFunctions.Shown(key)}"
                    );
                }

                if (!entries.TryGetValue(name, out var entry))
                {
                    entries[name] = (i, item);
                }
                else if (entry.Field != i)
                {
                    throw new JsonataException("D1009", $"Multiple key definitions evaluate to same key: \"{name}\"");
                }
                else
                {
                    entries[name] = (i, JsonataFunctions.Appended(entry.Data, item));
                }
            }
        }

        var result = new JsonataObject();
        foreach (var (name, (field, data)) in entries)
        {
            if (Evaluate(group.Fields[field].Value, data, scope) is { } value)
            {
                result[name] = value;
            }
        }

        return result;
    }
}
