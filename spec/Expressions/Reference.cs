namespace Deployer.Spec.Expressions;

/// <summary>A part of an expression: written text, or a reference to something that a deployment knows.</summary>
public abstract record ExpressionPart;

/// <summary>Text that stands for itself.</summary>
public sealed record Literal(string Text) : ExpressionPart;

/// <summary>Something in <c>${…}</c>.</summary>
public abstract record Reference : ExpressionPart
{
    /// <summary>The reference as written between the braces.</summary>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => $"${{{Name}}}";
}

/// <summary><c>${target}</c>: the name of the target.</summary>
public sealed record TargetName : Reference
{
    /// <inheritdoc/>
    public override string Name => "target";
}

/// <summary><c>${service}</c>: the name of the service.</summary>
public sealed record ServiceName : Reference
{
    /// <inheritdoc/>
    public override string Name => "service";
}

/// <summary><c>${system}</c> and the like: a value of the target.</summary>
public sealed record TargetValue(string Value) : Reference
{
    /// <inheritdoc/>
    public override string Name => Value;
}

/// <summary><c>${steps.STEP.outputs.OUTPUT}</c>: an output of a stack, known once its step is done.</summary>
public sealed record StepOutput(string Step, string Output) : Reference
{
    /// <inheritdoc/>
    public override string Name => $"steps.{Step}.outputs.{Output}";
}

/// <summary><c>${revision}</c>: the commit that is deployed, in the image of an ECS service.</summary>
public sealed record CommitRevision : Reference
{
    /// <summary>The reference as it is written.</summary>
    public const string Written = "revision";

    /// <inheritdoc/>
    public override string Name => Written;
}

/// <summary><c>${dns}</c>: the DNS name of the endpoint, in the variables of an endpoint step.</summary>
public sealed record EndpointDns : Reference
{
    /// <inheritdoc/>
    public override string Name => "dns";
}
