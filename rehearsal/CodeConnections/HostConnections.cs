using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodeConnections;

/// <summary>The connections to git hosts of every account.</summary>
public sealed class HostConnections(RehearsalWorld world)
{
    private readonly Table<HostConnection> _connections = world.Store.Table<HostConnection>("codeconnections");

    /// <summary>The connection of an ARN, or <see langword="null"/>.</summary>
    public HostConnection? Find(string arn) => _connections.Get(arn);

    /// <summary>Adds a connection, or replaces the one of its ARN.</summary>
    public void Put(HostConnection connection) => _connections.Put(connection.Arn, connection);

    /// <summary>Forgets a connection; there need not be one.</summary>
    public void Delete(string arn) => _connections.Remove(arn);
}

/// <summary>A connection to a git host.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Name">Its name.</param>
/// <param name="Provider">Such as <c>GitHub</c>.</param>
/// <param name="IsAvailable">
/// Whether somebody has completed it in the console: until then it is pending, as one that CloudFormation made always is at first.
/// https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
/// </param>
public sealed record HostConnection(string Arn, string Name, string Provider, bool IsAvailable);
