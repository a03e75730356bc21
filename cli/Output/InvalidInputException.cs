namespace Deployer.Cli.Output;

/// <summary>Input that is wrong, before anything was called.</summary>
/// <param name="error">What the JSON document calls it.</param>
/// <param name="message">What is wrong and what was expected, for people.</param>
internal sealed class InvalidInputException(string error, string message) : Exception(message)
{
    /// <summary>What the JSON document calls it.</summary>
    public string Error { get; } = error;
}
