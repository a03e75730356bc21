using Amazon.AutoScaling.Model;

namespace Deployer.Functions.Groups;

/// <summary>How many instances an Auto Scaling group has.</summary>
/// <param name="Min">The fewest.</param>
/// <param name="Desired">How many there should be; 0 for a group that is off.</param>
/// <param name="Max">The most.</param>
public sealed record GroupCapacity(int Min, int Desired, int Max)
{
    /// <summary>The numbers of a group as it stands.</summary>
    public static GroupCapacity Of(AutoScalingGroup group) => new(group.MinSize ?? 0, group.DesiredCapacity ?? 0, group.MaxSize ?? 0);
}
