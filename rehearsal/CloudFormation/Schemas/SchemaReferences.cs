using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.Schemas;

/// <summary>Refuses, before anything begins, what a type's schema says that <c>Fn::GetAtt</c> cannot name, and outputs of lists.</summary>
internal static class SchemaReferences
{
    // Its attributes are Outputs.NAME:
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
    private const string NestedStack = "AWS::CloudFormation::Stack";
    private const string NestedOutput = "Outputs.";

    /// <exception cref="TemplateException">An attribute is not one of its type's, or an output is one that holds a list.</exception>
    public static void Check(Template template)
    {
        var parts = template
            .Resources.Values.SelectMany(resource => Reference.In(resource.Properties).Concat(Reference.In(resource.Metadata)))
            .Concat(template.Outputs.Values.SelectMany(output => Reference.In(output.Value).Concat(Reference.In(output.ExportName))));
        string? TypeOf(string logicalId) => template.Resources.TryGetValue(logicalId, out var resource) ? resource.Type : null;
        foreach (var reference in parts.Distinct())
        {
            if (Unsupported(reference, TypeOf) is not null)
            {
                throw new TemplateException(
                    $"Template error: resource {reference.Target} does not support attribute type {reference.Attribute} in Fn::GetAtt"
                );
            }
        }

        if (template.Outputs.Values.Any(output => IsList(output.Value, TypeOf)))
        {
            throw OutputDeclaration.NoText;
        }
    }

    /// <summary>The schema of the resource whose attribute a reference names, when it has no such attribute.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="typeOf">The type of a resource; null when there is no such resource, or its type is not known.</param>
    public static ResourceSchema? Unsupported(Reference reference, Func<string, string?> typeOf) =>
        Schema(reference, typeOf) is { } schema && !Supports(schema, reference.Attribute!) ? schema : null;

    /// <summary>Whether a value is an attribute that is a list.</summary>
    /// <param name="value">The value.</param>
    /// <param name="typeOf">The type of a resource; null when there is no such resource, or its type is not known.</param>
    public static bool IsList(JsonNode? value, Func<string, string?> typeOf) =>
        value.IsCall(out var name, out _)
        && name == "Fn::GetAtt"
        && Reference.In(value).FirstOrDefault() is { Attribute: { } attribute } reference
        && Schema(reference, typeOf) is { } schema
        && schema.Attributes.TryGetValue(attribute, out var type)
        && ResourceSchema.TypeOf(type).StartsWith('[');

    // The schema of the resource whose attribute is named; null where that is not written, or no schema knows it.
    private static ResourceSchema? Schema(Reference reference, Func<string, string?> typeOf) =>
        // An attribute that a function computes is judged when it is known.
        reference.Attribute
            is { Length: > 0 }
        && typeOf(reference.Target) is { } type
        && !CustomResourceTypes.Includes(type)
            ? ResourceSchemas.Find(type)
            : null;

    private static bool Supports(ResourceSchema schema, string attribute) =>
        schema.Attributes.ContainsKey(attribute)
        || (schema.Name == NestedStack && attribute.StartsWith(NestedOutput, StringComparison.Ordinal))
        || IsInside(schema, attribute)
        || AttributesOfProperties.Includes(schema, attribute);

    // Outputs.NAME of a map, and what is in a structure.
    private static bool IsInside(ResourceSchema schema, string attribute) =>
        attribute.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
        && schema.Attributes.TryGetValue(attribute[..dot], out var type)
        && ResourceSchema.TypeOf(type)[0] is '{' or '#' or 'j' or '(';
}
