using System.Globalization;
using System.Text.Json.Serialization;

namespace Deployer.Rehearsal.World;

/// <summary>A fault injected on purpose: <paramref name="Name"/>, and what it strikes where that can be chosen.</summary>
public sealed record Fault(string Name, string? What)
{
    /// <inheritdoc/>
    public override string ToString() => What is null ? Name : $"{Name}:{What}";
}

/// <summary>What became of a fault.</summary>
/// <param name="Fault">The fault as it was asked for.</param>
/// <param name="Struck">Whether it struck.</param>
/// <param name="Needs">What it needs to strike and did not find; <see langword="null"/> when it struck.</param>
public sealed record FaultReport(
    string Fault,
    bool Struck,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Needs
);

/// <summary>What of a service a kind of fault strikes.</summary>
public enum FaultTarget
{
    /// <summary>Something that every deployment has: a request, an event.</summary>
    EveryService,

    /// <summary>A stack that the service deploys.</summary>
    Stack,

    /// <summary>A revision of ions that the service deploys.</summary>
    Ions,

    /// <summary>An ECS service that a stack declares or whose tasks the service replaces itself.</summary>
    EcsService,
}

/// <summary>A kind of fault.</summary>
/// <param name="Name">Its name.</param>
/// <param name="What">
/// What may be named after a colon for it to strike, one that the rehearsal picks without; <see langword="null"/> for nothing.
/// </param>
/// <param name="Effect">What goes wrong.</param>
public sealed record FaultKind(string Name, string? What, string Effect)
{
    /// <summary>Whether it strikes only what is named.</summary>
    public bool NeedsWhat { get; init; }

    /// <summary>What of a service has to be there for it to strike.</summary>
    [JsonIgnore]
    public FaultTarget Target { get; init; }

    /// <summary>What has to happen for it to strike.</summary>
    [JsonIgnore]
    public string Needs { get; init; } = string.Empty;

    /// <summary>How it is written.</summary>
    [JsonIgnore]
    public string Form =>
        What is null ? Name
        : NeedsWhat ? $"{Name}:{What}"
        : $"{Name}[:{What}]";
}

/// <summary>The faults of one run.</summary>
public sealed class Faults
{
    /// <summary>Nothing goes wrong.</summary>
    public static Faults None => new([]);

    private const string LogicalId = "LogicalId";
    private const string NeedsOperation = "a stack operation of a deployment that changes the resource";
    private const string NeedsUpdate = "an update, not a creation, of a stack by a deployment that changes the resource";
    private const string NeedsRevision = "a new revision of ions on a compute group that has run another one";
    private const string NeedsRoll = "a new deployment of an ECS service that has run another one";
    private const string NeedsTransactor = "a transactor with another task definition than the one that was active last";
    private const string NeedsEvent = "an event that a rule matches";
    private const string Request = RequestFault.Form;

