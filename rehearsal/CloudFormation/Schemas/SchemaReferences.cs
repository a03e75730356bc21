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

    /// <param name="template">The template.</param>
    /// <param name="isModelled">Whether a type has a model of its own; every other one is simulated by its schema.</param>
    /// <exception cref="TemplateException">An attribute is not one of its type's, or an output is one that holds a list.</exception>
    public static void Check(Template template, Func<string, bool> isModelled)
    {
        var parts = template
            .Resources.Values.SelectMany(resource => Reference.In(resource.Properties).Concat(Reference.In(resource.Metadata)))
            .Concat(template.Outputs.Values.SelectMany(output => Reference.In(output.Value).Concat(Reference.In(output.ExportName))));
        foreach (var reference in parts.Distinct())
        {
            if (Schema(template, reference) is { } schema && !Supports(schema, reference.Attribute!, isModelled(schema.Name)))
            {
                throw new TemplateException(
                    $"Template error: resource {reference.Target} does not support attribute type {reference.Attribute} in Fn::GetAtt"
                );
            }
        }

        if (template.Outputs.Values.Any(output => IsList(template, output.Value)))
        {
            throw OutputDeclaration.NoText;
        }
    }

    // The schema of the resource whose attribute is named; null where that is not written, or no schema knows it.
    private static ResourceSchema? Schema(Template template, Reference reference) =>
        // An attribute that a function computes is judged when it is known.
        reference.Attribute
            is { Length: > 0 }
        && template.Resources.TryGetValue(reference.Target, out var resource)
        && !CustomResourceTypes.Includes(resource.Type)
            ? ResourceSchemas.Find(resource.Type)
            : null;

    // Of some types CloudFormation gives the properties too (aws-cloudformation/cfn-lint#3013, #4443), and a model may know which.
    private static bool Supports(ResourceSchema schema, string attribute, bool isModelled) =>
        schema.Attributes.ContainsKey(attribute)
        || (schema.Name == NestedStack && attribute.StartsWith(NestedOutput, StringComparison.Ordinal))
        || (isModelled && schema.Properties.ContainsKey(attribute.Split('.')[0]));

    private static bool IsList(Template template, JsonNode? value) =>
        value.IsCall(out var name, out _)
        && name == "Fn::GetAtt"
        && Reference.In(value).FirstOrDefault() is { Attribute: { } attribute } reference
        && Schema(template, reference) is { } schema
        && schema.Attributes.TryGetValue(attribute, out var type)
        && ResourceSchema.TypeOf(type).StartsWith('[');
}
