using Deployer.Spec.Faults;

namespace Deployer.Spec.Steps;

/// <summary>Why one step waits for another.</summary>
/// <param name="Step">The step that waits.</param>
/// <param name="Before">The step that has to be done first.</param>
/// <param name="Reason">What says so: <c>after</c>, a reference, or Datomic's order of stacks.</param>
/// <param name="Position">Where it is written.</param>
internal sealed record StepEdge(string Step, string Before, string Reason, SourcePosition Position);
