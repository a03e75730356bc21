namespace Deployer.Functions.Endpoints;

/// <summary>What was done for a function's variables.</summary>
internal abstract record AppliedVariables
{
    /// <summary>Nothing is left to do.</summary>
    public sealed record Done : AppliedVariables;

    /// <summary>Something was written, whose update is to be waited for.</summary>
    public sealed record Written : AppliedVariables;

    /// <summary>Another update is to be waited for.</summary>
    public sealed record Pending : AppliedVariables;

    /// <summary>It cannot be done.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(string Reason) : AppliedVariables;
}
