using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Deployments;

/// <summary><c>deployer deploy</c>: a service's folder is deployed, without a pipeline.</summary>
internal sealed class DeployCommand : TargetCommand
{
    private readonly Option<string[]> _steps = new("--step", "--steps")
    {
        Description = "The steps to run, what they depend on not among them; all when not given. May be given several times.",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "STEP",
    };
    private readonly Option<string?> _revision = SharedOptions.Revision();

    private readonly Option<bool> _acceptDrift = new("--accept-drift")
    {
        Description = "Writes over what was changed by hand, where the target says 'drift: refuse'.",
    };

    public DeployCommand(Terminal terminal)
        : base(
            terminal,
            "deploy",
            "Deploys a service's folder as it is now, and follows the deployment to its end; Ctrl-C leaves it running.",
            "deploy examples/inventory --target dev --profile tools",
            SharedOptions.Instance()
        )
    {
        AddArguments(_steps, _revision, _acceptDrift);
    }

    /// <inheritdoc/>
    protected override bool DeploysFolder => true;

    /// <inheritdoc/>
    protected override void Check(ServiceAtTarget service, ParseResult arguments)
    {
        var steps = arguments.GetValue(_steps) ?? [];
        CheckStepNames(steps);
        var known = service.Spec.Steps.Select(step => step.Name).ToList();
        if (steps.Except(known).ToList() is { Count: > 0 } unknown)
        {
            throw new InvalidInputException(
                "StepUnknown",
                string.Join(
                    '\n',
                    unknown.Select(step => $"{SpecFile.Name} has no step '{step}'; expected one of {string.Join(", ", known)}")
                )
            );
        }

        SharedOptions.CheckRevision(arguments.GetValue(_revision));
    }

    /// <inheritdoc/>
    protected override Task<DeploymentReport> Act(IPlace place, ParseResult arguments) =>
        place.Deploy(
            new DeploymentChoice(arguments.GetValue(_steps) ?? [], arguments.GetValue(_revision), arguments.GetValue(_acceptDrift))
        );
}
