namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>Refuses resource types that CloudFormation may know and the rehearsal cannot.</summary>
internal static class SupportedTypes
{
    /// <exception cref="TemplateException">It names all of them.</exception>
    public static void Check(Template template)
    {
        var foreign = template
            .Resources.Values.Select(resource => resource.Type)
            .Where(UnsupportedFeatures.IsForeign)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (foreign.Count > 0)
        {
            throw new TemplateException(string.Join('\n', foreign.Select(UnsupportedFeatures.Type)));
        }
    }
}
