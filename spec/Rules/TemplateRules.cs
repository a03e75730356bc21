using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Spec.Rules;

/// <summary>A template of the service exists, takes the parameters that it is given, and has the outputs that are used of it.</summary>
internal static class TemplateRules
{
    public static void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults)
    {
        foreach (var stack in spec.Steps.OfType<StackStep>())
        {
            foreach (var (path, outline) in AtHand(spec, stack, folder))
            {
                TemplateUseRules.Check(spec, stack, path.Value, outline, faults);
            }
            foreach (
                var path in spec.Targets.Select(target => PathIn(spec, target, stack, folder, faults)).OfType<RelativePath>().Distinct()
            )
            {
                if (TemplateReader.Read(folder, path, faults) is { } outline)
                {
                    TemplateUseRules.Check(spec, stack, path.Value, outline, faults);
                    ArtifactRules.Check(folder, path, outline, faults);
                }
            }
        }
    }

    /// <summary>The templates of the service that its steps name, for any target, and that are there.</summary>
    public static IReadOnlyList<string> PathsOf(ServiceSpec spec, ISourceFolder folder) =>
        [
            .. (
                from stack in spec.Steps.OfType<StackStep>()
                from target in spec.Targets
                let path = PathIn(spec, target, stack, folder, new FaultList())
                where path is not null
                select path.Value
            ).Distinct(),
        ];

    // Datomic's templates, and others that are in a bucket.
    private static IEnumerable<(RelativePath Path, TemplateOutline Outline)> AtHand(
        ServiceSpec spec,
        StackStep stack,
        ISourceFolder folder
    ) =>
        from address in spec.Targets.Select(target => StaticValue.In(spec, target, stack.Template)).OfType<string>().Distinct()
        where TemplateAddress.IsRemote(address)
        let path = TemplatesAtHand.Find(folder, address)
        where path is not null
        let outline = TemplateReader.ReadOutline(folder, path)
        where outline is not null
        select (path, outline);

    private static RelativePath? PathIn(ServiceSpec spec, TargetSpec target, StackStep stack, ISourceFolder folder, FaultList faults)
    {
        var position = stack.Template.Position;
        if (StaticValue.In(spec, target, stack.Template) is not { } template)
        {
            return null;
        }
        if (TemplateAddress.IsRemote(template))
        {
            if (!TemplateAddress.IsInS3(template))
            {
                faults.Add(position, $"the template's address is \"{template}\"", TemplateAddress.Expectation);
            }
            return null;
        }
        if (template.Contains("://", StringComparison.Ordinal))
        {
            faults.Add(position, $"the template's address is \"{template}\"", "an https address, or a file of the service");
            return null;
        }
        if (!RelativePath.TryParse(template, out var path, out var problem))
        {
            faults.Add(position, $"the template's path \"{template}\" {problem}", "the path of a file within the service's folder");
            return null;
        }
        if (!folder.HasFile(path) && LeftOutFile.Problem(folder, path) is { } reason)
        {
            faults.Add(position, $"the template \"{template}\" {reason}", "the file itself");
            return null;
        }
        if (!folder.HasFile(path))
        {
            faults.Add(position, $"the template \"{template}\" does not exist", NearestName.Expectation(path.Value, TemplatesIn(folder)));
            return null;
        }
        return path;
    }

    private static List<string> TemplatesIn(ISourceFolder folder) =>
        [
            .. folder
                .Files.Select(file => file.Value)
                .Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json" or ".template" && file != SpecFile.Name)
                .Take(20),
        ];
}
