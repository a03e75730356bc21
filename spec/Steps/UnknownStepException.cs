using Deployer.Spec.Faults;

namespace Deployer.Spec.Steps;

/// <summary>A step was asked for that the service does not have.</summary>
public sealed class UnknownStepException : Exception
{
    /// <summary>A name that is none of <paramref name="known"/>.</summary>
    public UnknownStepException(string step, IReadOnlyCollection<string> known)
        : base($"There is no step \"{step}\"; expected {NearestName.Expectation(step, known)}.") => Step = step;

    /// <summary>The name that was asked for.</summary>
    public string Step { get; }
}
