using Deployer.Rehearsal.Ec2;

namespace Deployer.Rehearsal.AutoScaling;

/// <summary>A tag of an Auto Scaling group.</summary>
public sealed record ScalingTag(string Key, string Value, bool PropagateAtLaunch);

/// <summary>A member of an Auto Scaling group.</summary>
/// <param name="Id">The EC2 instance.</param>
/// <param name="Zone">Its availability zone.</param>
/// <param name="State">Pending, Pending:Wait, InService or Terminating.</param>
/// <param name="Template">What it was launched from.</param>
public sealed record ScalingInstance(string Id, string Zone, string State, LaunchSettings Template);

/// <summary>How a stack update exchanges the instances of a group: AWS::AutoScaling::AutoScalingGroup's AutoScalingRollingUpdate.</summary>
public sealed record RollingUpdate(int MaxBatchSize, int MinInstancesInService);

/// <summary>An Auto Scaling group. Stored under "account/region/name".</summary>
public sealed record ScalingGroup
{
    /// <summary>Twelve digits.</summary>
    public required string Account { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The group's name.</summary>
    public required string Name { get; init; }

    /// <summary>The group's ARN.</summary>
    public required string Arn { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>What new instances are launched from.</summary>
    public required LaunchSettings Template { get; init; }

    /// <summary>The fewest instances.</summary>
    public required int MinSize { get; init; }

    /// <summary>The most instances.</summary>
    public required int MaxSize { get; init; }

    /// <summary>How many there should be.</summary>
    public required int DesiredCapacity { get; init; }

    /// <summary>Where instances are launched, in turn.</summary>
    public required IReadOnlyList<string> Subnets { get; init; }

    /// <summary>The load balancers' target groups.</summary>
    public IReadOnlyList<string> TargetGroups { get; init; } = [];

    /// <summary>The group's tags.</summary>
    public IReadOnlyList<ScalingTag> Tags { get; init; } = [];

    /// <summary>The members, oldest first.</summary>
    public IReadOnlyList<ScalingInstance> Instances { get; init; } = [];

    /// <summary>The running exchange of instances, if any.</summary>
    public RollingUpdate? Rolling { get; init; }

    /// <summary>Whether the group is being deleted.</summary>
    public bool Deleting { get; init; }

    /// <summary>The members that serve.</summary>
    public IEnumerable<ScalingInstance> InService => Instances.Where(instance => instance.State == "InService");

    /// <summary>Whether nothing is to be launched, exchanged or ended any more.</summary>
    public bool Settled => Rolling is null && Instances.Count == DesiredCapacity && InService.Count() == DesiredCapacity;
}
