using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>Which outputs of a template a stack would not have.</summary>
public static class TemplateOutputs
{
    /// <summary>
    /// The outputs whose condition does not hold, each with its condition; none where that is not known
    /// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html).
    /// </summary>
    /// <param name="text">The template, in JSON or YAML.</param>
    /// <param name="value">
    /// The value of a parameter or pseudo parameter with which the stack would be; null for one that has its default or is not known.
    /// </param>
    public static IReadOnlyDictionary<string, string> Absent(string text, Func<string, string?> value)
    {
        var absent = new Dictionary<string, string>(StringComparer.Ordinal);
        if (TemplateText.Read(text, "template", new FaultList()) is not { } root || TemplateNames.Read(root).MayGrow("Conditions"))
        {
            return absent;
        }

        var parameters = root.At("Parameters");
        var conditions = new TemplateConditions(
            root,
            new TemplateValues(name => value(name) ?? (parameters?.At(name) is { } declared ? Default(declared) : null))
        );
        foreach (var output in root.Entries("Outputs"))
        {
            if (TemplateFunction.Literal(output.Value.At("Condition")) is { } condition && conditions.Constant(condition.Value) == false)
            {
                absent[output.Key.Value] = condition.Value;
            }
        }

        return absent;
    }

    // A hidden value is not known, and the default of what is read from Systems Manager is a name.
    private static string? Default(YamlNode declared) =>
        TemplateParameter.HidesValues(declared) || TemplateParameter.IsNameInSsm(declared.Text("Type")) ? null : declared.Text("Default");
}
