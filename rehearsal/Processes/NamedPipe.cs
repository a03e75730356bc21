using System.Runtime.InteropServices;
using System.Text;

namespace Deployer.Rehearsal.Processes;

/// <summary>Pipes that have a name in a folder, so that programs which are not this one's children find them.</summary>
internal static class NamedPipe
{
    private const uint OwnerMayReadAndWrite = 0b110_000_000;

    /// <summary>Makes one.</summary>
    /// <param name="path">Where nothing is yet.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <remarks>https://man7.org/linux/man-pages/man3/mkfifo.3.html</remarks>
    internal static void Make(string path)
    {
        if (MakeFifo(Encoding.UTF8.GetBytes(path + '\0'), OwnerMayReadAndWrite) != 0)
        {
            throw new IOException($"{path} cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MakeFifo(byte[] path, uint mode);
}
