using Deployer.Cli.Rehearsals;
using Deployer.Rehearsal.CloudFormation.Templates.Support;

namespace Deployer.Cli.Validation;

/// <summary>What a rehearsal cannot take, among the faults of <c>deployer validate --rehearsal</c>.</summary>
internal static class RehearsalFaults
{
    /// <summary>Adds them to a report, whatever it holds already: what has to be mended is said in one round.</summary>
    public static ValidationReport AddTo(ValidationReport report, string service, ServiceFiles files)
    {
        var known = report.Faults.Select(fault => (fault.File, fault.Line, fault.Column)).ToHashSet();
        var faults = RehearsedService
            .Unsupported(service, files)
            .Where(found => !known.Contains((found.File, found.Line, found.Column)))
            .Select(found => new FaultReport(found.File, found.Line, found.Column, found.Problem, found.Expected))
            .ToList();
        var notices = TakenParameter
            .FindInFiles(service, files.Readable.Templates)
            .Select(taken => new NoticeReport(taken.File, taken.Line, taken.Column, taken.Words));
        report = report with
        {
            Notices =
            [
                .. report
                    .Notices.Concat(notices)
                    .OrderBy(notice => notice.File, StringComparer.Ordinal)
                    .ThenBy(notice => notice.Line)
                    .ThenBy(notice => notice.Column),
            ],
        };
        return faults.Count == 0
            ? report
            : report with
            {
                Verdict = "invalid",
                Service = null,
                Faults =
                [
                    .. report
                        .Faults.Concat(faults)
                        .OrderBy(fault => fault.File, StringComparer.Ordinal)
                        .ThenBy(fault => fault.Line)
                        .ThenBy(fault => fault.Column),
                ],
            };
    }
}
