namespace Deployer.Rehearsal.EventBridge;

/// <summary>A bus, stored under account, region and name.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Region">Its region.</param>
/// <param name="Name">Its name; every account has <c>default</c> in every region.</param>
/// <param name="Policy">Its resource policy (JSON), where it has one.</param>
public sealed record EventBus(string Account, string Region, string Name, string? Policy)
{
    /// <summary>The name of the bus that services publish to.</summary>
    public const string Default = "default";

    /// <summary>Its ARN.</summary>
    public string Arn => $"arn:aws:events:{Region}:{Account}:event-bus/{Name}";
}
