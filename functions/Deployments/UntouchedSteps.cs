using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.Deployments;

/// <summary>
/// Steps that were deployed to a target and that the file which a rollback goes back to does not have: they came later, or have another
/// name there, and nothing was done for them.
/// </summary>
public static class UntouchedSteps
{
    /// <summary>What has to be known of them, a sentence each; none for another deployment than a rollback.</summary>
    /// <param name="ledger">The deployer's records.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="spec">The file that it deployed.</param>
    public static async Task<IReadOnlyList<string>> Notices(LedgerTable ledger, DeploymentRecord deployment, ServiceSpec spec) =>
        deployment.RollbackTo is not { } name
            ? []
            :
            [
                .. (await ledger.Query(ReleasedStep.All(deployment.Service, deployment.Target)))
                    .Where(released => spec.Step(released.Step) is null)
                    .Select(released =>
                        $"{released.Step}: the deployer.yaml of {name} has no such step, so nothing was done for it: "
                        + "what it deployed last stays, unless another step deploys to the same"
                    ),
            ];
}
