using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>Something that happened to what a target owns or reads, by an operation that is not the deployer's.</summary>
/// <param name="Resource">What it happened to.</param>
/// <param name="What">What happened, in AWS's words.</param>
/// <param name="Operation">What names the operation, where AWS names one.</param>
/// <param name="At">When.</param>
public sealed record OutsideChange(string Resource, string What, string? Operation, DateTimeOffset At)
{
    /// <summary>Whether it happened to a deployment or a plan of the deployer, or by its own change of a capacity.</summary>
    [JsonIgnore]
    public bool IsOfDeployer =>
        Resource.StartsWith(Deployment, StringComparison.Ordinal)
        || Resource.StartsWith(Plan, StringComparison.Ordinal)
        || What.EndsWith(OfCapacity, StringComparison.Ordinal);

    /// <summary>Changes in words, a sentence for each resource and operation.</summary>
    public static IReadOnlyList<string> Sentences(IEnumerable<OutsideChange> changes)
    {
        var groups = new List<List<OutsideChange>>();
        foreach (var change in changes)
        {
            if (groups.Find(group => group[0].Resource == change.Resource && group[0].Operation == change.Operation) is { } known)
            {
                known.Add(change);
            }
            else
            {
                groups.Add([change]);
            }
        }

        return [.. groups.Select(Sentence)];
    }

    /// <summary>All that was heard of, in the order in which it happened first: the last word of it is not how things are.</summary>
    private static string Sentence(List<OutsideChange> changes)
    {
        var first = changes[0];
        var heard = new List<OutsideChange>();
        foreach (var change in changes)
        {
            heard.Insert(heard.FindLastIndex(earlier => earlier.At <= change.At) + 1, change);
        }

        var words = new List<string>();
        foreach (var change in heard)
        {
            if (!words.Contains(change.What))
            {
                words.Add(change.What);
            }
        }

        var operation =
            first.Operation is { } named ? $" by operation {named}"
            : first.IsOfDeployer ? string.Empty
            : " by operations without a name";
        return $"{first.Resource}: {string.Join(", ", words)}{operation}, since {heard[0].At:u}";
    }

    private const string OfCapacity = " as 'deployer group on' asked";

    /// <summary>The same, as a thing that the deployer's own change of a capacity has had happen.</summary>
    public OutsideChange ByCapacity() => this with { What = What + OfCapacity, Operation = null };

    private const string Deployment = "deployment ";
    private const string Plan = "plan ";

    /// <summary>The resource that a deployment is.</summary>
    public static string OfDeployment(DeploymentId deployment) => Deployment + deployment;

    /// <summary>The resource that a plan is.</summary>
    public static string OfPlan(DeploymentId plan) => Plan + plan;
}
