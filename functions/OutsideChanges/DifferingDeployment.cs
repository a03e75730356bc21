using Deployer.Functions.Ledger;
using Deployer.Spec;
using Deployer.Spec.Steps;

namespace Deployer.Functions.OutsideChanges;

/// <summary>The steps of a target that one deployment, or several of the same files, were the last to deploy.</summary>
/// <param name="Deployment">The deployment, the newest of several.</param>
/// <param name="Target">Its target.</param>
/// <param name="Graph">All steps of its file.</param>
public sealed record DeployedPart(DeploymentRecord Deployment, TargetSpec Target, StepGraph Graph)
{
    /// <summary>The steps, in the order of the file.</summary>
    public List<string> Own { get; init; } = [];

    /// <summary>Those of them that are not as it left them.</summary>
    public List<string> Differing { get; init; } = [];

    /// <summary>Whether one of its steps that differ waits for one of another part that differs.</summary>
    internal bool WaitsFor(DeployedPart other) => Differing.Exists(step => Graph.AllBefore(step).Any(other.Differing.Contains));

    /// <summary>Whether a deployment of the one can be one of the other too: the same files of the same commit, and no rollback.</summary>
    internal bool IsOfTheSame(DeployedPart other) =>
        Deployment.Digest == other.Deployment.Digest
        && Deployment.Revision == other.Deployment.Revision
        && Deployment.RollbackTo is null
        && other.Deployment.RollbackTo is null;

    /// <summary>Both as one, in the name of the newer deployment.</summary>
    internal DeployedPart With(DeployedPart newer) =>
        newer with
        {
            Own = InOrder([.. Own, .. newer.Own]),
            Differing = InOrder([.. Differing, .. newer.Differing]),
        };

    private List<string> InOrder(HashSet<string> steps) => [.. Graph.Steps.Select(step => step.Name).Where(steps.Contains)];
}

/// <summary>What of a target is deployed again, since steps are not as their deployment left them.</summary>
/// <param name="Deployment">The deployment that did it last.</param>
/// <param name="Target">Its target.</param>
/// <param name="Steps">The steps that it was the last to deploy; <see langword="null"/> where these are all of its file.</param>
/// <param name="FollowedBy">
/// Steps of other deployments that have to be looked at once it has been deployed again: they differ too, or may use what it changes.
/// </param>
public sealed record DifferingDeployment(
    DeploymentRecord Deployment,
    TargetSpec Target,
    IReadOnlyList<string>? Steps,
    IReadOnlyList<string> FollowedBy
)
{
    /// <summary>
    /// What is deployed again first: the oldest deployment with steps that differ, unless these wait for steps of another that differ.
    /// </summary>
    /// <param name="parts">The parts of the target, the oldest first, with what differs.</param>
    /// <returns>What is deployed; <see langword="null"/> where nothing differs.</returns>
    internal static DifferingDeployment? First(IReadOnlyList<DeployedPart> parts)
    {
        var merged = new List<DeployedPart>();
        foreach (var part in parts)
        {
            var same = merged.FindIndex(part.IsOfTheSame);
            if (same < 0)
            {
                merged.Add(part);
            }
            else
            {
                merged[same] = merged[same].With(part);
            }
        }

        var differing = merged.FindAll(part => part.Differing.Count > 0);
        if (differing.Count == 0)
        {
            return null;
        }

        var first = differing.Find(part => !differing.Exists(other => other != part && part.WaitsFor(other))) ?? differing[0];
        var isWhole = first.Target.Instance is null && first.Deployment.RollbackTo is null && first.Own.Count == first.Graph.Steps.Count;
        return new DifferingDeployment(first.Deployment, first.Target, isWhole ? null : first.Own, Following(first, merged));
    }

    /// <summary>The steps of other deployments that differ, or that wait for what is deployed again, directly or through others.</summary>
    private static List<string> Following(DeployedPart first, List<DeployedPart> parts)
    {
        var others = parts.FindAll(part => part != first);
        var following = new HashSet<string>(others.SelectMany(part => part.Differing), StringComparer.Ordinal);
        var changing = new HashSet<string>(first.Differing, StringComparer.Ordinal);
        int before;
        do
        {
            before = changing.Count;
            foreach (var part in parts)
            {
                changing.UnionWith(part.Own.Where(step => part.Graph.AllBefore(step).Any(changing.Contains)));
            }
        } while (changing.Count > before);

        following.UnionWith(changing);
        // What the file that is deployed again has after its steps is proven with them, if nothing else is said.
        following.UnionWith(first.Graph.Dependents(first.Differing).Where(step => others.Exists(part => part.Own.Contains(step))));
        following.ExceptWith(first.Own);
        return [.. following.Order(StringComparer.Ordinal)];
    }
}
