namespace Deployer.Spec.Binding;

/// <summary>Which references a text may hold, by when it has to be known.</summary>
internal enum Scope
{
    /// <summary>Before anything is done: the target's own values.</summary>
    Target,

    /// <summary>When the step is done: outputs of earlier steps too.</summary>
    Outputs,

    /// <summary>When the endpoint is resolved: its DNS name too.</summary>
    OutputsAndDns,

    /// <summary>When the step is done: outputs of earlier steps, and the commit that is deployed.</summary>
    OutputsAndRevision,
}
