namespace Deployer.Cli.Output;

/// <summary>Input that is wrong, before anything was called.</summary>
/// <param name="error">What the JSON document calls it.</param>
/// <param name="message">What is wrong and what was expected, for people.</param>
/// <param name="inner">What it was found by.</param>
internal sealed class InvalidInputException(string error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the JSON document calls it.</summary>
    public string Error { get; } = error;
}
