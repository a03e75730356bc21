using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Plans;

namespace Deployer.Cli.Plans;

/// <summary><c>deployer plan</c>: the machine <c>plan</c> runs with the service's folder as it is now.</summary>
internal sealed class PlanCommand : DeployerCommand
{
    private readonly Argument<string> _service = SharedOptions.Service();
    private readonly Option<string> _target = SharedOptions.Target();
    private readonly Option<string?> _instance = SharedOptions.Instance();
    private readonly Option<string?> _revision = SharedOptions.Revision();
    private readonly Option<bool> _drift = new("--drift")
    {
        Description = "Looks for resources that were changed by hand, and shows what a deployment would write over; takes minutes.",
    };
    private readonly AwsOptions _aws = new();
    private readonly Option<string?> _state = SharedOptions.State();
    private readonly Option<ulong> _seed = SharedOptions.Seed();
    private readonly Option<string?> _json = SharedOptions.Json();
    private readonly Option<bool> _inProcess = SharedOptions.InProcess();

    public PlanCommand(Terminal terminal)
        : base(
            terminal,
            "plan",
            "Shows what a deployment would do: every change of a resource, through nested stacks; on AWS with --stage, --profile or "
                + "--region.",
            "plan examples/inventory --target dev"
        )
    {
        Add(_service);
        Add(_target);
        Add(_instance);
        Add(_revision);
        Add(_drift);
        _aws.All.ToList().ForEach(Add);
        Add(_state);
        Add(_seed);
        Add(_json);
        Add(_inProcess);
    }

    /// <inheritdoc/>
    protected override async Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        SharedOptions.CheckRevision(arguments.GetValue(_revision));
        var (plan, notices) = await Plan(arguments, cancellation);
        foreach (var notice in notices)
        {
            Terminal.Error.Paragraph(notice, hanging: 2, tone: Tone.Warning);
        }

        await new ResultOutput(Terminal.Output, arguments.GetValue(_json)).Write(
            plan,
            new PlanView(FunctionServices.Kinds(arguments.GetValue(_target)!).PlanParts)
        );
        return plan.Problems == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private async Task<(ServicePlan Plan, IEnumerable<string> Notices)> Plan(ParseResult arguments, CancellationToken cancellation)
    {
        if (_aws.AreGiven(arguments))
        {
            return (await PlanOnAws(arguments, cancellation), []);
        }

        var service = RehearsedService.Read(arguments.GetValue(_service)!, arguments.GetValue(_target)!, arguments.GetValue(_instance));
        var settings = new RehearsalSettings([], arguments.GetValue(_state), arguments.GetValue(_seed), arguments.GetValue(_inProcess));
        await using var progress = Terminal.Progress();
        var place = await RehearsedPlaces.Open(service, settings, progress).WaitAsync(cancellation);
        try
        {
            return (
                await place.Plan(arguments.GetValue(_revision), arguments.GetValue(_drift)).WaitAsync(cancellation),
                place.Preparation.Sentences
            );
        }
        finally
        {
            await Close(place);
        }
    }

    private async Task<ServicePlan> PlanOnAws(ParseResult arguments, CancellationToken cancellation)
    {
        IReadOnlyList<Option> ofRehearsals = [_state, _seed, _inProcess];
        if (ofRehearsals.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new InvalidInputException(
                "OptionsInvalid",
                $"{SharedOptions.Typed(arguments, given)} is for rehearsed accounts; expected none of --profile, --region and --stage "
                    + "beside it"
            );
        }

        var service = RehearsedService.ReadAtTarget(
            arguments.GetValue(_service)!,
            arguments.GetValue(_target)!,
            arguments.GetValue(_instance)
        );
        await using var progress = Terminal.Progress(isSimulated: false);
        await using var place = await AwsPlace.Open(service, _aws.Settings(arguments), detached: false, progress, cancellation);
        return await place.Plan(arguments.GetValue(_revision), arguments.GetValue(_drift));
    }
}
