using System.Diagnostics;

namespace Deployer.Rehearsal.Processes;

/// <summary>A program that an actor runs to its end.</summary>
internal static class ChildProcess
{
    // Something that it left running may hold its output open; nothing of that is waited for.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(2);

    /// <summary>Runs it and hands over what it prints to standard output, line by line.</summary>
    /// <param name="program">Found by the path of this process.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="environment">Its whole environment; <see langword="null"/> for this process's own.</param>
    /// <param name="line">Takes each line.</param>
    /// <param name="cancellation">Kills it and all that it started.</param>
    /// <param name="input">
    /// Writes what it reads from standard input; without it there is nothing to read. What this throws kills it and is thrown on.
    /// </param>
    /// <param name="started">Takes its id when it has been started.</param>
    /// <returns>Its exit status, what it printed to standard error, and whether it was killed.</returns>
    internal static async Task<(int ExitCode, string Errors, bool Killed)> Run(
        string program,
        IEnumerable<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string>? environment,
        Action<string> line,
        CancellationToken cancellation,
        Action<Stream>? input = null,
        Action<int>? started = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (environment is not null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }
        }

        using var process = Process.Start(start)!;
        started?.Invoke(process.Id);
        if (input is null)
        {
            process.StandardInput.Close();
        }

        var killed = false;
        await using (
            cancellation.Register(() =>
            {
                killed = true;
                process.Kill(entireProcessTree: true);
            })
        )
        {
            var output = ReadLines();
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            if (input is not null)
            {
                Write(input);
            }

            await process.WaitForExitAsync(CancellationToken.None);
            await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(OutputGrace, CancellationToken.None));
            return (process.ExitCode, errors.IsCompletedSuccessfully ? await errors : string.Empty, killed);
        }

        void Write(Action<Stream> write)
        {
            using var stream = new ProcessInput(process.StandardInput.BaseStream);
            try
            {
                write(stream);
            }
            catch (IOException) when (stream.IsClosed)
            {
                // It ended before it had read everything: its exit status and its errors say why.
            }
            catch
            {
                // It would take the part that was written for the whole.
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                throw;
            }
        }

        async Task ReadLines()
        {
            while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } text)
            {
                line(text);
            }
        }
    }
}
