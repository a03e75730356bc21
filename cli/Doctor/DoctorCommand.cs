using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Doctor;

/// <summary><c>deployer doctor</c>: proves that everything is there that a deployment needs.</summary>
internal sealed class DoctorCommand : DeployerCommand
{
    /// <summary>A build takes minutes, an event a second.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Argument<string> _service = SharedOptions.Service();
    private readonly Option<string> _target = SharedOptions.Target();
    private readonly AwsOptions _aws = new();
    private readonly Option<string?> _json = SharedOptions.Json();
    private readonly Option<string?> _state = RehearsedExecutions.Option();

    public DoctorCommand(Terminal terminal)
        : base(
            terminal,
            "doctor",
            "Checks on AWS what a deployment needs, with the deployer's own roles: permissions, events, connection, a build, the stacks.",
            "doctor examples/inventory --target dev --profile tools"
        )
    {
        Add(_service);
        Add(_target);
        _aws.All.ToList().ForEach(Add);
        Add(_json);
        Add(_state);
    }

    /// <inheritdoc/>
    protected override async Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        var folder = arguments.GetValue(_service)!;
        if (arguments.GetValue(_state) is { } state)
        {
            throw new InvalidInputException(
                "OptionsInvalid",
                $"in the rehearsed accounts of {state} nothing answers between commands, and the doctor asks functions and builds; "
                    + $"expected 'deployer serve {folder} --state {state}', and the doctor without --rehearsed, with the variables that it "
                    + "prints"
            );
        }

        var settings = _aws.Settings(arguments);
        var service = RehearsedService.ReadAtTarget(folder, arguments.GetValue(_target)!, instance: null);
        var access = await AwsAccess.Open(settings, cancellation);
        var report = await new AwsFaults(settings).Translated(() =>
            Check(access, settings.Stage ?? DeployerStage.OfTarget(service.Target.Declared), folder, service, cancellation)
        );
        await new ResultOutput(Terminal.Output, arguments.GetValue(_json)).Write(report, new DoctorView());
        return report.Problems == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private async Task<DoctorReport> Check(
        AwsAccess access,
        string stage,
        string folder,
        ServiceAtTarget service,
        CancellationToken cancellation
    )
    {
        await using var progress = Terminal.Progress(isSimulated: false);
        progress.Report(new ProgressEvent.WorkBegan($"the deployer of stage {stage} checks {service.Spec.Service}"));
        using var tools = new AccountClients(access.Connection, access.Account);
        var pause = TimeSpan.FromMilliseconds(250);
        return await new DoctorRun(
            tools,
            stage,
            service,
            async ended =>
            {
                await Task.Delay(pause, ended);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            },
            waiting => progress.Report(new ProgressEvent.WorkBegan($"waiting for {string.Join(", ", waiting)}"))
        )
        {
            Folder = folder,
        }.Run(cancellation);
    }
}
