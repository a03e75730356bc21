using System.Collections.Concurrent;

namespace Deployer.Rehearsal.CodeBuild.Shell;

/// <summary>How far a build's machine has come: what is known of one that does not come to its end.</summary>
internal sealed class BuildProgress
{
    // Its programs have been killed: what is waited for is that they are gone and that what they printed is read.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _output = [];

    /// <summary>The phases of commands that were entered, in order; <see langword="null"/> as long as no shell has ended.</summary>
    internal IReadOnlyList<PhaseResult>? Phases { get; set; }

    /// <summary>What the commands have printed, line by line.</summary>
    internal IReadOnlyList<string> Output => [.. _output];

    /// <summary>The commands print a line.</summary>
    internal void Print(string line) => _output.Enqueue(line);

    /// <summary>The machine is gone.</summary>
    internal void End() => _ended.TrySetResult();

    /// <summary>Waits on the wall clock until a machine that was killed is gone.</summary>
    internal void AwaitEnd() => _ended.Task.Wait(Patience);
}
