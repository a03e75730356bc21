namespace Deployer.Cli.Commands;

/// <summary>A person interrupts a rehearsal whose accounts are kept: what had begun goes on with the next command in them.</summary>
/// <param name="folder">The folder of the accounts.</param>
/// <param name="execution">The execution that had begun; <see langword="null"/> for none.</param>
/// <param name="cancellation">By what it was interrupted.</param>
internal sealed class RehearsalInterruptedException(string folder, string? execution, CancellationToken cancellation)
    : OperationCanceledException(Sentence(folder, execution), cancellation)
{
    private static string Sentence(string folder, string? execution) =>
        execution is null
            ? $"interrupted; the next command with --state {folder} continues what had begun there"
            : $"interrupted; {execution} had begun and is not at its end: the next command with --state {folder} continues it";
}
