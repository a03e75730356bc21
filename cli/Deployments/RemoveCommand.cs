using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer remove</c>: a development instance is removed.</summary>
internal sealed class RemoveCommand : TargetCommand
{
    public RemoveCommand(Terminal terminal)
        : base(
            terminal,
            "remove",
            "Removes a development instance: its Lambdas first, then its stacks, the last one first.",
            "remove examples/inventory --target dev --instance try --profile tools",
            SharedOptions.RequiredInstance()
        )
    {
        AddArguments();
    }

    /// <inheritdoc/>
    protected override async Task<DeploymentReport> Act(IPlace place, ParseResult arguments)
    {
        await place.CheckRemoval();
        return await place.Remove();
    }
}
