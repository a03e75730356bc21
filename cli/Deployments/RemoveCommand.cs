using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer remove</c>: a development instance is removed.</summary>
internal sealed class RemoveCommand : KeptAccountsCommand
{
    private readonly Option<string> _instance = SharedOptions.RequiredInstance();

    public RemoveCommand(Terminal terminal)
        : base(
            terminal,
            "remove",
            "Removes a development instance: its Lambdas first, then its stacks, the last one first.",
            "remove examples/inventory --target dev --instance try --state accounts"
        )
    {
        Add(Service);
        Add(Target);
        Add(_instance);
        Add(State);
        Add(Faults);
        Add(FaultFile);
        Add(Schedule);
        Add(Json);
        Add(InProcess);
    }

    /// <inheritdoc/>
    protected override string? InstanceOf(ParseResult arguments) => arguments.GetValue(_instance);

    /// <inheritdoc/>
    protected override async Task<RehearsalReport> Act(IPlace place, ParseResult arguments)
    {
        await place.CheckRemoval();
        return await place.Remove();
    }
}
