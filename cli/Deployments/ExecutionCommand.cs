using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Deployments;

/// <summary>A command about an execution of a deployer on AWS, which its ARN names.</summary>
internal abstract class ExecutionCommand(Terminal terminal, string name, string description, string example)
    : DeploymentCommand<AwsPlace>(terminal, name, description, example)
{
    private readonly Option<string?> _state = RehearsedExecutions.Option();

    /// <summary>What is done to the execution, such as <c>watched</c>.</summary>
    protected abstract string Done { get; }

    /// <summary>The execution.</summary>
    protected Argument<string> Execution { get; } = SharedOptions.Execution();

    /// <summary>Takes the arguments that all such commands have, in the order of the help.</summary>
    /// <param name="own">What this one has besides.</param>
    protected void AddArguments(params IEnumerable<Option> own)
    {
        Add(Execution);
        foreach (var option in own)
        {
            Add(option);
        }

        Aws.OfExecution.ToList().ForEach(Add);
        Add(_state);
        Add(Json);
    }

    /// <inheritdoc/>
    protected sealed override bool IsOnAws(ParseResult arguments) => true;

    /// <inheritdoc/>
    protected sealed override Task<AwsPlace> Open(ParseResult arguments, IProgressView progress, CancellationToken cancellation)
    {
        var execution = DeployerExecution.Parse(arguments.GetValue(Execution)!);
        RehearsedExecutions.Refuse(arguments.GetValue(_state), execution.Arn, Done);
        return AwsPlace.OpenFor(execution, Aws.Settings(arguments), detached: false, progress, cancellation);
    }

    /// <inheritdoc/>
    protected sealed override NextCommand Next(ParseResult arguments) =>
        new(ProgramName.Find(), NextPlace.From(null, Aws.Settings(arguments)), deployed: null);
}
