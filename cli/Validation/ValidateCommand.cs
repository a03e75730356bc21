using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Validation;

/// <summary><c>deployer validate</c>: every fault of a service's files at once; nothing is called.</summary>
internal sealed class ValidateCommand : DeployerCommand
{
    private readonly Argument<string> _service = SharedOptions.Service();
    private readonly Option<string[]> _parameters = new(ValidationReport.UserParametersName)
    {
        Description = "File with the user parameters of a pipeline's action; may be given several times.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<bool> _rehearsal = new("--rehearsal")
    {
        Description = "Also reports what a rehearsal cannot simulate of local templates.",
    };
    private readonly Option<string?> _json = SharedOptions.Json();

    public ValidateCommand(Terminal terminal)
        : base(
            terminal,
            "validate",
            "Checks deployer.yaml, local templates, deps.edn, ion-config.edn and user parameters; reports every fault at once.",
            "validate examples/inventory"
        )
    {
        Add(_service);
        Add(_parameters);
        Add(_rehearsal);
        Add(_json);
    }

    /// <inheritdoc/>
    protected override async Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        var service = arguments.GetValue(_service)!;
        ValidationReport report;
        try
        {
            var files = ServiceFiles.Check(service, ServiceFiles.Open(service));
            report = ValidationReport.Check(service, files, arguments.GetValue(_parameters) ?? []);
            report = arguments.GetValue(_rehearsal) ? RehearsalFaults.AddTo(report, service, files) : report;
        }
        catch (IOException exception) when (!ToolFault.IsOfProgram(exception))
        {
            Terminal.Error.Paragraph(exception.Message, tone: Tone.Bad);
            return ExitCodes.InvalidInput;
        }

        await new ResultOutput(Terminal.Output, arguments.GetValue(_json)).Write(report, new ValidationView(service));
        return report.Faults.Count == 0 ? ExitCodes.Success : ExitCodes.InvalidInput;
    }
}
