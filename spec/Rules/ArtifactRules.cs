using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Templates;

namespace Deployer.Spec.Rules;

/// <summary>What a template names of the service's folder is there, through nested templates.</summary>
internal static class ArtifactRules
{
    /// <param name="folder">The service's folder.</param>
    /// <param name="template">The template.</param>
    /// <param name="outline">What it says.</param>
    /// <param name="faults">Receives what is missing.</param>
    /// <param name="outer">The templates in which this one is nested.</param>
    public static void Check(
        ISourceFolder folder,
        RelativePath template,
        TemplateOutline outline,
        FaultList faults,
        params RelativePath[] outer
    )
    {
        foreach (var function in outline.Facts.Runtimes.Where(function => LambdaRuntimes.IsRetired(function.Runtime)))
        {
            faults.Add(
                function.Position,
                $"the runtime of {function.LogicalId} is {function.Runtime}",
                "a runtime that Lambda has not retired"
            );
        }
        foreach (var artifact in outline.Artifacts)
        {
            if (Find(folder, template, artifact, faults) is { } path && artifact.Content == ArtifactContent.Template)
            {
                RelativePath[] around = [.. outer, template];
                if (around.Contains(path))
                {
                    faults.Add(artifact.Position, $"the template \"{path}\" is nested in itself", "templates without a cycle");
                    continue;
                }
                if (TemplateReader.Read(folder, path, faults) is { } nested)
                {
                    NestedTemplateRules.Check(outline, artifact, path.Value, nested, faults);
                    Check(folder, path, nested, faults, around);
                }
            }
        }
    }

    private static RelativePath? Find(ISourceFolder folder, RelativePath template, TemplateArtifact artifact, FaultList faults)
    {
        if (!template.Folder.TryAppend(artifact.Path, out var path, out var problem))
        {
            faults.Add(
                artifact.Position,
                $"{artifact.Property} of {artifact.LogicalId} is \"{artifact.Path}\", which {problem}",
                "a path within the service's folder, or an address"
            );
            return null;
        }
        if (!folder.HasFile(path) && !(artifact.Content == ArtifactContent.Code && folder.HasFolder(path)))
        {
            faults.Add(
                artifact.Position,
                $"{artifact.Property} of {artifact.LogicalId} is \"{artifact.Path}\", and "
                    + (LeftOutFile.Problem(folder, path) is { } reason ? $"{path} {reason}" : $"there is no {path}"),
                "a path against the template's folder, or an address"
            );
            return null;
        }
        return path;
    }
}
