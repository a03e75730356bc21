using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Ions;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Steps;

/// <summary>Ions, pushed and deployed to a compute group.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Folder">The folder with <c>deps.edn</c>.</param>
/// <param name="FolderPosition">Where it is written.</param>
/// <param name="Group">The compute group (CodeDeploy deployment group).</param>
/// <param name="AllowConflicts">Libraries that may conflict with Datomic's own.</param>
/// <param name="AllowUnpromoted">Whether a revision may be deployed that was never released in the stage before.</param>
/// <param name="Bake">How a revision that is live is watched before it counts as released; null for not at all.</param>
public sealed record IonsStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    RelativePath Folder,
    SourcePosition FolderPosition,
    Expression Group,
    IReadOnlyList<string> AllowConflicts,
    bool AllowUnpromoted = false,
    BakeSpec? Bake = null
) : StepSpec(Name, Position, After)
{
    /// <summary>The version of ion-dev that the step asks for; null for that of deps.edn.</summary>
    public string? IonDev { get; init; }

    /// <summary>Where that is written.</summary>
    public SourcePosition? IonDevPosition { get; init; }

    /// <inheritdoc/>
    public override string Kind => "ions";

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Group];

    /// <inheritdoc/>
    public override bool DeploysIons => true;

    /// <summary>
    /// The Lambda functions that Datomic makes of the ions, without the group's name; none while the files cannot be read.
    /// </summary>
    public override IEnumerable<string> LambdaNames(ISourceFolder folder) =>
        IonApplication.Read(folder, Folder).Application?.Config.Lambdas.Select(lambda => lambda.Name) ?? [];
}
