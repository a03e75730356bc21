namespace Deployer.Cli.Output;

/// <summary>A deployment has begun that could not be followed to its end.</summary>
/// <param name="said">Why, and how it goes on: the sentence that the program ends with.</param>
/// <param name="commands">The commands that the sentence ends with, ready to copy.</param>
internal sealed class UnfollowedException(string said, IReadOnlyList<string> commands) : Exception(said)
{
    /// <summary>The commands to go on with.</summary>
    public IReadOnlyList<string> Commands { get; } = commands;
}
