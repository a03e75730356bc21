namespace Deployer.Rehearsal.World;

/// <summary>A fault injected on purpose: <paramref name="Name"/>, and what it strikes where that can be chosen.</summary>
public sealed record Fault(string Name, string? What);

/// <summary>The faults of one run.</summary>
public sealed class Faults
{
    /// <summary>Nothing goes wrong.</summary>
    public static readonly Faults None = new([]);

    /// <summary>Every fault that the rehearsal can inject, with a line of meaning.</summary>
    public static readonly IReadOnlyDictionary<string, string> Known = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["stack-rolls-back"] = "a resource of the updated stack fails and the stack rolls back; WHAT is its logical id",
        ["rollback-fails"] = "a resource of the updated stack fails, and fails again in the rollback; WHAT is its logical id",
        ["rollback-hangs"] = "a resource of the updated stack fails, and its rollback takes an hour; WHAT is its logical id",
        ["ion-load-fails"] = "the new revision does not load on the nodes and CodeDeploy rolls back",
        ["alert-after-deploy"] = "a node with the new revision raises an alert two minutes after it has loaded it",
        ["memory-low-after-deploy"] = "nodes with the new revision run short of free memory two minutes after they have loaded it",
        ["throttled-after-deploy"] = "nodes with the new revision turn requests away, from two minutes after they have loaded it",
        ["ion-deploy-hangs"] = "a node takes forty minutes to load the new revision",
        ["lambdas-half-fail"] = "the code is deployed, the ion Lambdas are not brought in line; WHAT is a Lambda's name",
        ["events-lost"] = "no EventBridge event reaches a target; schedules still run",
        ["events-twice"] = "every EventBridge event reaches its targets twice",
        ["events-disordered"] = "EventBridge events overtake one another by up to a minute",
        ["validation-fails"] =
            "the change set of a stack fails CloudFormation's validation; WHAT is the logical id of a resource that it adds",
        ["tasks-do-not-start"] = "the tasks of an ECS service's new deployment stop as they start; WHAT is the service's name",
        ["stack-never-ends"] = "the updated stack stays in progress for hours",
    };

    private readonly List<Fault> _faults;

    /// <summary>A run with these faults.</summary>
    /// <exception cref="ArgumentException">A name is not among <see cref="Known"/>.</exception>
    public Faults(IEnumerable<Fault> faults)
    {
        _faults = [.. faults];
        foreach (var fault in _faults)
        {
            if (!Known.ContainsKey(fault.Name))
            {
                throw new ArgumentException($"unknown fault '{fault.Name}'; known: {string.Join(", ", Known.Keys)}", nameof(faults));
            }
        }
    }

    /// <summary>Reads <c>NAME[:WHAT]</c>.</summary>
    public static Fault Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new Fault(text, null) : new Fault(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>The fault of this name, when it is injected in this run.</summary>
    public Fault? Find(string name) => _faults.Find(fault => fault.Name == name);

    /// <summary>Whether the fault of this name is injected in this run.</summary>
    public bool Has(string name) => Find(name) is not null;
}
