using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;
using Deployer.Spec.Faults;
using Deployer.Spec.Pipelines;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Validation;

/// <summary>What checking a service's files gave, as the JSON document has it.</summary>
/// <param name="Verdict">valid or invalid.</param>
/// <param name="Service">The service's name; <see langword="null"/> when the files have a fault.</param>
/// <param name="Faults">Everything that is wrong, in the order of the files.</param>
/// <param name="Notices">What is no fault and should be known, in the order of the files.</param>
public sealed record ValidationReport(
    string Verdict,
    string? Service,
    IReadOnlyList<FaultReport> Faults,
    IReadOnlyList<NoticeReport> Notices
)
{
    /// <summary>The option that names files with user parameters.</summary>
    public const string UserParametersName = "--user-parameters";

    /// <summary>Reads and checks deployer.yaml, every file of the service that it names, and user parameters. Nothing is called.</summary>
    /// <param name="service">The service's folder.</param>
    /// <param name="userParameters">Files with user parameters, beside those in the folder's pipelines.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidInputException">A file with user parameters cannot be read.</exception>
    public static ValidationReport Check(string service, params IReadOnlyList<string> userParameters) =>
        Check(service, ServiceFiles.Check(service, new DiskFolder(service)), userParameters);

    /// <summary>Checks user parameters beside files that were read.</summary>
    internal static ValidationReport Check(string service, ServiceFiles files, IReadOnlyList<string> userParameters)
    {
        IReadOnlyList<Fault> faults =
        [
            .. files.Faults,
            .. userParameters.SelectMany(file =>
                UserParameters.Read(Content(file), Path.GetRelativePath(service, file), files.Spec, template: true).Faults
            ),
        ];
        return new ValidationReport(
            faults.Count > 0 ? "invalid" : "valid",
            faults.Count > 0 ? null : files.Spec!.Service,
            [
                .. faults
                    .OrderBy(fault => fault.Position)
                    .Select(fault => new FaultReport(
                        fault.Position.File,
                        fault.Position.Line,
                        fault.Position.Column,
                        fault.Problem,
                        fault.Expected
                    )),
            ],
            [
                .. files.Notices.Select(notice => new NoticeReport(
                    notice.Position.File,
                    notice.Position.Line,
                    notice.Position.Column,
                    notice.Text
                )),
            ]
        );
    }

    private static string Content(string file) => InputFile.Read(UserParametersName, file, "UserParametersUnreadable");
}

/// <summary>One thing that is wrong.</summary>
/// <param name="File">Relative to the service's folder.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Expected">What would be right.</param>
public sealed record FaultReport(string File, int Line, int Column, string Problem, string Expected);

/// <summary>Something that is no fault and should be known.</summary>
/// <param name="File">Relative to the service's folder.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Text">What it is.</param>
public sealed record NoticeReport(string File, int Line, int Column, string Text);
