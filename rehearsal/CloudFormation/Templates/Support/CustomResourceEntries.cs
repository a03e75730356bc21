namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>Entries of <c>accounts/custom-resources.yaml</c> that are of no custom resource: their values go nowhere.</summary>
public static class CustomResourceEntries
{
    /// <summary>The entries that no template has a resource for.</summary>
    /// <param name="folder">The folder that the paths are relative to.</param>
    /// <param name="paths">All templates; the local ones that they nest are read with them.</param>
    /// <param name="keys">The entries: types, or <c>STACK/LOGICALID</c>.</param>
    /// <returns>None where a template nests one that is not at hand: it may have any.</returns>
    public static IReadOnlyList<string> Unmatched(string folder, IEnumerable<string> paths, IReadOnlyCollection<string> keys)
    {
        var declared = new List<DeclaredResource>();
        foreach (var (_, text) in TemplateFiles.Read(folder, paths))
        {
            var resources = DeclaredResource.In(text);
            if (text.Contains("://", StringComparison.Ordinal) && resources.Any(NestsElsewhere))
            {
                return [];
            }

            declared.AddRange(resources.Where(resource => CustomResourceTypes.Includes(resource.Type)));
        }

        return
        [
            .. keys.Where(key => !declared.Exists(resource => key.Split('/') is [_, var id] ? resource.IsNamed(id) : resource.Type == key)),
        ];
    }

    private static bool NestsElsewhere(DeclaredResource resource) => resource.Type == "AWS::CloudFormation::Stack";
}
