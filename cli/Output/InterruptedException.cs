namespace Deployer.Cli.Output;

/// <summary>A person interrupts what goes on without the program.</summary>
/// <param name="said">What has begun, and how it goes on: the sentence that the program ends with.</param>
/// <param name="cancellation">By what it was interrupted.</param>
/// <param name="command">The command that the sentence ends with, ready to copy; <see langword="null"/> for none.</param>
internal sealed class InterruptedException(string said, CancellationToken cancellation, string? command = null)
    : OperationCanceledException(said, cancellation)
{
    /// <summary>The command to go on with.</summary>
    public string? Command { get; } = command;
}
