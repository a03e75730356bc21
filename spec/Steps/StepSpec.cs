using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
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

    /// <summary>Whether the step deploys new revisions of ions to compute groups.</summary>
    public virtual bool DeploysIons => false;

    /// <summary>Whether the step deploys a stack of the Datomic system itself: its storage or its primary compute group.</summary>
    public virtual bool DeploysSystem => false;

    /// <summary>The ECS services whose tasks the step itself replaces.</summary>
    public virtual IEnumerable<NamedEcsService> EcsServices => [];

    /// <summary>The steps whose outputs this one uses.</summary>
    public IEnumerable<string> UsedSteps => Expressions.SelectMany(expression => expression.Steps).Distinct();
}

/// <summary>A step named in <c>after</c>, and where.</summary>
public sealed record NamedStep(string Name, SourcePosition Position);

/// <summary>An ECS service as a step names it.</summary>
/// <param name="Cluster">Its cluster.</param>
/// <param name="Name">Its name.</param>
public sealed record NamedEcsService(Expression Cluster, Expression Name);
