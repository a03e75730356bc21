using Deployer.Cli.Progress;

namespace Deployer.Cli.Tests.Progress;

/// <summary>Keeps what is shown.</summary>
internal sealed class RecordedProgress : IProgressView
{
    public List<ProgressEvent> Seen { get; } = [];

    public void Report(ProgressEvent happened) => Seen.Add(happened);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
