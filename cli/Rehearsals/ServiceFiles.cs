using Deployer.Cli.Output;
using Deployer.Spec;
using Deployer.Spec.Faults;
using Deployer.Spec.Pipelines;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Rehearsals;

/// <summary>A service's files as every command checks them: what one refuses, all refuse.</summary>
/// <param name="Spec">The service; <see langword="null"/> when its file cannot be read.</param>
/// <param name="Faults">Everything that is wrong with deployer.yaml, the files that it names, and the pipelines in the folder.</param>
/// <param name="Notices">What is no fault and should be known.</param>
internal sealed record ServiceFiles(ServiceSpec? Spec, IReadOnlyList<Fault> Faults, IReadOnlyList<Notice> Notices)
{
    /// <summary>The targets and the service's own templates as far as they could be read; also where there are faults.</summary>
    public (IReadOnlyList<TargetSpec> Targets, IReadOnlyList<string> Templates) Readable { get; private init; } = ([], []);

    /// <summary>Opens the folder of a service.</summary>
    /// <exception cref="InvalidInputException">There is no such folder.</exception>
    public static DiskFolder Open(string service) =>
        Directory.Exists(service)
            ? new DiskFolder(service)
            : throw new InvalidInputException(
                "ServiceNotFound",
                File.Exists(service)
                    ? $"{service} is a file; expected the folder with {SpecFile.Name}"
                    : $"{service}: there is no such folder; expected one with {SpecFile.Name}"
            );

    /// <summary>Reads and checks them; nothing is called.</summary>
    /// <param name="service">The service's folder.</param>
    /// <param name="source">The same folder.</param>
    /// <exception cref="IOException">A file cannot be read, or is none.</exception>
    public static ServiceFiles Check(string service, ISourceFolder source)
    {
        var reading = SpecReader.Read(source);
        var pipelines = PipelineTemplates.Check(source, reading.Spec);
        var (faults, notices) = SchemaFaults.With(service, reading);
        return new ServiceFiles(
            reading.Spec,
            [.. faults.Concat(pipelines.Faults).OrderBy(fault => fault.Position)],
            [.. notices.Concat(pipelines.Notices).OrderBy(notice => notice.Position)]
        )
        {
            Readable = (reading.Targets, reading.Templates),
        };
    }
}
