namespace Deployer.Cli.Progress;

/// <summary>Shows what a command does while it works. It ends when it is disposed: the result comes after it.</summary>
internal interface IProgressView : IAsyncDisposable
{
    /// <summary>Shows that something began or ended. May be called from any thread, and does not wait.</summary>
    void Report(ProgressEvent happened);
}
