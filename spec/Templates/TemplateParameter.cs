using System.Globalization;
using System.Text;
using Deployer.JavaPatterns;
using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// A parameter that a template declares, with what CloudFormation demands of its values
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html).
/// </summary>
internal sealed class TemplateParameter
{
    private readonly YamlNode _declaration;

    private TemplateParameter(YamlScalar name, YamlNode declaration)
    {
        _declaration = declaration;
        Name = name.Value;
        Position = name.Position;
        Type = declaration.Text("Type") ?? "String";
    }

    public string Name { get; }

    /// <summary>Where it is declared.</summary>
    public SourcePosition Position { get; }

    public string Type { get; }

    /// <summary>Whether a stack can be created without a value for it.</summary>
    public bool HasDefault => _declaration.At("Default") is not null;

    /// <summary>Whether its values are secret, so that no message may hold one.</summary>
    public bool IsSecret => HidesValues(_declaration);

    /// <summary>
    /// Whether a declaration hides its values. CloudFormation takes booleans given as text (<c>"NoEcho" : "true"</c> in AWS's sample
    /// templates) and YAML 1.1's words for them; what is not certainly false hides, since a secret that was shown cannot be taken back.
    /// </summary>
    public static bool HidesValues(YamlNode declaration) =>
        declaration.At("NoEcho") switch
        {
            null => false,
            YamlScalar scalar => !string.Equals(Yaml11.Resolve(scalar.Value).Text, "false", StringComparison.OrdinalIgnoreCase),
            _ => true,
        };

    /// <summary>The parameters of a template; null where a macro can add some.</summary>
    public static IReadOnlyList<TemplateParameter>? ReadAll(YamlNode root)
    {
        var entries = root.Entries("Parameters");
        return entries.Any(entry => TemplateFunction.IsFunction(entry.Key.Value))
            ? null
            : [.. entries.Select(entry => new TemplateParameter(entry.Key, entry.Value))];
    }

    /// <summary>
    /// Whether what a parameter of a type is given is the name of a parameter of Systems Manager, whose value it has.
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
    /// </summary>
    public static bool IsNameInSsm(string? type) => type?.StartsWith("AWS::SSM::Parameter::Value<", StringComparison.Ordinal) == true;

    /// <summary>Whether values of a type are numbers.</summary>
    public static bool IsNumber(string type) => type is "Number" or "List<Number>";

    /// <summary>Whether values of a type are lists.</summary>
    public static bool IsList(string type) => type == "CommaDelimitedList" || type.StartsWith("List<", StringComparison.Ordinal);

    /// <summary>Whether <c>Ref</c> gives a list for a parameter of a type, that of a parameter of Systems Manager included.</summary>
    public static bool GivesList(string type) =>
        IsList(type)
        || type.StartsWith("AWS::SSM::Parameter::Value<List<", StringComparison.Ordinal)
        || type == "AWS::SSM::Parameter::Value<CommaDelimitedList>";

