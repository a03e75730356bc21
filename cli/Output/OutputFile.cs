using Deployer.Rehearsal.World;

namespace Deployer.Cli.Output;

/// <summary>The file that a result is written to: looked at before anything is started, so that no run ends without its result.</summary>
internal static class OutputFile
{
    /// <summary>What stands for standard output.</summary>
    public const string StandardOutput = "-";

    // What a document can be written to below /dev: the other ends of this process, and nothing.
    private static readonly string[] Devices = ["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/fd/", "/dev/pts/"];

    // The room that a new file is asked for: most documents are smaller.
    /// <summary>The name of the file that says in a state directory whose accounts it keeps.</summary>
    public const string KeptAccountsFile = "rehearsal.json";

    private const int Room = 256 * 1024;

    /// <summary>Refuses a file that cannot be written.</summary>
    /// <param name="path">The file; nothing is looked at for <see langword="null"/> and for standard output.</param>
    /// <exception cref="InvalidInputException">It cannot be written.</exception>
    public static void Check(string? path)
    {
        if (path is null or StandardOutput)
        {
            return;
        }

        try
        {
            if (path.Length == 0)
            {
                throw new IOException("it has no name");
            }

            var file = Path.GetFullPath(path);
            if (Directory.Exists(file))
            {
                throw new IOException("it is a folder");
            }

            if (InputFile.IsSpecial(file))
            {
                throw new IOException("it is a pipe, socket or device");
            }

            var found = new FileInfo(file);
            var target = (found.LinkTarget is null ? null : found.ResolveLinkTarget(returnFinalTarget: true)?.FullName) ?? file;
            if (
                new[] { file, target }.Any(SpecialFile.IsDevice)
                && !Devices.Any(device => new[] { file, target }.Any(name => name.StartsWith(device, StringComparison.Ordinal)))
            )
            {
                throw new IOException("it is a device that holds no document");
            }

            if (Path.GetDirectoryName(target) is { } folder && !Directory.Exists(folder))
            {
                throw new IOException($"there is no folder {folder}");
            }

            RefuseOther(file);
            if (File.Exists(file))
            {
                using (new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) { }
            }
            else
            {
                using (new FileStream(file, NewFile)) { }

                File.Delete(file);
            }
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidInputException(
                "OutputInvalid",
                $"--json '{path}' cannot be written: {exception.Message.TrimEnd('.')}; expected a file, or - for standard output"
            );
        }
    }

    /// <summary>
    /// Refuses to write over what is no document: it is somebody's, named by a slip of the hand, such as a service file, or the accounts
    /// that a rehearsal keeps.
    /// </summary>
    /// <param name="path">The file, which need not be there.</param>
    /// <exception cref="IOException">It is there, and no JSON document.</exception>
    public static void RefuseOther(string path)
    {
        if (Path.GetFileName(path) == KeptAccountsFile)
        {
            throw new IOException("a file of this name says in a folder of --state whose accounts it keeps");
        }

        if (!File.Exists(path))
        {
            return;
        }

        using var present = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(present);
        var first = text.Read();
        while (first >= 0 && char.IsWhiteSpace((char)first))
        {
            first = text.Read();
        }

        if (first is not (-1 or '{' or '['))
        {
            throw new IOException("it is there and holds something else than a JSON document");
        }
    }

    /// <summary>What the result says where its file could not be written when all was done.</summary>
    public static string Unwritten(string path, Exception exception) =>
        $"--json '{path}' was not written: {exception.Message.TrimEnd('.')}; what is shown here is the result";

    // A disk without that room is full now: https://learn.microsoft.com/dotnet/api/system.io.filestreamoptions.preallocationsize
    private static FileStreamOptions NewFile =>
        new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            PreallocationSize = Room,
        };

    /// <summary>Whether a file can be written.</summary>
    public static bool IsUsable(string? path)
    {
        try
        {
            Check(path);
            return true;
        }
        catch (InvalidInputException)
        {
            return false;
        }
    }
}
