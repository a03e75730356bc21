using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>The record of what ran on a target once a commit was deployed there.</summary>
public interface IReleasedCommits
{
    /// <summary>Keeps what runs on a target once a deployment of a commit, or a rollback to one, has succeeded.</summary>
    /// <param name="deployment">The deployment; one that has no commit is kept nowhere.</param>
    /// <param name="steps">The steps that it was to deploy, each with its kind.</param>
    Task KeepRelease(DeploymentRecord deployment, IReadOnlyList<(string Name, IStepKind Kind)> steps);
}
