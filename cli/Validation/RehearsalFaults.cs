using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;
using Deployer.Rehearsal.Accounts;

namespace Deployer.Cli.Validation;

/// <summary>What a rehearsal cannot simulate, among the faults of <c>deployer validate --rehearsal</c>.</summary>
internal static class RehearsalFaults
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
            faults = [OfAccounts(service, exception)];
        }

        return faults.Count == 0 ? report : report with { Verdict = "invalid", Service = null, Faults = faults };
    }

    /// <summary>What is wrong with the accounts, where it is.</summary>
    private static FaultReport OfAccounts(string service, InvalidInputException fault) =>
        fault.InnerException is AccountsFileException { Place: { } place } accounts
            ? new FaultReport(
                Path.GetRelativePath(service, place.File),
                place.Line,
                place.Column,
                accounts.Problem,
                accounts.Expected ?? Expected
            )
            : new FaultReport("accounts/accounts.yaml", 1, 1, fault.Message, Expected);
}
