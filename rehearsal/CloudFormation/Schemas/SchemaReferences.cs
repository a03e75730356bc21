using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.Schemas;

/// <summary>Refuses, before anything begins, what a type's schema says that <c>Fn::GetAtt</c> cannot name.</summary>
internal static class SchemaReferences
{
    /// <param name="template">The template.</param>
    /// <param name="schema">The schema of a type that is simulated by it; null for every other type.</param>
    /// <exception cref="TemplateException">An attribute is not one of its type's.</exception>
    public static void Check(Template template, Func<string, ResourceSchema?> schema)
    {
        var parts = template
            .Resources.Values.SelectMany(resource => Reference.In(resource.Properties).Concat(Reference.In(resource.Metadata)))
            .Concat(template.Outputs.Values.SelectMany(output => Reference.In(output.Value).Concat(Reference.In(output.ExportName))));
        foreach (var (target, attribute) in parts.Distinct().Select(reference => (reference.Target, reference.Attribute)))
        {
            // An attribute that a function computes is judged when it is known.
            if (
                attribute is { Length: > 0 }
                && template.Resources.TryGetValue(target, out var resource)
                && schema(resource.Type) is { } known
                && !known.Attributes.ContainsKey(attribute)
            )
            {
                throw new TemplateException($"Template error: resource {target} does not support attribute type {attribute} in Fn::GetAtt");
            }
        }
    }
}
