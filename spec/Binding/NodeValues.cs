using System.Globalization;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Binding;

/// <summary>Takes texts with references out of a document.</summary>
internal sealed class NodeValues(FaultList faults)
{
    public Expression Expression(YamlNode parent, string key, Scope scope) =>
        parent.At(key) is YamlScalar scalar ? Expression(scalar, scope) : new Expression(parent.Position, "", []);

    public Expression Expression(YamlScalar scalar, Scope scope)
    {
        var expression = ExpressionParser.Parse(scalar.Value, scalar.Position, faults);
        if (scope == Scope.OutputsAndRevision)
        {
            // Elsewhere a target may have a value of this name.
            expression = new Expression(
                expression.Position,
                expression.Text,
                [.. expression.Parts.Select(part => part is TargetValue { Value: CommitRevision.Written } ? new CommitRevision() : part)]
            );
        }

        foreach (var reference in expression.References)
        {
            if (reference is StepOutput && scope == Scope.Target)
            {
                faults.Add(
                    scalar.Position,
                    $"{reference} is used where the value has to be known before any step is done",
                    "values of the target, ${target} and ${service}"
                );
            }
            else if (reference is EndpointDns && scope != Scope.OutputsAndDns)
            {
                faults.Add(scalar.Position, "${dns} is used outside the variables of an endpoint step", "another reference");
            }
        }
        return expression;
    }

    public IReadOnlyDictionary<string, Expression> Expressions(YamlNode? node, Scope scope) =>
        (node as YamlMapping)
            ?.Entries.Where(entry => entry.Value is YamlScalar)
            .ToDictionary(entry => entry.Key.Value, entry => Expression((YamlScalar)entry.Value, scope))
        ?? [];

    /// <summary>A number without sign; null for another text.</summary>
    public static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>
    /// Minutes, hours or days such as <c>5m</c>, <c>72h</c> or <c>7d</c>; null for another text, or for more than a span of time can be.
    /// </summary>
    public static TimeSpan? Duration(string? text) =>
        text is [.. var digits, var unit] && Number(digits) is { } number && number <= TimeSpan.MaxValue.Days
            ? unit switch
            {
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(number),
                _ => null,
            }
            : null;
}
