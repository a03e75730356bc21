using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>Wait conditions. With a creation policy they have no properties.</summary>
/// <remarks>"The maximum time that can be specified for this property is 12 hours (43200 seconds)":
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html</remarks>
internal sealed class WaitConditionRule : IPropertyRule
{
    private const int Longest = 43_200;

    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = ["AWS::CloudFormation::WaitCondition"];

    /// <inheritdoc/>
    public IEnumerable<RefusedValue> Find(string type, JsonObject properties)
    {
        if (
            properties.Known("Timeout") is { } timeout
            && (properties.KnownNumber("Timeout") is not { } seconds || seconds is < 0 or > Longest)
        )
        {
            yield return new RefusedValue(
                ["Timeout"],
                $"is \"{timeout}\"",
                $"seconds, 0 to {Longest}",
                "ValidationError",
                $"Value of property Timeout must be a number of seconds of at most {Longest}."
            );
        }

        if (properties.Known("Count") is { } count && (properties.KnownNumber("Count") is not { } signals || signals < 0))
        {
            yield return new RefusedValue(
                ["Count"],
                $"is \"{count}\"",
                "a number of signals",
                "ValidationError",
                "Value of property Count must be a number of signals."
            );
        }

        foreach (var (name, other) in new[] { ("Timeout", "Handle"), ("Handle", "Timeout") })
        {
            if (properties.IsGiven(other) && !properties.Has(name))
            {
                yield return new RefusedValue(
                    [],
                    $"lacks the property {name}",
                    "Handle and Timeout, or a CreationPolicy instead of both",
                    "ValidationError",
                    $"Property {name} cannot be empty."
                );
            }
        }
    }
}
