namespace Deployer.Rehearsal.CloudFormation.Schemas;

/// <summary>What a schema says against a property.</summary>
/// <param name="Path">The names, and places in lists, that lead to the value.</param>
internal abstract record PropertyFault(string[] Path)
{
    /// <summary>What CloudFormation's validator says after the path.</summary>
    protected abstract string Problem { get; }

    /// <summary>As CloudFormation's validator says it: <c>#/Tags/0: required key [Key] not found</c>.</summary>
    public sealed override string ToString() => $"{string.Join('/', Path.Prepend("#"))}: {Problem}";
}

/// <summary>A member has to be given and is not.</summary>
/// <param name="Path">Where it would have to stand.</param>
/// <param name="Name">The member.</param>
internal sealed record RequiredMissing(string[] Path, string Name) : PropertyFault(Path)
{
    /// <inheritdoc/>
    protected override string Problem => $"required key [{Name}] not found";
}

/// <summary>There is no such member.</summary>
/// <param name="Path">What it is given to.</param>
/// <param name="Name">The member.</param>
/// <param name="Known">Those that there are.</param>
internal sealed record UnknownMember(string[] Path, string Name, IReadOnlyCollection<string> Known) : PropertyFault(Path)
{
    /// <inheritdoc/>
    protected override string Problem => $"extraneous key [{Name}] is not permitted";
}

/// <summary>A value is of another type.</summary>
/// <param name="Path">The value.</param>
/// <param name="Expected">The type that the schema says.</param>
/// <param name="Found">The type that it has.</param>
internal sealed record WrongType(string[] Path, string Expected, string Found) : PropertyFault(Path)
{
    /// <inheritdoc/>
    protected override string Problem => $"expected type: {Expected}, found: {Found}";
}

/// <summary>A value is none of those that are allowed.</summary>
/// <param name="Path">The value.</param>
/// <param name="Value">What was given.</param>
/// <param name="Allowed">What could be.</param>
internal sealed record ValueNotAllowed(string[] Path, string Value, IReadOnlyList<string> Allowed) : PropertyFault(Path)
{
    /// <inheritdoc/>
    protected override string Problem => $"{Value} is not a valid enum value";
}
