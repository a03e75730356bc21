using Deployer.Spec.Faults;
using Deployer.Spec.Templates;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>
/// What a template gives to one nested in it and uses of it. A nested stack keeps no value, so that every one has to be given.
/// </summary>
internal static class NestedTemplateRules
{
    /// <param name="outer">The template that nests.</param>
    /// <param name="artifact">Where it names the nested one.</param>
    /// <param name="path">The nested template in words.</param>
    /// <param name="nested">The nested template.</param>
    /// <param name="faults">Receives what does not fit.</param>
    public static void Check(TemplateOutline outer, TemplateArtifact artifact, string path, TemplateOutline nested, FaultList faults)
    {
        if (
            TemplateNames.Read(outer.Root).IsOpen
            || outer.Root.At("Resources")?.At(artifact.LogicalId)?.At("Properties") is not { } properties
        )
        {
            return;
        }
        if (nested.Parameters is { } parameters)
        {
            CheckParameters(artifact, path, parameters, properties, faults);
        }
        if (nested.Outputs is { } outputs)
        {
            CheckOutputs(outer.Root, artifact.LogicalId, path, [.. outputs.Select(output => output.Name)], faults);
        }
    }

    private static void CheckParameters(
        TemplateArtifact artifact,
        string path,
        IReadOnlyList<TemplateParameter> parameters,
        YamlNode properties,
        FaultList faults
    )
    {
        var names = parameters.Select(parameter => parameter.Name).ToList();
        if (properties.At("Parameters") is not (null or YamlMapping { Tag: null }))
        {
            return;
        }
        var given = properties.Entries("Parameters");
        if (given.Any(entry => TemplateFunction.IsFunction(entry.Key.Value)))
        {
            return;
        }
        foreach (var (name, value) in given)
        {
            if (parameters.FirstOrDefault(parameter => parameter.Name == name.Value) is not { } declared)
            {
                faults.Add(name.Position, $"the parameter \"{name.Value}\" is not in {path}", NearestName.Expectation(name.Value, names));
            }
            else if (TemplateFunction.Split(value) is (null, YamlScalar text) && TemplateScalars.Text(text) is { } known)
            {
                declared.Check(known, text.Position, string.Empty, faults);
            }
        }
        foreach (var parameter in parameters.Where(parameter => !parameter.HasDefault))
        {
            if (!given.Any(entry => entry.Key.Value == parameter.Name))
            {
                faults.Add(
                    artifact.Position,
                    $"{artifact.LogicalId} gives no value for the parameter \"{parameter.Name}\" of {path}, which has no default",
                    "it under Parameters"
                );
            }
        }
    }

    private static void CheckOutputs(YamlNode node, string stack, string path, IReadOnlyList<string> outputs, FaultList faults)
    {
        (IEnumerable<string> attributes, SourcePosition position) = TemplateFunction.Split(node) switch
        {
            ("GetAtt", YamlScalar text) => ([text.Value], text.Position),
            ("GetAtt", YamlSequence { Items: [YamlScalar { Tag: null } id, YamlScalar { Tag: null } attribute] }) => (
                [$"{id.Value}.{attribute.Value}"],
                attribute.Position
            ),
            ("Sub", YamlScalar text) => (TemplateReferences.VariablesIn(text.Value), text.Position),
            ("Sub", YamlSequence { Items: [YamlScalar { Tag: null } text, YamlMapping values, ..] }) => (
                TemplateReferences.VariablesIn(text.Value).Where(name => values[name] is null),
                text.Position
            ),
            _ => ([], node.Position),
        };
        var prefix = $"{stack}.Outputs.";
        foreach (
            var used in attributes
                .Where(attribute => attribute.StartsWith(prefix, StringComparison.Ordinal))
                .Select(attribute => attribute[prefix.Length..])
                .Where(used => !outputs.Contains(used))
        )
        {
            faults.Add(position, $"the output \"{used}\" of {stack} is not in {path}", NearestName.Expectation(used, outputs));
        }
        var children = node switch
        {
            YamlSequence sequence => sequence.Items,
            YamlMapping mapping => mapping.Entries.Select(entry => entry.Value),
            _ => [],
        };
        foreach (var child in children)
        {
            CheckOutputs(child, stack, path, outputs, faults);
        }
    }
}