    /// <summary>Every fault that a rehearsal can inject.</summary>
    public static readonly IReadOnlyList<FaultKind> Known =
    [
        new("stack-rolls-back", LogicalId, "a resource of the updated stack fails and the stack rolls back")
        {
            Needs = NeedsOperation,
            Target = FaultTarget.Stack,
        },
        new("rollback-fails", LogicalId, "a resource of the updated stack fails, and the rollback gets stuck until it is continued")
        {
            Needs = NeedsUpdate,
            Target = FaultTarget.Stack,
        },
        new("rollback-hangs", LogicalId, "a resource of the updated stack fails, and the rollback takes an hour, longer than the limit")
        {
            Needs = NeedsUpdate,
            Target = FaultTarget.Stack,
        },
        new("validation-fails", LogicalId, "the change set fails the validation that CloudFormation makes before it begins")
        {
            Needs = "a change set of a deployment that adds the resource",
            Target = FaultTarget.Stack,
        },
        new("stack-never-ends", null, "the updated stack stays in progress for hours")
        {
            Needs = "a stack operation of a deployment",
            Target = FaultTarget.Stack,
        },
        new("ion-load-fails", null, "the new revision does not load on the nodes and CodeDeploy rolls back")
        {
            Needs = NeedsRevision,
            Target = FaultTarget.Ions,
        },
        new("alert-after-deploy", null, "a node with the new revision raises an alert two minutes after it has loaded it")
        {
            Needs = NeedsRevision,
            Target = FaultTarget.Ions,
        },
        new("memory-low-after-deploy", null, "nodes with the new revision run short of free memory two minutes after they have loaded it")
        {
            Needs = NeedsRevision,
            Target = FaultTarget.Ions,
        },
        new("throttled-after-deploy", null, "nodes with the new revision turn requests away, from two minutes after they have loaded it")
        {
            Needs = NeedsRevision,
            Target = FaultTarget.Ions,
        },
        new("ion-deploy-hangs", null, "a node takes forty minutes to load the new revision, longer than the limit")
        {
            Needs = NeedsRevision,
            Target = FaultTarget.Ions,
        },
        new("lambdas-half-fail", "NAME", "the code is deployed, the ion Lambdas are not updated")
        {
            Needs = NeedsRevision + ", whose Lambda has a concurrency limit",
            Target = FaultTarget.Ions,
        },
        new(
            "transactor-does-not-stand-by",
            "SERVICE",
            "a Datomic Pro transactor of another revision than the last active one starts and never looks for heartbeats"
        )
        {
            Needs = NeedsTransactor,
            Target = FaultTarget.EcsService,
        },
        new(
            "transactor-does-not-take-over",
            "SERVICE",
            "a Datomic Pro transactor of another revision than the last active one stands by and never takes over"
        )
        {
            Needs = NeedsTransactor,
            Target = FaultTarget.EcsService,
        },
        new(
            "transactor-runs-out-of-memory",
            "SERVICE",
            "a Datomic Pro transactor of another revision than the last active one is killed (137) after minutes"
        )
        {
            Needs = NeedsTransactor,
            Target = FaultTarget.EcsService,
        },
        new(
            "transactor-reports-alarms",
            "SERVICE",
            "a Datomic Pro transactor of another revision than the last active one reports its metric Alarm once it is active"
        )
        {
            Needs = NeedsTransactor,
            Target = FaultTarget.EcsService,
        },
        new("peers-stay-away", null, "peers keep their connections to the former transactor when another Datomic Pro transactor takes over")
        {
            Needs =
                "a transactor that takes over from another one and has peers, which are tasks of ECS services whose environment has the "
                + "URI of a database in its table (datomic:ddb://REGION/TABLE/DATABASE)",
            Target = FaultTarget.EcsService,
        },
        new("tasks-do-not-start", "SERVICE", "the tasks of an ECS service's new deployment stop as they start")
        {
            Needs = NeedsRoll,
            Target = FaultTarget.EcsService,
        },
        new("tasks-run-out-of-memory", "SERVICE", "the containers of an ECS service's new deployment are killed for their memory (137)")
        {
            Needs = NeedsRoll,
            Target = FaultTarget.EcsService,
        },
        new("tasks-are-unhealthy", "SERVICE", "the containers of an ECS service's new deployment fail their health checks")
        {
            Needs = NeedsRoll + " and whose containers have a health check",
            Target = FaultTarget.EcsService,
        },
        new("targets-are-unhealthy", "SERVICE", "the load balancer finds the tasks of an ECS service's new deployment unhealthy")
        {
            Needs = NeedsRoll + " and that is behind a load balancer",
            Target = FaultTarget.EcsService,
        },
        new("tasks-are-not-placed", "SERVICE", "Fargate has no capacity for the tasks of an ECS service's new deployment")
        {
            Needs = NeedsRoll,
            Target = FaultTarget.EcsService,
        },
        new("image-cannot-be-pulled", "SERVICE", "the tasks of an ECS service's new deployment cannot pull their image")
        {
            Needs = NeedsRoll,
            Target = FaultTarget.EcsService,
        },
        new("deployment-alarm", "SERVICE", "an alarm of an ECS service's deployments goes off before the new one is completed")
        {
            Needs = NeedsRoll + " and whose deployments have alarms",
            Target = FaultTarget.EcsService,
        },
        new("image-is-missing", null, "the repository has no image under the tag that is asked for")
        {
            Needs = "a tag of a repository of ECR that is looked up",
            Target = FaultTarget.EcsService,
        },
        new("server-error", Request, "a request of a function, a build or a task is answered with a failure of the service (5xx)")
        {
            NeedsWhat = true,
        },
        new("throttled", Request, "a request of a function, a build or a task is refused because there are too many") { NeedsWhat = true },
        new(
            "connection-lost-before",
            Request,
            "the connection is lost before a request of a function, a build or a task has had its effect"
        )
        {
            NeedsWhat = true,
        },
        new("connection-lost-after", Request, "the connection is lost after a request of a function, a build or a task has had its effect")
        {
            NeedsWhat = true,
        },
        new("notification-fails", null, "EventBridge takes no event that is put on a default bus")
        {
            Needs = "an event that a function puts on a default bus",
        },
        new("events-lost", null, "no EventBridge event reaches a target; schedules still run") { Needs = NeedsEvent },
        new("events-twice", null, "every EventBridge event reaches its targets twice") { Needs = NeedsEvent },
        new("events-disordered", null, "EventBridge events overtake one another by up to a minute")
        {
            Needs = "two events within a minute that rules match",
        },
    ];

