using Deployer.Spec.Faults;

namespace Deployer.Spec;

/// <summary>What reading a service's file gave.</summary>
/// <param name="Spec">The file's content; null when there is a fault.</param>
/// <param name="Faults">Everything that is wrong, in the order of the files; empty when <paramref name="Spec"/> is there.</param>
public sealed record SpecReading(ServiceSpec? Spec, IReadOnlyList<Fault> Faults)
{
    /// <summary>What is no fault and should be known, in the order of the files.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>The targets as far as they could be read; also where there are faults.</summary>
    public IReadOnlyList<TargetSpec> Targets { get; init; } = [];

    /// <summary>The service's own templates that its steps name, for any target; also where there are faults.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];
}
