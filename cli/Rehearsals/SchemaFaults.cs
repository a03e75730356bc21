using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Spec;
using Deployer.Spec.Faults;
using Deployer.Spec.Templates;

namespace Deployer.Cli.Rehearsals;

/// <summary>What the schemas of resource types refuse in a service's templates, with the rehearsal's own check.</summary>
internal static class SchemaFaults
{
    // A longer list helps nobody.
    private const int MostNames = 12;

    /// <summary>The faults and notices of a service's files and of its templates' resources, in the order of the files.</summary>
    /// <param name="service">The service's folder.</param>
    /// <param name="reading">What reading its deployer.yaml gave.</param>
    public static (IReadOnlyList<Fault> Faults, IReadOnlyList<Notice> Notices) With(string service, SpecReading reading)
    {
        var (texts, booleans) = TextScalar.Check(
            SchemaTexts
                .FindInFiles(service, reading.Templates)
                .Select(text => new TextScalar(new SourcePosition(text.File, text.Line, text.Column), text.Written, text.Place))
        );
        // What was said without a schema is said once, and a fault is no notice as well.
        var faulty = reading.Faults.Select(fault => fault.Position).ToHashSet();
        var noticed = reading.Notices.Select(notice => notice.Position).ToHashSet();
        var refused = texts.Where(fault => !faulty.Contains(fault.Position)).ToList();
        return (
            [.. reading.Faults.Concat(Find(service, reading.Templates)).Concat(refused).Distinct().OrderBy(fault => fault.Position)],
            [
                .. reading
                    .Notices.ExceptBy(refused.Select(fault => fault.Position), notice => notice.Position)
                    .Concat(booleans.Where(notice => !noticed.Contains(notice.Position)))
                    .Concat(UnknownTypes(service, reading.Templates))
                    .OrderBy(notice => notice.Position),
            ]
        );
    }

    // A type may be newer than the schemas.
    private static IEnumerable<Notice> UnknownTypes(string service, IReadOnlyList<string> templates) =>
        TemplateSchemas
            .UnknownTypes(service, templates)
            .Select(found => new Notice(
                new SourcePosition(found.File, found.Line, found.Column),
                found.Problem
                    + (NearestName.Find(found.Name!, found.Known) is { } near ? $" (did you mean \"{near}\"?)" : string.Empty)
                    + "; nothing of it was checked"
            ));

    private static IEnumerable<Fault> Find(string service, IReadOnlyList<string> templates)
    {
        var found = TemplateSchemas.CheckFiles(service, templates);
        // A path where the schema wants an object in S3 is replaced by one before CloudFormation sees it.
        var packaged = found
            .Select(fault => fault.File)
            .Distinct()
            .SelectMany(file => TemplateArtifact.In(File.ReadAllText(Path.Combine(service, file)), file))
            .Select(artifact => artifact.Position)
            .ToHashSet();
        return found
            .Select(fault => new Fault(new SourcePosition(fault.File, fault.Line, fault.Column), fault.Problem, Expected(fault)))
            .Where(fault => !packaged.Contains(fault.Position));
    }

    private static string Expected(SchemaFault fault)
    {
        var expected = fault.Known.Count > MostNames ? "a name that AWS documents" : fault.Expected;
        return fault.Name is { } name && NearestName.Find(name, fault.Known) is { } near
            ? $"{expected} (did you mean \"{near}\"?)"
            : expected;
    }
}
