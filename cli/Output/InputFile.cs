using Deployer.Rehearsal.World;

namespace Deployer.Cli.Output;

/// <summary>A file that the command line names.</summary>
internal static class InputFile
{
    // /dev/stdin, and /dev/fd/N, which shells make for <(…) and >(…): somebody is at the other end.
    private const string Devices = "/dev/";

    /// <summary>Reads a file.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">Its path, as it was given.</param>
    /// <param name="error">What the JSON document calls it when the file cannot be read.</param>
    /// <exception cref="InvalidInputException">It is none, or cannot be read.</exception>
    public static string Read(string option, string path, string error)
    {
        var problem =
            path.Length == 0 ? "it has no name; expected a file"
            : Directory.Exists(path) ? "it is a folder; expected a file"
            : IsSpecial(path) ? "it is a pipe, socket or device; expected a file"
            : null;
        try
        {
            return problem is null ? File.ReadAllText(path) : throw new InvalidInputException(error, Unreadable(option, path, problem));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidInputException(error, Unreadable(option, path, "there is no such file"));
        }
        catch (UnauthorizedAccessException)
        {
            throw new InvalidInputException(error, Unreadable(option, path, "this user has no permission to read it"));
        }
        catch (IOException exception)
        {
            throw new InvalidInputException(error, Unreadable(option, path, exception.Message));
        }
    }

    /// <summary>Whether a path is a pipe or a socket; what stands below /dev is asked for by name.</summary>
    public static bool IsSpecial(string path) => !path.StartsWith(Devices, StringComparison.Ordinal) && SpecialFile.IsPipeOrSocket(path);

    private static string Unreadable(string option, string path, string problem) =>
        $"{(path.Length == 0 ? option : $"{option} {path}")} cannot be read: {problem}";
}
