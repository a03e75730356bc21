using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Steps;

/// <summary>A Datomic Pro transactor on Fargate: two ECS services, of which each runs one transactor or none.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Transactor">The transactor's name: its services are <c>NAME-a</c> and <c>NAME-b</c>.</param>
/// <param name="Cluster">The ECS cluster.</param>
/// <param name="Image">The transactor's image.</param>
/// <param name="Version">The release of Datomic Pro in the image.</param>
/// <param name="Java">The version of Java in the image.</param>
/// <param name="Size">What a task has.</param>
public sealed record TransactorStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    Expression Transactor,
    Expression Cluster,
    Expression Image,
    Expression Version,
    Expression Java,
    TransactorSize Size
) : StepSpec(Name, Position, After)
{
    /// <summary>Whether there is a standby: <c>pair</c> or <c>single</c>.</summary>
    public required Expression Mode { get; init; }

    /// <summary>Whether the file allows the time without writes that a single transactor's replacement has.</summary>
    public bool AllowsWriteGap { get; init; }

    /// <summary>The DynamoDB table.</summary>
    public required Expression Table { get; init; }

    /// <summary>The log group.</summary>
    public required Expression LogGroup { get; init; }

    /// <summary>Lines of the transactor's properties file, by name.</summary>
    public IReadOnlyDictionary<string, Expression> Properties { get; init; } = new Dictionary<string, Expression>();

    /// <summary>Environment variables of the container beside those that the deployer makes, by name.</summary>
    public IReadOnlyDictionary<string, Expression> Environment { get; init; } = new Dictionary<string, Expression>();

    /// <summary>Secrets: the ARN of each, by the name of the property or the environment variable that gets its value.</summary>
    public IReadOnlyDictionary<string, Expression> Secrets { get; init; } = new Dictionary<string, Expression>();

    /// <summary>Options of the JVM beside those of the heap and of Datomic's garbage collector.</summary>
    public IReadOnlyList<Expression> JavaOptions { get; init; } = [];

    /// <summary>How long the new transactors are watched before the step counts as done; null for the usual time.</summary>
    public TimeSpan? Watch { get; init; }

    /// <inheritdoc/>
    public override string Kind => "transactor";

    /// <inheritdoc/>
    public override IEnumerable<NamedEcsService> EcsServices => [new(Cluster, WithSuffix("-a")), new(Cluster, WithSuffix("-b"))];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
        [
            Transactor,
            Cluster,
            Image,
            Version,
            Java,
            Size.Cpu,
            Size.Memory,
            Size.Heap,
            Mode,
            Table,
            LogGroup,
            .. Properties.Values,
            .. Environment.Values,
            .. Secrets.Values,
            .. JavaOptions,
        ];

    private Expression WithSuffix(string suffix) =>
        Transactor with
        {
            Text = Transactor.Text + suffix,
            Parts = [.. Transactor.Parts, new Literal(suffix)],
        };
}

/// <summary>What a task of a transactor has.</summary>
/// <param name="Cpu">Units of CPU; 1024 are one vCPU.</param>
/// <param name="Memory">The task's memory in MiB.</param>
/// <param name="Heap">The heap of the JVM, such as <c>4g</c>.</param>
public sealed record TransactorSize(Expression Cpu, Expression Memory, Expression Heap);
