using System.Runtime.InteropServices;
using System.Text;

namespace Deployer.Rehearsal.Processes;

/// <summary>
/// Reads small files and links below <c>/proc</c> by the C library's own calls. A build looks at every process of the machine after each of
/// its commands: a file stream locks, measures and seeks what needs one read, and takes several times as long.
/// </summary>
internal static class KernelFile
{
    private const int ReadOnly = 0;
    private const int CloseOnExecute = 0x80000;
    private const int FirstSize = 4096;

    [ThreadStatic]
    private static byte[]? _buffer;

    /// <summary>What a file holds, valid until this thread reads the next one.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="content">Nothing when it cannot be read.</param>
    /// <returns>Whether it could be read.</returns>
    /// <remarks>https://man7.org/linux/man-pages/man2/open.2.html</remarks>
    internal static bool TryRead(string path, out ReadOnlySpan<byte> content)
    {
        content = default;
        var file = Open(Terminated(path), ReadOnly | CloseOnExecute);
        if (file < 0)
        {
            return false;
        }

        var buffer = _buffer ??= new byte[FirstSize];
        var length = 0;
        nint read;
        do
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * length);
                _buffer = buffer;
            }

            read = Read(file, ref buffer[length], buffer.Length - length);
            length += (int)Math.Max(read, 0);
        } while (read > 0);

        _ = Close(file);
        content = buffer.AsSpan(0, length);
        return read == 0;
    }

    /// <summary>Where a link leads; <see langword="null"/> when it cannot be read.</summary>
    /// <param name="path">An absolute path.</param>
    /// <remarks>https://man7.org/linux/man-pages/man2/readlink.2.html</remarks>
    internal static string? Target(string path)
    {
        var buffer = _buffer ??= new byte[FirstSize];
        var length = ReadLink(Terminated(path), ref buffer[0], buffer.Length);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, 0, (int)length);
    }

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Read(int file, ref byte buffer, nint count);

    [DllImport("libc", EntryPoint = "readlink")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ReadLink(byte[] path, ref byte buffer, nint size);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int file);
}
