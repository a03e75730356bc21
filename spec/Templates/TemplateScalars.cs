using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>
/// Scalars of a YAML template that CloudFormation reads as something else than what is written: an account's number in base 8
/// (aws-cloudformation/cloudformation-coverage-roadmap#745), <c>yes</c> as true
/// (https://ljmc.bearblog.dev/yaml-booleans-in-cloudformation-templates/),
/// a number as a key ("map keys must be strings; received numeric", aws-cloudformation/cfn-lint#292).
/// </summary>
internal sealed class TemplateScalars
{
    private const int AccountDigits = 12;

    private readonly FaultList _faults;

    /// <summary>How sure it is that a text is meant.</summary>
    private enum Meaning
    {
        Unknown,

        /// <summary>In a mapping: most values are texts, and a fraction may be a number.</summary>
        Likely,

        /// <summary>Nothing else can stand there.</summary>
        Certain,
    }

    // Whether what is checked belongs to a parameter whose values no message may hold.
    private bool _isSecret;

    private TemplateScalars(FaultList faults) => _faults = faults;

    /// <summary>The text that CloudFormation has of a scalar; null where it is not known.</summary>
    public static string? Text(YamlScalar scalar) => scalar.Plain ? Yaml11.Resolve(scalar.Value).Text : scalar.Value;

    /// <summary>Checks a template that is written in YAML.</summary>
    public static void Check(YamlNode root, FaultList faults)
    {
        var scalars = new TemplateScalars(faults);
        scalars.CheckKeys(root);
        foreach (var (name, parameter) in root.Entries("Parameters"))
        {
            if (parameter.Text("Type") is { } type && TemplateParameter.IsNumber(type))
            {
                continue;
            }
            scalars._isSecret = TemplateParameter.HidesValues(parameter);
            if (parameter.At("Default") is YamlScalar given)
            {
                scalars.CheckText(given, $"the Default of the parameter {name.Value}");
            }
            foreach (var item in parameter.Items("AllowedValues").OfType<YamlScalar>())
            {
                scalars.CheckText(item, $"a value in AllowedValues of the parameter {name.Value}");
            }
        }
        scalars._isSecret = false;
        foreach (var section in new[] { "Mappings", "Conditions", "Globals", "Resources", "Outputs" })
        {
            foreach (var (name, value) in root.Entries(section))
            {
                scalars.Walk(
                    value,
                    section == "Mappings" ? $"the mapping {name.Value}" : name.Value,
                    key: null,
                    section switch
                    {
                        "Mappings" => Meaning.Likely,
                        "Outputs" => Meaning.Certain,
                        _ => Meaning.Unknown,
                    }
                );
            }
        }
    }

    /// <summary>Checks a scalar without quotes that is certainly meant as a text.</summary>
    public static void CheckText(YamlScalar scalar, string what, FaultList faults) => new TemplateScalars(faults).CheckText(scalar, what);

    private void CheckKeys(YamlNode node)
    {
        foreach (var (key, value) in (node as YamlMapping)?.Entries ?? [])
        {
            if (key is { Plain: true, Tag: null } && Yaml11.IsNumber(key.Value))
            {
                _faults.Add(
                    key.Position,
                    $"the key {key.Value} is a number to CloudFormation, and map keys must be strings",
                    $"the key in quotes: \"{key.Value}\""
                );
            }
            else if (key is { Plain: true, Tag: null } && Yaml11.IsBooleanOrNull(key.Value) is { } kind)
            {
                _faults.Add(
                    key.Position,
                    $"the key {(key.Value.Length == 0 ? "is empty, which" : key.Value)} is {kind} to CloudFormation, "
                        + "and map keys must be strings",
                    key.Value.Length == 0 ? "a name" : $"the key in quotes: \"{key.Value}\""
                );
            }
            CheckKeys(value);
        }
        foreach (var item in (node as YamlSequence)?.Items ?? [])
        {
            CheckKeys(item);
        }
    }

