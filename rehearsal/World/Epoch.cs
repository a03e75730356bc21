namespace Deployer.Rehearsal.World;

/// <summary>The instant at which every rehearsal begins: far in the future, so that no client takes its credentials for expired.</summary>
public static class Epoch
{
    /// <summary>2040-01-01T00:00:00Z.</summary>
    public static readonly DateTimeOffset Start = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