    private readonly List<Fault> _faults;
    private readonly HashSet<Fault> _struck = [];
    private readonly Dictionary<(string Service, string Operation), int> _requests = [];

    /// <summary>A run with these faults.</summary>
    /// <exception cref="ArgumentException">A name is not among <see cref="Known"/>, or what it strikes has another form.</exception>
    public Faults(IEnumerable<Fault> faults)
    {
        _faults = [.. faults];
        foreach (var fault in _faults)
        {
            if (!Known.Any(known => known.Name == fault.Name))
            {
                throw new ArgumentException(
                    $"unknown fault '{fault.Name}'; known: "
                        + $"{string.Join(", ", Known.Select(known => known.Name).Order(StringComparer.Ordinal))}",
                    nameof(faults)
                );
            }
        }

        Requests = [.. _faults.Select(RequestFault.Read).OfType<RequestFault>()];
    }

    /// <summary>The faults that strike requests.</summary>
    internal IReadOnlyList<RequestFault> Requests { get; }

    /// <summary>All of them, in the order in which they were given.</summary>
    public IReadOnlyList<Fault> All => _faults;

    /// <summary>Reads <c>NAME[:WHAT]</c>.</summary>
    public static Fault Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new Fault(text, null) : new Fault(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Reads the faults of a file: one on each line; empty lines and those that begin with <c>#</c> are left out.</summary>
    /// <returns>Each with the number of its line, from 1.</returns>
    public static IEnumerable<(int Line, string Fault)> ReadLines(string text) =>
        text.Split('\n').Select((line, index) => (index + 1, line.Trim())).Where(line => line.Item2.Length > 0 && line.Item2[0] != '#');

    /// <summary>
    /// Whether none strikes for now: accounts are as they were before a run, so its faults have nothing to do with how they came there.
    /// </summary>
    internal bool AreHeld { get; set; }

    /// <summary>The fault of this name, when it is to be injected.</summary>
    public Fault? Find(string name) => AreHeld ? null : _faults.Find(fault => fault.Name == name);

    /// <summary>
    /// Whether the fault of this name is to be injected, asked where it strikes if it is: it has struck then. On the world's thread.
    /// </summary>
    internal bool Strikes(string name)
    {
        if (Find(name) is not { } fault)
        {
            return false;
        }

        Strike(fault);
        return true;
    }

    /// <summary>Notes that a fault strikes; on the world's thread.</summary>
    internal void Strike(Fault fault) => _struck.Add(fault);

    /// <summary>Counts a request of functions, builds and tasks; on the world's thread.</summary>
    /// <returns>Which request of the operation it is, from 1.</returns>
    internal int Count(string service, string operation)
    {
        var key = (service, operation);
        return _requests[key] = _requests.GetValueOrDefault(key) + 1;
    }

    /// <summary>What has become of each fault, in the order in which they were given; on the world's thread.</summary>
    internal IReadOnlyList<FaultReport> Reports() =>
        [
            .. _faults.Select(fault =>
            {
                var struck = _struck.Contains(fault);
                return new FaultReport(fault.ToString(), struck, struck ? null : Needs(fault));
            }),
        ];

    private string Needs(Fault fault)
    {
        if (Requests.FirstOrDefault(request => request.Fault == fault) is not { } request)
        {
            var needs = Known.First(known => known.Name == fault.Name).Needs;
            return fault.What is null ? needs : $"{needs} ({fault.What})";
        }

        var made = _requests.GetValueOrDefault((request.Service, request.Operation));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"request {request.Number ?? 1} of {request.Service}:{request.Operation}; functions, builds and tasks made {made}"
        );
    }
}
