namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <content>Operators, functions and transformations.</content>
internal sealed partial class JsonataEvaluator
{
    private static object? Negated(object? value) =>
        value switch
        {
            null => null,
            double number => -number,
            _ => throw new JsonataException("D1002", $"Cannot negate a non-numeric value: {JsonataFunctions.Shown(value)}"),
        };

    private object? Binary(BinarySyntax node, object? context, JsonataScope scope)
    {
        var left = Evaluate(node.Left, context, scope);
        if (node.Operator is "and" or "or")
        {
            return node.Operator == "and"
                ? JsonataValue.IsTrue(left) && JsonataValue.IsTrue(Evaluate(node.Right, context, scope))
                : JsonataValue.IsTrue(left) || JsonataValue.IsTrue(Evaluate(node.Right, context, scope));
        }

        var right = Evaluate(node.Right, context, scope);
        return node.Operator switch
        {
            "+" or "-" or "*" or "/" or "%" => Computed(node.Operator, left, right),
            "=" => left is not null && right is not null && JsonataValue.DeepEquals(left, right),
            "!=" => left is not null && right is not null && !JsonataValue.DeepEquals(left, right),
            "<" or "<=" or ">" or ">=" => Compared(node.Operator, left, right),
            "&" => JsonataFunctions.Text(left) + JsonataFunctions.Text(right),
            "in" => left is not null
                && right is not null
                && (right as JsonataArray ?? [right]).Any(item => JsonataValue.DeepEquals(left, item)),
            ".." => Range(left, right),
            _ => throw new InvalidOperationException($"The operator {node.Operator} is not known."),
        };
    }

    private static object? Computed(string op, object? left, object? right)
    {
        if (left is not (null or double))
        {
            throw new JsonataException("T2001", $"The left side of the \"{op}\" operator must evaluate to a number");
        }

        if (right is not (null or double))
        {
            throw new JsonataException("T2002", $"The right side of the \"{op}\" operator must evaluate to a number");
        }

        if (left is not double a || right is not double b)
        {
            return null;
        }

        var result = op switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            _ => a % b,
        };
        return double.IsFinite(result) ? result : throw new JsonataException("D1001", $"Number out of range: {result}");
    }

    private static object? Compared(string op, object? left, object? right)
    {
        if (left is not (null or double or string) || right is not (null or double or string))
        {
            throw new JsonataException(
                "T2010",
                $"The expressions either side of operator \"{op}\" must evaluate to numeric or string values"
            );
        }

        if (left is null || right is null)
        {
            return null;
        }

        var order = (left, right) switch
        {
            (double a, double b) => a.CompareTo(b),
            (string a, string b) => string.CompareOrdinal(a, b),
            _ => throw new JsonataException(
                "T2009",
                $"The values {JsonataFunctions.Shown(left)} and {JsonataFunctions.Shown(right)} either side of operator \"{op}\" must "
                    + "be of the same data type"
            ),
        };
        return op switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    private static JsonataArray? Range(object? left, object? right)
    {
        if (left is not null && !(left is double a && a == Math.Floor(a)))
        {
            throw new JsonataException("T2003", "The left side of the range operator (..) must evaluate to an integer");
        }

        if (right is not null && !(right is double b && b == Math.Floor(b)))
        {
            throw new JsonataException("T2004", "The right side of the range operator (..) must evaluate to an integer");
        }

        if (left is not double from || right is not double to || from > to)
        {
            return null;
        }

        if (to - from >= MaximumRange)
        {
            throw new JsonataException(
                "D2014",
                "The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate "
                    + $"{to - from + 1}."
            );
        }

        var range = JsonataArray.Sequence();
        for (var i = from; i <= to; i++)
        {
            range.Add(i);
        }

        return range;
    }

    private JsonataFunction Lambda(LambdaSyntax lambda, object? context, JsonataScope scope) =>
        new(
            lambda.Parameters.Count,
            (arguments, _) =>
            {
                var inner = new JsonataScope(scope);
                for (var i = 0; i < lambda.Parameters.Count; i++)
                {
                    inner[lambda.Parameters[i]] = i < arguments.Count ? arguments[i] : null;
                }

                return Evaluate(lambda.Body, context, inner);
            }
        );

    private object? Call(CallSyntax call, object? context, JsonataScope scope, object? first)
    {
        var target = Evaluate(call.Function, context, scope);
        if (target is not JsonataFunction function)
        {
            throw call.Function is NameSyntax { Name: var name } && scope[name] is JsonataFunction
                ? new JsonataException("T1005", $"Attempted to invoke a non-function. Did you mean ${name}?")
                : new JsonataException("T1006", "Attempted to invoke a non-function");
        }

        var arguments = new List<object?>();
        if (first is not null)
        {
            arguments.Add(first);
        }

        if (call.Arguments.Contains(null))
        {
            return Partial(function, call, arguments, context, scope);
        }

        arguments.AddRange(call.Arguments.Select(argument => Evaluate(argument!, context, scope)));
        return function.Call(arguments, context);
    }

    private JsonataFunction Partial(JsonataFunction function, CallSyntax call, List<object?> given, object? context, JsonataScope scope)
    {
        var known = call.Arguments.Select(a => a is null ? null : Evaluate(a, context, scope)).ToList();
        return new(
            call.Arguments.Count(a => a is null),
            (arguments, at) =>
            {
                var rest = new Queue<object?>(arguments);
                var all = call.Arguments.Select(
                    (a, i) =>
                        a is not null ? known[i]
                        : rest.TryDequeue(out var next) ? next
                        : null
                );
                return function.Call([.. given, .. all], at);
            }
        );
    }

    private object? Applied(ApplySyntax apply, object? context, JsonataScope scope)
    {
        var left = Evaluate(apply.Left, context, scope);
        if (apply.Right is CallSyntax call)
        {
            return Shaped(call, Call(call, context, scope, left), scope);
        }

        if (Evaluate(apply.Right, context, scope) is not JsonataFunction function)
        {
            throw new JsonataException("T2006", "The right side of the function application operator ~> must be a function");
        }

        return left is JsonataFunction inner
            ? new JsonataFunction(inner.Arity, (arguments, at) => function.Call([inner.Call(arguments, at)], at))
            : function.Call([left], context);
    }

    private object? Transformed(TransformSyntax transform, object? input, JsonataScope scope)
    {
        if (input is null)
        {
            return null;
        }

        var copy = JsonataFunctions.Copied(input);
        var matches = Evaluate(transform.Pattern, copy, scope);
        foreach (var match in matches as JsonataArray ?? [matches])
        {
            if (match is not JsonataObject target)
            {
                continue;
            }

            var update = Evaluate(transform.Update, target, scope);
            if (update is not (null or JsonataObject))
            {
                throw new JsonataException("T2011", "The insert/update clause of the transform expression must evaluate to an object");
            }

            foreach (var (name, value) in update as JsonataObject ?? [])
            {
                target[name] = value;
            }

            var deleted = transform.Delete is null ? null : Evaluate(transform.Delete, target, scope);
            foreach (var name in deleted as JsonataArray ?? (deleted is null ? [] : [deleted]))
            {
                target.Remove(
                    name as string
                        ?? throw new JsonataException(
                            "T2012",
                            "The delete clause of the transform expression must evaluate to a string or array of strings"
                        )
                );
            }
        }

        return copy;
    }
}