    /// <param name="node">The value.</param>
    /// <param name="where">The part of the template, in words.</param>
    /// <param name="key">The key under which it stands.</param>
    /// <param name="meaning">Whether a text is meant.</param>
    private void Walk(YamlNode node, string where, string? key, Meaning meaning)
    {
        switch (TemplateFunction.Split(node))
        {
            case (null, YamlScalar scalar):
                CheckValue(scalar, where, key, meaning);
                break;
            case ("Equals" or "Join" or "Sub", YamlSequence texts):
                foreach (var item in texts.Items)
                {
                    Walk(item, where, key, Meaning.Certain);
                }
                break;
            case (_, YamlSequence sequence):
                foreach (var item in sequence.Items)
                {
                    Walk(item, where, key, meaning);
                }
                break;
            case (_, YamlMapping mapping):
                foreach (var entry in mapping.Entries)
                {
                    // Variables of functions and stages, and tags, are texts whatever has them.
                    Walk(
                        entry.Value,
                        where,
                        key == "Variables" ? "Variables" : entry.Key.Value,
                        entry.Key.Value is "Variables" or "Tags" ? Meaning.Certain : meaning
                    );
                }
                break;
        }
    }

    private void CheckText(YamlScalar scalar, string what)
    {
        if (scalar is { Plain: true, Tag: null })
        {
            CheckText(scalar, what, Yaml11.Resolve(scalar.Value));
        }
    }

    private void CheckText(YamlScalar scalar, string what, Yaml11Value read)
    {
        switch (read.Kind)
        {
            case Yaml11Kind.Same:
                break;
            case Yaml11Kind.Boolean:
                Notice(scalar, what, read);
                break;
            default:
                Refuse(scalar, what, read);
                break;
        }
    }

    private void CheckValue(YamlScalar scalar, string where, string? key, Meaning meaning)
    {
        if (scalar is not { Plain: true, Tag: null })
        {
            return;
        }
        var what = key is null ? $"a value in {where}" : $"{key} in {where}";
        var read = Yaml11.Resolve(scalar.Value);
        switch (read.Kind)
        {
            case var _ when meaning == Meaning.Certain:
                CheckText(scalar, what, read);
                break;
            case Yaml11Kind.Sexagesimal:
            case Yaml11Kind.LeadingZero when meaning == Meaning.Likely || scalar.Value.Length == AccountDigits:
            case Yaml11Kind.Exponent or Yaml11Kind.OtherBase when meaning == Meaning.Likely:
                Refuse(scalar, what, read);
                break;
            case Yaml11Kind.LeadingZero:
            case Yaml11Kind.Fraction when key?.EndsWith("Version", StringComparison.Ordinal) == true:
            case Yaml11Kind.Boolean when key is "Value" || scalar.Value is "ON" or "OFF":
                Notice(scalar, what, read);
                break;
        }
    }

    private void Refuse(YamlScalar scalar, string what, Yaml11Value read) =>
        _faults.Add(
            scalar.Position,
            $"{what} is {Shown(scalar)}, which CloudFormation reads as {Described(read)}",
            _isSecret ? "a text in quotes" : $"\"{scalar.Value}\" in quotes"
        );

    private void Notice(YamlScalar scalar, string what, Yaml11Value read) =>
        _faults.AddNotice(
            scalar.Position,
            $"{what} is {Shown(scalar)}, which CloudFormation reads as {Described(read)}; "
                + $"where a text is meant, write {(_isSecret ? "it" : $"\"{scalar.Value}\"")} in quotes"
        );

    private string Shown(YamlScalar scalar) => _isSecret ? "a secret" : scalar.Value;

    private string Described(Yaml11Value read) =>
        read switch
        {
            { Kind: Yaml11Kind.Boolean } => _isSecret ? "a boolean" : $"the boolean {read.Text}",
            { Kind: Yaml11Kind.LeadingZero } => "a number without its leading zero, in base 8 where it can be one",
            { Kind: Yaml11Kind.Sexagesimal } => "a number in base 60",
            { Text: { } text } when !_isSecret => $"the number {text}",
            _ => "a number",
        };
}
