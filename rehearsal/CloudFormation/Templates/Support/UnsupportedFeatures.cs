using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;
using Deployer.Rehearsal.CloudFormation.Templates.Sam;

namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>What CloudFormation takes and the rehearsal cannot simulate, in the rehearsal's own words.</summary>
internal static class UnsupportedFeatures
{
    /// <summary>The section of hooks.</summary>
    public const string Hooks =
        "the rehearsal does not support the section Hooks, with which CodeDeploy shifts traffic between ECS task sets; "
        + "rehearse the service with the other steps, and this stack in an account for trials";

    /// <summary>The section of rules.</summary>
    public const string Rules =
        "the rehearsal does not support the section Rules; write what it asserts as AllowedValues or AllowedPattern of the parameters";

    /// <summary>The attribute of SAM connectors.</summary>
    public const string Connectors =
        "the rehearsal does not support Connectors of the Serverless Application Model; write the policy that the connector stands for, "
        + "or use a policy template";

    /// <summary>The function that calls macros.</summary>
    public const string TransformFunction =
        "the rehearsal does not support Fn::Transform, since it does not run macros; put what the macro makes into the template";

    /// <summary>A macro.</summary>
    public static string Transform(string name) =>
        $"the rehearsal does not support the transform {name}; put what it makes into the template, or leave the stack out of rehearsals";

    /// <summary>A value from Secrets Manager, or a secure one of SSM.</summary>
    public static string DynamicReference(string key) =>
        $"the rehearsal does not support the dynamic reference {{{{resolve:{key}}}}}; "
        + "it resolves those of SSM parameters that are not secure: {{resolve:ssm:NAME}}";

    /// <summary>A part of the Serverless Application Model.</summary>
    public static string Serverless(string fault) =>
        $"the rehearsal does not support all of the Serverless Application Model: {fault} Write what it stands for in its place";

    /// <summary>A type of a module, or of somebody else's than AWS.</summary>
    public static string Type(string type) =>
        $"the rehearsal does not support the resource type {type}; "
        + "it knows the public types of AWS and custom resources: leave the stack out of rehearsals";

    /// <summary>A type of AWS that no schema describes.</summary>
    public static string UnknownType(string type) =>
        $"the rehearsal does not support the resource type {type}: no schema of CloudFormation's describes it; "
        + "check how it is written, or leave the stack out of rehearsals";

    /// <summary>A pattern that cannot be translated.</summary>
    public static string Pattern(string parameter, string reason) =>
        $"the rehearsal does not support the AllowedPattern of the parameter {parameter}: {reason}; write it more plainly";

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

        if (reasons.Count > 0)
        {
            throw new TemplateException(string.Join("\n", reasons));
        }
    }
}
