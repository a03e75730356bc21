using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Steps;

/// <summary>An ECS service whose tasks are replaced by those of a new revision of its task definition.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Service">The ECS service's name.</param>
/// <param name="Cluster">The ECS cluster.</param>
public sealed record ServiceStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    Expression Service,
    Expression Cluster
) : StepSpec(Name, Position, After)
{
    /// <summary>The tag that the deployer adds to each revision, which says of what it was made.</summary>
    public const string MadeOfTag = "deployer:made-of";

    /// <summary>The container's image, with a tag or a digest; <see langword="null"/> for the one that it has.</summary>
    public Expression? Image { get; init; }

    /// <summary>The file with the task definition; <see langword="null"/> for the revision that runs.</summary>
    public RelativePath? Definition { get; init; }

    /// <summary>Where the file is named.</summary>
    public SourcePosition? DefinitionPosition { get; init; }

    /// <summary>The container that is changed; <see langword="null"/> for the only one.</summary>
    public string? Container { get; init; }

    /// <summary>Where the container is named.</summary>
    public SourcePosition? ContainerPosition { get; init; }

    /// <summary>The container's CPU units; <see langword="null"/> for as many as it has.</summary>
    public int? Cpu { get; init; }

    /// <summary>The container's memory in MiB; <see langword="null"/> for as much as it has.</summary>
    public int? Memory { get; init; }

    /// <summary>The CPU units of the whole task; <see langword="null"/> for as many as it has.</summary>
    public int? TaskCpu { get; init; }

    /// <summary>The memory of the whole task in MiB; <see langword="null"/> for as much as it has.</summary>
    public int? TaskMemory { get; init; }

    /// <summary>Where the size of the whole task is written.</summary>
    public SourcePosition? TaskPosition { get; init; }

    /// <summary>Variables of the container's environment; others stay.</summary>
    public IReadOnlyDictionary<string, Expression> Environment { get; init; } = new Dictionary<string, Expression>();

    /// <summary>Variables whose values ECS takes from parameters or secrets, by what these are called; others stay.</summary>
    public IReadOnlyDictionary<string, Expression> Secrets { get; init; } = new Dictionary<string, Expression>();

    /// <summary>Whether something of one container is changed.</summary>
    public bool ChangesContainer => this is not { Image: null, Cpu: null, Memory: null, Environment.Count: 0, Secrets.Count: 0 };

    /// <inheritdoc/>
    public override string Kind => "service";

    /// <inheritdoc/>
    public override IEnumerable<NamedEcsService> EcsServices => [new(Cluster, Service)];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
        [Service, Cluster, .. Image is null ? Array.Empty<Expression>() : [Image], .. Environment.Values, .. Secrets.Values];
}
