namespace Deployer.Cli.Output;

/// <summary>A person interrupts what goes on without the program.</summary>
/// <param name="said">What has begun, and how it goes on: the sentence that the program ends with.</param>
/// <param name="cancellation">By what it was interrupted.</param>
/// <param name="commands">The commands that the sentence ends with, ready to copy.</param>
internal sealed class InterruptedException(string said, CancellationToken cancellation, params IReadOnlyList<string> commands)
    : OperationCanceledException(said, cancellation)
{
    /// <summary>The commands to go on with.</summary>
    public IReadOnlyList<string> Commands { get; } = commands;
}
