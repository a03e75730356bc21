using System.Globalization;
using System.Text.RegularExpressions;
using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Validation;

/// <summary>What a rehearsal cannot simulate, among the faults of <c>deployer validate --rehearsal</c>.</summary>
internal static partial class RehearsalFaults
{
    private const string Expected = "what the accounts hold before a rehearsal";

    /// <summary>Adds them to a report without faults; with faults there is no service to rehearse.</summary>
    public static ValidationReport AddTo(ValidationReport report, string service)
    {
        if (report.Faults.Count > 0)
        {
            return report;
        }

        IReadOnlyList<FaultReport> faults;
        try
        {
            faults =
            [
                .. RehearsedService
                    .Unsupported(service)
                    .Select(found => new FaultReport(found.File, found.Line, found.Column, found.Problem, found.Expected)),
            ];
        }
        catch (InvalidInputException exception)
        {
            faults = [OfAccounts(service, exception.Message)];
        }

        return faults.Count == 0 ? report : report with { Verdict = "invalid", Service = null, Faults = faults };
    }

    /// <summary>What is wrong with the accounts, where the message says it is.</summary>
    private static FaultReport OfAccounts(string service, string message) =>
        Place().Match(message) is { Success: true } found
            ? new FaultReport(
                Path.GetRelativePath(service, found.Groups["file"].Value),
                int.Parse(found.Groups["line"].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(found.Groups["column"].ValueSpan, CultureInfo.InvariantCulture),
                found.Groups["problem"].Value,
                found.Groups["expected"] is { Success: true } expected ? expected.Value : Expected
            )
            : new FaultReport("accounts/accounts.yaml", 1, 1, message, Expected);

    [GeneratedRegex(
        @"\A(?<file>[^\n]+?):(?<line>[0-9]{1,9}):(?<column>[0-9]{1,9}): (?<problem>[^\n]+?)(; expected (?<expected>[^\n]+))?\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Place();
}
