using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Ions;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Steps;

/// <summary>A step of a deployment.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
public abstract record StepSpec(string Name, SourcePosition Position, IReadOnlyList<NamedStep> After)
{
    /// <summary>The key that decides the step's kind.</summary>
    public abstract string Kind { get; }

    /// <summary>Every text of the step that may hold references.</summary>
    public abstract IEnumerable<Expression> Expressions { get; }

    /// <summary>Whether other steps may use outputs of this one.</summary>
    public virtual bool HasOutputs => false;

    /// <summary>The names of what the step makes and nothing else may have: stacks, paths of parameters.</summary>
    public virtual IEnumerable<Expression> OwnNames => [];

    /// <summary>The CloudFormation templates that the step deploys: files of the service or addresses.</summary>
    public virtual IEnumerable<Expression> Templates => [];

    /// <summary>The names of the Lambda functions that the step itself makes, as the service's files give them.</summary>
    /// <param name="folder">The service's folder.</param>
    public virtual IEnumerable<string> LambdaNames(ISourceFolder folder) => [];

    /// <summary>The steps whose outputs this one uses.</summary>
    public IEnumerable<string> UsedSteps => Expressions.SelectMany(expression => expression.Steps).Distinct();
}

/// <summary>A step named in <c>after</c>, and where.</summary>
public sealed record NamedStep(string Name, SourcePosition Position);

/// <summary>A CloudFormation stack.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Stack">The stack's name; known from the target alone.</param>
/// <param name="StackKind">Which of Datomic's rules hold.</param>
/// <param name="Template">A file of the service or an https address; known from the target alone.</param>
/// <param name="Parameters">Parameters by name; others keep their value.</param>
/// <param name="Tags">Tags by key.</param>
/// <param name="Publish">The path below which outputs are written as SSM parameters, or null.</param>
/// <param name="Capabilities">Capabilities granted, which are also all that the templates may need; null for exactly those that they
/// need.</param>
public sealed record StackStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    Expression Stack,
    StackKind StackKind,
    Expression Template,
    IReadOnlyDictionary<string, Expression> Parameters,
    IReadOnlyDictionary<string, Expression> Tags,
    Expression? Publish,
    IReadOnlyList<string>? Capabilities
) : StepSpec(Name, Position, After)
{
    /// <inheritdoc/>
    public override string Kind => "stack";

    /// <inheritdoc/>
    public override bool HasOutputs => true;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Templates => [Template];

    /// <inheritdoc/>
    public override IEnumerable<Expression> OwnNames => Publish is null ? [Stack] : [Stack, Publish];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
        [Stack, Template, .. Parameters.Values, .. Tags.Values, .. Publish is null ? [] : new[] { Publish }];
}

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

    /// <inheritdoc/>
    public override string Kind => "ions";

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Group];

    /// <summary>
    /// The Lambda functions that Datomic makes of the ions, without the group's name; none while the files cannot be read.
    /// </summary>
    public override IEnumerable<string> LambdaNames(ISourceFolder folder) =>
        IonApplication.Read(folder, Folder).Application?.Config.Lambdas.Select(lambda => lambda.Name) ?? [];
}

/// <summary>The address of Datomic, injected into Lambda functions.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Endpoint">What the DNS name is found from; its meaning depends on the route.</param>
/// <param name="Via">The route.</param>
/// <param name="FunctionNames">Names of functions, in which <c>*</c> stands for any characters and <c>?</c> for one.</param>
/// <param name="Variables">Variables to set, by name.</param>
public sealed record EndpointStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    Expression Endpoint,
    EndpointRoute Via,
    IReadOnlyList<Expression> FunctionNames,
    IReadOnlyDictionary<string, Expression> Variables
) : StepSpec(Name, Position, After)
{
    /// <summary>The alias of the functions that has to have the variables too; null for <c>$LATEST</c> alone.</summary>
    public string? Alias { get; init; }

    /// <inheritdoc/>
    public override string Kind => "endpoint";

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Endpoint, .. FunctionNames, .. Variables.Values];
}

/// <summary>An ECS service.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Service">The ECS service's name.</param>
/// <param name="Cluster">The ECS cluster.</param>
/// <param name="Images">The image of each container.</param>
public sealed record ServiceStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    Expression Service,
    Expression Cluster,
    IReadOnlyDictionary<string, Expression> Images
) : StepSpec(Name, Position, After)
{
    /// <inheritdoc/>
    public override string Kind => "service";

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Service, Cluster, .. Images.Values];
}

/// <summary>A pair of Datomic Pro transactors on Fargate.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="After">The steps named in <c>after</c>.</param>
/// <param name="Service">The ECS service's name.</param>
/// <param name="Cluster">The ECS cluster.</param>
/// <param name="Image">The transactor's image.</param>
/// <param name="Version">The version of Datomic Pro in the image.</param>
public sealed record TransactorStep(
    string Name,
    SourcePosition Position,
    IReadOnlyList<NamedStep> After,
    Expression Service,
    Expression Cluster,
    Expression Image,
    string Version
) : StepSpec(Name, Position, After)
{
    /// <inheritdoc/>
    public override string Kind => "transactor";

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => [Service, Cluster, Image];
}
