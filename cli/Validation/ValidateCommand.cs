using System.CommandLine;

namespace Deployer.Cli.Validation;

/// <summary><c>deployer validate</c>: what it takes, and its exit code.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var service = new Argument<string>("SERVICE") { Description = "Folder with deployer.yaml." };
        var json = new Option<string?>("--json")
        {
            Description = "File to which the result is written as JSON; - for standard output.",
            HelpName = "FILE",
        };
        var parameters = new Option<string[]>("--user-parameters")
        {
            Description = "File with the user parameters of a pipeline's action; may be given several times.",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = false,
        };
        var rehearsal = new Option<bool>("--rehearsal")
        {
            Description = "Also tells what a rehearsal cannot simulate of the templates at hand.",
        };
        var command = new Command(
            "validate",
            "Checks deployer.yaml, local templates, deps.edn, ion-config.edn and user parameters and tells every fault at once; nothing is called."
        )
        {
            service,
            parameters,
            rehearsal,
            json,
        };
        command.SetAction(
            (parsed, _) =>
                Run(parsed.GetValue(service)!, parsed.GetValue(parameters) ?? [], parsed.GetValue(rehearsal), parsed.GetValue(json))
        );
        return command;
    }

    private static async Task<int> Run(string service, string[] parameters, bool rehearsal, string? json)
    {
        ValidationReport report;
        try
        {
            report = ValidationReport.Of(service, parameters);
            report = rehearsal ? RehearsalFaults.AddTo(report, service) : report;
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Program.BadInput;
        }

        await ValidationWriter.Write(report, service, json);
        return report.Faults.Count == 0 ? 0 : Program.BadInput;
    }
}
