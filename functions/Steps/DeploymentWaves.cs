namespace Deployer.Functions.Steps;

/// <summary>The steps that have something to do, wave by wave.</summary>
public sealed record DeploymentWaves(IReadOnlyList<Wave> Waves);

/// <summary>Steps that may run side by side.</summary>
public sealed record Wave(IReadOnlyList<WaveStep> Steps);

/// <summary>A step that has something to do, or may have.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Kind">The branch of the machine <c>deploy</c> that it takes.</param>
public sealed record WaveStep(string Name, string Kind);
