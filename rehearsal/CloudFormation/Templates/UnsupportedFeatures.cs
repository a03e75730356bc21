using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;
using Deployer.Rehearsal.CloudFormation.Templates.Sam;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>What CloudFormation takes and the rehearsal cannot simulate, each with its words.</summary>
internal static class UnsupportedFeatures
{
    private const string Without = "a template without it, or rehearsals without this stack";

    /// <summary>The section of hooks.</summary>
    public static readonly Limitation Hooks = new(
        "the rehearsal does not support the section Hooks, with which CodeDeploy shifts traffic between ECS task sets",
        Without
    );

    /// <summary>The section of rules.</summary>
    public static readonly Limitation Rules = new(
        "the rehearsal does not support the section Rules",
        "AllowedValues or AllowedPattern of the parameters instead, or rehearsals without this stack"
    );

    /// <summary>The attribute of SAM connectors.</summary>
    public static readonly Limitation Connectors = new(
        "the rehearsal does not support Connectors of the Serverless Application Model",
        "the policies that the connector stands for"
    );

    /// <summary>The function that calls macros.</summary>
    private static readonly Limitation TransformFunction = new(
        "the rehearsal does not support Fn::Transform, since it does not run macros",
        "what the macro makes"
    );

    /// <summary>The function that reads the output of a stack in another account or region.</summary>
    private static readonly Limitation GetStackOutput = new(
        "the rehearsal does not support Fn::GetStackOutput, since it keeps no stacks but those of its accounts file and of the service",
        "a parameter with the value"
    );

    /// <summary>A function that cannot be simulated; <see langword="null"/> for another one.</summary>
    /// <param name="name">Its name in the long form, such as <c>Fn::Transform</c>.</param>
    public static Limitation? Function(string? name) =>
        name switch
        {
            "Fn::Transform" => TransformFunction,
            "Fn::GetStackOutput" => GetStackOutput,
            _ => null,
        };

    /// <summary>A macro.</summary>
    public static Limitation Transform(string name) =>
        new(
            $"the rehearsal does not support the transform {name}",
            $"{SamTransform.Name}, {LanguageExtensions.Name}, or what the transform makes"
        );

    /// <summary>A value from Secrets Manager, or a secure one of SSM.</summary>
    public static Limitation DynamicReference(string key) =>
        new(
            $"the rehearsal does not support the dynamic reference {{{{resolve:{key}}}}}",
            "one of an SSM parameter that is not secure, {{resolve:ssm:NAME}}"
        );

    /// <summary>A parameter that AWS publishes, with a value that is not known.</summary>
    public static Limitation PublicParameter(string name) =>
        new(
            $"the rehearsal does not support AWS's public parameter {name} of Systems Manager",
            "one that names a machine image, a parameter of the service's own, or the value itself"
        );

    /// <summary>The version of a template in S3.</summary>
    public static Limitation TemplateVersion(string address) =>
        new(
            $"the rehearsal does not support the version in the template's address {address}, since its buckets keep one version of "
                + "an object",
            "the address without ?versionId"
        );

    /// <summary>A part of the Serverless Application Model.</summary>
    public static Limitation Serverless(string fault) =>
        new(
            $"the rehearsal does not support all of the Serverless Application Model: {fault.TrimEnd('.')}",
            "what the Serverless Application Model makes of it"
        );

    /// <summary>A type of a module, or of somebody else's than AWS.</summary>
    public static Limitation Type(string type) =>
        new($"the rehearsal does not support the resource type {type}", "a public type of AWS or a custom resource");

    /// <summary>A type of AWS that no schema describes.</summary>
    public static Limitation UnknownType(string type) =>
        new(
            $"the rehearsal does not support the resource type {type}, which no schema of CloudFormation describes",
            "one of docs/rehearsal-resource-types.md"
        );

    /// <summary>A property of a type with a model of its own.</summary>
    public static Limitation Property(string type, string property) =>
        new($"the rehearsal does not support the property {property} of the resource type {type}", Without);

    /// <summary>A value of such a property.</summary>
    public static Limitation PropertyValue(string type, string property, string value, string simulated) =>
        new(
            $"the rehearsal does not support the value {value} of the property {property} of the resource type {type}",
            $"{simulated}, or rehearsals without this stack"
        );

    /// <summary>A resource without a property that AWS does not ask for.</summary>
    public static Limitation PropertyMissing(string type, string property, string? instead) =>
        new(
            $"the rehearsal does not support the resource type {type} without the property {property}",
            instead is null ? property : $"{property} or {instead}"
        );

    /// <summary>An attribute of which nothing says what AWS would give.</summary>
    public static Limitation Attribute(string type, string attribute, string property) =>
        new(
            $"the rehearsal does not support the attribute {attribute} of the resource type {type} where the template does not set "
                + (property == attribute ? "it" : property),
            $"{property} among the properties, or rehearsals without this stack"
        );

    /// <summary>Whether CloudFormation's types and custom ones are not the only ones that a name can stand for.</summary>
    public static bool IsForeign(string type) =>
        !type.StartsWith("AWS::", StringComparison.Ordinal) && !type.StartsWith("Custom::", StringComparison.Ordinal)
        || type.EndsWith("::MODULE", StringComparison.Ordinal);

    /// <summary>Whether a transform is applied.</summary>
    public static bool IsApplied(string transform) => transform is SamTransform.Name or LanguageExtensions.Name;

    /// <exception cref="TemplateException">The template asks for what is not supported.</exception>
    public static void Refuse(JsonObject root)
    {
        var reasons = Template.TransformsOf(root).Where(name => !IsApplied(name)).Select(Transform).ToList();
        if (root.ContainsKey("Hooks"))
        {
            reasons.Add(Hooks);
        }

        if (root.ContainsKey("Rules"))
        {
            reasons.Add(Rules);
        }

        if ((root["Resources"] as JsonObject ?? []).Any(resource => (resource.Value as JsonObject)?.ContainsKey("Connectors") == true))
        {
            reasons.Add(Connectors);
        }

        // What the transform would say next is said with it.
        if (reasons.Count > 0 && Template.TransformsOf(root).Contains(SamTransform.Name))
        {
            reasons.AddRange(SamTransform.Unsupported(root).Select(found => found.Limitation));
        }

        if (reasons.Count > 0)
        {
            throw new TemplateException(string.Join('\n', reasons));
        }
    }
}
