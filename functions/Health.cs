namespace Deployer.Functions;

/// <summary>What <see cref="HealthFunction"/> is asked and answers.</summary>
/// <param name="Message">Any text; it comes back as it was sent.</param>
public sealed record Health(string? Message);
