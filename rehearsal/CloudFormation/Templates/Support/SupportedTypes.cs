namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>Refuses resource types, and properties of them, that CloudFormation may know and the rehearsal cannot simulate.</summary>
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
        var refused = foreign
            .Select(UnsupportedFeatures.Type)
            .Concat(
                template.Resources.Values.SelectMany(resource =>
                    SimulatedProperties.Refused(resource.Type, resource.Properties).Select(one => one.Limitation)
                )
            )
            .Distinct()
            .ToList();
        if (refused.Count > 0)
        {
            throw new TemplateException(string.Join('\n', refused));
        }
    }
}
