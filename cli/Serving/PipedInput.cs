using Microsoft.Win32.SafeHandles;

namespace Deployer.Cli.Serving;

/// <summary>Standard input as a sign of life: a program that started this one through a pipe closes it when it goes.</summary>
internal static class PipedInput
{
    /// <summary>Completes when standard input ends, if it is a pipe; never for a terminal, a file or nothing.</summary>
    public static async Task Closed()
    {
        if (!IsPipe())
        {
            await Task.Delay(Timeout.Infinite);
        }

        await Task.Run(() =>
        {
            using var input = Console.OpenStandardInput();
            input.CopyTo(Stream.Null);
        });
    }

    /// <summary>Terminals are not redirected, and files can be sought; what is left is a pipe.</summary>
    private static bool IsPipe()
    {
        if (!Console.IsInputRedirected)
        {
            return false;
        }

        using var handle = new SafeFileHandle(0, ownsHandle: false);
        using var input = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        return !input.CanSeek;
    }
}
