using Amazon.CloudFormation.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;
using Deployer.Functions.Accounts;
using Deployer.Spec;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Bootstrap;

/// <summary>A service's pipeline, in the account of the deployers.</summary>
/// <param name="folder">The service's folder, as the command line names it.</param>
/// <param name="spec">The service.</param>
internal sealed class PipelineStack(string folder, ServiceSpec spec) : ProductStack($"{spec.Service}-pipeline", string.Empty)
{
    private static readonly string[] Stages = ["FirstStage", "SecondStage", "ThirdStage"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => ["pipeline", folder];

    /// <inheritdoc/>
    public override string Consequence(Stack present) => $"The pipeline of {spec.Service} is deleted; what it has deployed keeps running.";

    /// <summary>The repository and the stages are those of the file: its targets, in their order.</summary>
    /// <inheritdoc/>
    public override async Task<StackOrder> Order(
        AwsAccess access,
        Stack? present,
        IReadOnlyDictionary<string, string> given,
        IProgressView progress,
        CancellationToken cancellation
    )
    {
        if (spec.Repository is not { Connection: { } connection } repository)
        {
            throw new InvalidInputException(
                "RepositoryMissing",
                $"{SpecFile.Name} names no repository with a connection, from which a pipeline takes its source; "
                    + "expected repository: { url: …, connection: … }"
            );
        }

        var parameters = new Dictionary<string, string>(given, StringComparer.Ordinal);
        parameters.TryAdd("Service", spec.Service);
        parameters.TryAdd("Connection", connection);
        parameters.TryAdd("Repository", repository.FullId);
        if (!Stages.Any(parameters.ContainsKey))
        {
            AddStages(parameters);
        }

        return new StackOrder(Name, await ProductTemplates.Read(access, "pipeline.yaml", progress, cancellation), parameters, [NamedRoles]);
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<NextStep>> Next(string program, AwsAccess access, Stack installed, StackInstallation installation) =>
        Task.FromResult<IReadOnlyList<NextStep>>([
            new NextStep(
                "Each push is deployed to its stages, one after the other. See what ran where:",
                ShellWords.Join([program, "releases", folder, .. access.Settings.Words])
            ),
        ]);

    private void AddStages(Dictionary<string, string> parameters)
    {
        if (spec.Targets.Count > Stages.Length)
        {
            throw new InvalidInputException(
                "OptionsInvalid",
                $"{SpecFile.Name} has {spec.Targets.Count} targets, and a pipeline has {Stages.Length} stages at most; "
                    + "expected --parameter FirstStage=NAME, and SecondStage and ThirdStage where there are more; "
                    + "FirstTarget=NAME where a target is not called as its stage"
            );
        }

        // Also those that the file has no longer: what is not given keeps its value.
        for (var at = 0; at < Stages.Length; at++)
        {
            var (name, target) = (Stages[at], spec.Targets.ElementAtOrDefault(at));
            var stage = target is null ? string.Empty : DeployerStage.OfTarget(target.Name);
            parameters[name] = stage;
            parameters.TryAdd(
                name.Replace("Stage", "Target", StringComparison.Ordinal),
                target is null || target.Name == stage ? string.Empty : target.Name
            );
            parameters.TryAdd(name.Replace("Stage", "Approval", StringComparison.Ordinal), target?.Approval is null ? "false" : "true");
        }
    }
}
