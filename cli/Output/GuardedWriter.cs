using System.Text;

namespace Deployer.Cli.Output;

/// <summary>A standard stream, which may be closed or lead to a full disk.</summary>
/// <param name="inner">What is written to.</param>
internal abstract class GuardedWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void WriteLine() => Try(inner.WriteLine);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    /// <summary>What follows where it cannot be written.</summary>
    /// <param name="exception">Why not.</param>
    protected abstract void Lost(Exception exception);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Lost(exception);
        }
    }
}

/// <summary>
/// Writes what can be written: what the program came to, which its exit code says, does not depend on standard error.
/// </summary>
/// <param name="inner">What is written to.</param>
internal sealed class BestEffortWriter(TextWriter inner) : GuardedWriter(inner)
{
    /// <summary>There is nobody to say it to.</summary>
    protected override void Lost(Exception exception) { }
}

/// <summary>Says of results that it was standard output that could not be written.</summary>
/// <param name="inner">What is written to.</param>
internal sealed class StandardOutputWriter(TextWriter inner) : GuardedWriter(inner)
{
    /// <inheritdoc/>
    protected override void Lost(Exception exception) =>
        // .NET speaks of a path where a stream is closed.
        throw new IOException(
            $"standard output cannot be written ({(exception is UnauthorizedAccessException ? "it is closed" : exception.Message)})",
            exception
        );
}
