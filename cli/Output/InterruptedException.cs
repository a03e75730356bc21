namespace Deployer.Cli.Output;

/// <summary>A person interrupts what goes on without the program.</summary>
/// <param name="said">What has begun, and how it goes on: the sentence that the program ends with.</param>
/// <param name="cancellation">By what it was interrupted.</param>
internal sealed class InterruptedException(string said, CancellationToken cancellation) : OperationCanceledException(said, cancellation);
