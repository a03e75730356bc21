namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>A parameter as an operation gives it: with a value, or to stay as it is.</summary>
public sealed record GivenParameter(string Key, string? Value, bool UsePreviousValue = false);

/// <summary>A parameter's value on a stack; <paramref name="Resolved"/> is what the SSM parameter held that it names.</summary>
public sealed record ParameterValue(string Value, string? Resolved = null)
{
    /// <summary>What references give.</summary>
    public string InUse => Resolved ?? Value;
}

/// <summary>Settles which value each of a template's parameters has.</summary>
public static class ParameterValues
{
    /// <param name="template">The template.</param>
    /// <param name="given">What the caller gives.</param>
    /// <param name="previous">The stack's values, or null when it is new.</param>
    /// <param name="ssm">An SSM parameter's value by name, null when there is none.</param>
    /// <exception cref="TemplateException">A value is missing, unknown or against its declaration.</exception>
    public static OrderedDictionary<string, ParameterValue> Resolve(
        Template template,
        IEnumerable<GivenParameter> given,
        IReadOnlyDictionary<string, ParameterValue>? previous,
        Func<string, string?> ssm
    )
    {
        var byKey = ByKey(template, given);
        var missing = new List<string>();
        var unreadable = new List<string>();
        var values = new OrderedDictionary<string, ParameterValue>();
        foreach (var declaration in template.Parameters.Values)
        {
            if (Text(declaration, byKey.GetValueOrDefault(declaration.Name), previous) is not { } text)
            {
                missing.Add(declaration.Name);
            }
            else if (KnownAfterApply.In(text))
            {
                // Whatever it will be is judged when the change set is executed.
                values[declaration.Name] = new ParameterValue(text);
            }
            else if (declaration.Type == "AWS::SSM::Parameter::Name" && ssm(text) is null)
            {
                // "Use this parameter type only to check that a required parameter exists":
                // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
                unreadable.Add(text);
            }
            else if (!declaration.ReadsSsm)
            {
                ParameterChecks.Check(declaration, text);
                values[declaration.Name] = new ParameterValue(text);
            }
            else if (ssm(text) is { } resolved)
            {
                ParameterChecks.Check(declaration, resolved);
                values[declaration.Name] = new ParameterValue(text, resolved);
            }
            else
            {
                unreadable.Add(text);
            }
        }

        return missing.Count > 0 ? throw new TemplateException($"Parameters: [{string.Join(", ", missing)}] must have values")
            : unreadable.Count > 0
                ? throw new TemplateException(
                    $"Unable to fetch parameters [{string.Join(",", unreadable)}] from parameter store for this account."
                )
            : values;
    }

    private static Dictionary<string, GivenParameter> ByKey(Template template, IEnumerable<GivenParameter> given)
    {
        var byKey = new Dictionary<string, GivenParameter>();
        foreach (var parameter in given)
        {
            if (!byKey.TryAdd(parameter.Key, parameter))
            {
                throw new TemplateException($"Duplicate parameter key: {parameter.Key}");
            }
        }

        var unknown = byKey.Keys.Where(key => !template.Parameters.ContainsKey(key)).ToList();
        return unknown.Count == 0 ? byKey
            : template.Parameters.Count == 0
                ? throw new TemplateException("Parameter values specified for a template which does not require them.")
            : throw new TemplateException($"Parameters: [{string.Join(", ", unknown)}] do not exist in the template");
    }

    private static string? Text(
        ParameterDeclaration declaration,
        GivenParameter? given,
        IReadOnlyDictionary<string, ParameterValue>? previous
    )
    {
        if (given is not { UsePreviousValue: true })
        {
            return given?.Value ?? declaration.Default;
        }

        if (given.Value is not null)
        {
            throw new TemplateException(
                $"Invalid input for parameter key {given.Key}. Cannot specify usePreviousValue as true and a value at the same time"
            );
        }

        return previous is not null && previous.TryGetValue(declaration.Name, out var value)
            ? value.Value
            : throw new TemplateException(
                $"Invalid input for parameter key {given.Key}. Cannot specify usePreviousValue as true for a parameter key not in the "
                    + "previous template"
            );
    }
}
