using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Templates;

/// <summary>Whether a template may make aliases of Lambda functions.</summary>
public static class TemplateAliases
{
    private static readonly string[] Transforms = ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"];

    /// <summary>
    /// Whether it may: by a resource of its own, by <c>AutoPublishAlias</c>
    /// (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html),
    /// or in a way that the template does not show: a nested stack, a custom resource, a macro, or a text that cannot be read.
    /// </summary>
    /// <param name="text">The template, in JSON or YAML.</param>
    public static bool MayMake(string text)
    {
        if (TemplateText.Read(text, "template", new FaultList()) is not { } root)
        {
            return true;
        }

        var transforms = root.At("Transform") switch
        {
            null => [],
            YamlSequence list => list.Items,
            var one => (IReadOnlyList<YamlNode>)[one],
        };
        return transforms.Any(transform => TemplateFunction.Literal(transform) is not { } name || !Transforms.Contains(name.Value))
            || IsExpanded(root)
            || root.At("Globals")?.At("Function")?.At("AutoPublishAlias") is not null
            || TemplateLoops.Repeated(root.Entries("Resources")).Any(resource => MayMake(resource.Value));
    }

    private static bool MayMake(YamlNode resource) =>
        resource.Text("Type") switch
        {
            "AWS::Lambda::Function" or "AWS::Lambda::Version" => false,
            "AWS::Serverless::Function" => resource.At("Properties")?.At("AutoPublishAlias") is not null,
            "AWS::CloudFormation::Stack"
            or "AWS::CloudFormation::CustomResource"
            or "AWS::Serverless::Application"
            or "AWS::Lambda::Alias"
            or null => true,
            var type => type.StartsWith("Custom::", StringComparison.Ordinal) || type.EndsWith("::MODULE", StringComparison.Ordinal),
        };

    // Fn::Transform puts anything in its place.
    private static bool IsExpanded(YamlNode node) =>
        TemplateFunction.Split(node).Name is "Transform"
        || node switch
        {
            YamlMapping map => map.Entries.Any(entry => entry.Key.Value == "Fn::Transform" || IsExpanded(entry.Value)),
            YamlSequence list => list.Items.Any(IsExpanded),
            _ => false,
        };
}
