using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer group</c>: compute groups are turned off, and on again as they were.</summary>
internal sealed class GroupCommand : TargetCommand
{
    private readonly Argument<string> _capacity = new("on|off")
    {
        Description =
            "off takes all instances from the groups, and what the system stores stays; on gives them as many as they had and waits until "
            + "each runs the revision that was released last.",
    };
    private readonly Option<string[]> _steps = new("--step")
    {
        Description = "A compute group's step; all when not given. May be given several times.",
        AllowMultipleArgumentsPerToken = false,
        HelpName = "STEP",
    };

    public GroupCommand(Terminal terminal)
        : base(
            terminal,
            "group",
            "Turns the compute groups of a service off, and on again as they were.",
            "group off examples/inventory --target dev --profile tools",
            SharedOptions.Instance()
        )
    {
        _capacity.AcceptOnlyFromAmong("on", "off");
        Add(_capacity);
        AddArguments(_steps);
    }

    /// <inheritdoc/>
    protected override void Check(ServiceAtTarget service, ParseResult arguments) => CheckStepNames(arguments.GetValue(_steps) ?? []);

    /// <inheritdoc/>
    protected override async Task<DeploymentReport> Act(IPlace place, ParseResult arguments)
    {
        var (capacity, steps) = (arguments.GetValue(_capacity)!, arguments.GetValue(_steps) ?? []);
        await place.CheckCapacity(capacity, steps);
        return await place.ChangeCapacity(capacity, steps);
    }
}
