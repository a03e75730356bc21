namespace Deployer.Cli.Output;

/// <summary>A deployment has begun that could not be followed to its end.</summary>
/// <param name="said">Why, and how it goes on: the sentence that the program ends with.</param>
/// <param name="command">The command that the sentence ends with, ready to copy; <see langword="null"/> for none.</param>
internal sealed class UnfollowedException(string said, string? command) : Exception(said)
{
    /// <summary>The command to go on with.</summary>
    public string? Command { get; } = command;
}