    /// <summary>Reports everything for which CloudFormation would refuse a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="position">Where the value is written.</param>
    /// <param name="where">What follows the value in a message, such as <c> in the target "dev"</c>.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public void Check(string value, SourcePosition position, string where, FaultList faults)
    {
        if (Encoding.UTF8.GetByteCount(value) is var bytes && bytes > TemplateLimits.LongestParameterValue)
        {
            Refuse($", of {bytes} bytes", $"at most {TemplateLimits.LongestParameterValue}");
        }
        // The value of such a parameter is a name in the Parameter Store.
        if (Type.StartsWith("AWS::SSM::", StringComparison.Ordinal))
        {
            return;
        }
        IReadOnlyList<string> items = IsList(Type) ? [.. value.Split(',').Select(item => item.Trim())] : [value];
        CheckAllowed(items, Refuse);
        CheckNumbers(items, Refuse);
        CheckLength(value, Refuse);
        CheckPattern(items, Refuse, position, faults);

        void Refuse(string of, string expected) =>
            faults.Add(position, $"the parameter \"{Name}\" is {(IsSecret ? "a secret" : $"\"{Shortened(value)}\"")}{where}{of}", expected);
    }

    /// <summary>
    /// Notes a default that CloudFormation would refuse, for a step that gives no value: a stack that exists keeps its own, so that the
    /// file alone does not show whether the default is used. A default that is refused on purpose, so that a value has to be given, is
    /// usual.
    /// </summary>
    public void CheckDefault(string step, FaultList faults)
    {
        if (TemplateFunction.Literal(_declaration.At("Default")) is not { } given || TemplateScalars.Text(given) is not { } value)
        {
            return;
        }
        var refused = new FaultList();
        Check(value, given.Position, string.Empty, refused);
        foreach (var fault in refused.InOrder())
        {
            faults.AddNotice(
                fault.Position,
                $"the step \"{step}\" gives no value, and by default {fault.Problem}; expected {fault.Expected}: "
                    + "only a stack that has another value already can be updated"
            );
        }
        foreach (var notice in refused.NoticesInOrder())
        {
            faults.AddNotice(notice.Position, notice.Text);
        }
    }

    private void CheckAllowed(IReadOnlyList<string> items, Action<string, string> refuse)
    {
        if (_declaration.At("AllowedValues") is not YamlSequence allowed)
        {
            return;
        }
        var texts = allowed
            .Items.Select(item => TemplateFunction.Literal(item) is { } scalar ? TemplateScalars.Text(scalar) : null)
            .ToList();
        if (!texts.Contains(null) && items.Any(item => !texts.Contains(item)))
        {
            refuse(
                string.Empty,
                IsSecret
                    ? "one of its AllowedValues"
                    : $"one of its AllowedValues: {string.Join(", ", texts.Take(20))}{(texts.Count > 20 ? ", …" : string.Empty)}"
            );
        }
    }

    private void CheckNumbers(IReadOnlyList<string> items, Action<string, string> refuse)
    {
        if (!IsNumber(Type))
        {
            return;
        }
        foreach (var item in items)
        {
            if (!double.TryParse(item, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                refuse(string.Empty, Type == "Number" ? "a number" : "numbers with commas between them");
                return;
            }
            if (Number("MinValue") is { } least && number < least)
            {
                refuse(string.Empty, string.Create(CultureInfo.InvariantCulture, $"at least {least}, its MinValue"));
            }
            if (Number("MaxValue") is { } most && number > most)
            {
                refuse(string.Empty, string.Create(CultureInfo.InvariantCulture, $"at most {most}, its MaxValue"));
            }
        }
    }

    private void CheckLength(string value, Action<string, string> refuse)
    {
        if (Type != "String")
        {
            return;
        }
        if (Number("MinLength") is { } least && value.Length < least)
        {
            refuse($", of {value.Length} characters", string.Create(CultureInfo.InvariantCulture, $"at least {least}, its MinLength"));
        }
        if (Number("MaxLength") is { } most && value.Length > most)
        {
            refuse($", of {value.Length} characters", string.Create(CultureInfo.InvariantCulture, $"at most {most}, its MaxLength"));
        }
    }

    private void CheckPattern(IReadOnlyList<string> items, Action<string, string> refuse, SourcePosition position, FaultList faults)
    {
        if (
            Type is not ("String" or "CommaDelimitedList")
            || TemplateFunction.Literal(_declaration.At("AllowedPattern")) is not { } pattern
        )
        {
            return;
        }
        foreach (var item in items)
        {
            switch (JavaPattern.Matches(pattern.Value, item, out var reason))
            {
                case false:
                    refuse(string.Empty, $"a text that matches its AllowedPattern {pattern.Value}");
                    return;
                case null when JavaPattern.Translate(pattern.Value).IsInvalid:
                    // Said where the pattern stands.
                    return;
                case null:
                    faults.AddNotice(
                        position,
                        $"whether the parameter \"{Name}\" matches its AllowedPattern {pattern.Value} was not checked: {reason}"
                    );
                    return;
            }
        }
    }

    private double? Number(string key) =>
        TemplateFunction.Literal(_declaration.At(key)) is { } scalar
        && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string Shortened(string value) => AddressCredentials.HideAndShorten(value, 60);
}
