using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;
using Deployer.Rehearsal.CloudFormation.Templates.Sam;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>Applies a template's <c>Transform</c>: that of the Serverless Application Model and, once it was expanded, that of
/// the language extensions. Others were refused when the template was read.</summary>
public static class Transforms
{
    /// <summary>The template that is really executed; the same one when it asks for no transform.</summary>
    /// <exception cref="TemplateException">The serverless part is beyond the supported subset.</exception>
    public static Template Apply(Template template)
    {
        if (template.Transforms.Count == 0)
        {
            return template;
        }

        var root = (JsonObject)template.Root.DeepClone();
        var hasExtensions = template.Transforms.Contains(LanguageExtensions.Name);
        if (template.Transforms.Contains(SamTransform.Name))
        {
            root = SamTransform.Apply(root);
        }

        root.Remove("Transform");
        return Template.From(root, hasExtensions);
    }
}
