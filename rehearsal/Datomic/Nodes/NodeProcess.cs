using System.Globalization;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Datomic.Nodes;

/// <summary>Datomic's process on one instance of a compute group, since it was last started.</summary>
internal sealed record NodeProcess(
    string Account,
    string Region,
    string System,
    string Group,
    string InstanceId,
    string Role,
    DateTimeOffset Started
)
{
    /// <summary>The node's own permissions: its instance profile's role.</summary>
    public Principal Principal => Principal.AssumedRole(Account, Role, InstanceId);

    /// <summary>The system's log group.</summary>
    public string LogGroup => $"datomic-{System}";

    /// <summary>The process's own stream.</summary>
    /// <remarks>https://docs.datomic.com/cloud/operation/monitoring.html: system, group, instance and a timestamp.</remarks>
    public string LogStream => $"{System}-{Group}-{InstanceId}-{Started.ToString("yyyy-MM-dd-HH-mm-ss", CultureInfo.InvariantCulture)}-";
}
