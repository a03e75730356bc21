using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates.Sam;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>Applies a template's <c>Transform</c>: that of the Serverless Application Model, and no other.</summary>
public static class Transforms
{
    /// <summary>The template that is really executed; the same one when it asks for no transform.</summary>
    /// <exception cref="TemplateException">Another transform is asked for, or the serverless part is beyond the supported subset.</exception>
    public static Template Apply(Template template)
    {
        if (template.Transforms.Count == 0)
        {
            return template;
        }

        if (template.Transforms.FirstOrDefault(t => t != SamTransform.Name) is { } other)
        {
            throw new TemplateException($"Transform {other} is not supported by the rehearsal.");
        }

        return Template.From(SamTransform.Apply((JsonObject)template.Root.DeepClone()));
    }
}
