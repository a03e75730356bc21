namespace Deployer.Rehearsal.Iam;

/// <summary>Where a policy document is attached, which decides the elements that its statements must and must not have.</summary>
public enum PolicyKind
{
    /// <summary>On a principal: a role's inline or managed policy, a permissions boundary, a session policy. No Principal; a Resource is
    /// required.</summary>
    Identity,

    /// <summary>On a resource, such as a bucket or an event bus. Principal and Resource are required.</summary>
    Resource,

    /// <summary>On a role: who may assume it. A Principal is required, a Resource is not allowed.</summary>
    Trust,
}
