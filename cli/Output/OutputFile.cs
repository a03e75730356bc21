namespace Deployer.Cli.Output;

/// <summary>The file that a result is written to: looked at before anything is started, so that no run ends without its result.</summary>
internal static class OutputFile
{
    /// <summary>What stands for standard output.</summary>
    public const string StandardOutput = "-";

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

            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var isNew = !File.Exists(file);
            using (new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite)) { }

            if (isNew)
            {
                File.Delete(file);
            }
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidInputException(
                "OutputInvalid",
                $"--json '{path}' cannot be written: {exception.Message}; expected a file, or - for standard output"
            );
        }
    }

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
