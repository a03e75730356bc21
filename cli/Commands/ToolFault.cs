using System.Net.Sockets;
using Deployer.Cli.Output;

namespace Deployer.Cli.Commands;

/// <summary>Distinguishes what is wrong with the machine's files, which a person can mend, from a fault of the program.</summary>
internal static class ToolFault
{
    /// <summary>Where a fault of the program is reported.</summary>
    public const string Report = "please report this with the command line, and with what --debug adds";

    /// <summary>One line for a fault of the program.</summary>
    public static string Describe(Exception exception)
    {
        const StringSplitOptions ByLines = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return $"deployer itself failed: {exception.GetType().Name}: {string.Join(' ', exception.Message.Split('\n', ByLines))}; {Report}";
    }

    /// <summary>
    /// Whether a part of the program is missing or damaged: an assembly that cannot be loaded, a file that belongs to it.
    /// </summary>
    public static bool IsOfProgram(Exception exception) =>
        exception is FileLoadException or BadImageFormatException
        || exception is IOException own && own.Message.Contains(AppContext.BaseDirectory, StringComparison.Ordinal)
        || exception is FileNotFoundException { FileName: { } name } && name.Contains(", Version=", StringComparison.Ordinal);

    /// <summary>
    /// The file, folder or disk that cannot be used, when that is what an exception comes from: permissions, a full disk, a file that is
    /// damaged; <see langword="null"/> for everything else.
    /// </summary>
    public static InvalidInputException? OfFiles(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (IsOfProgram(cause))
            {
                return null;
            }

            switch (cause)
            {
                case InvalidInputException known:
                    return known;
                case InvalidDataException:
                    return new InvalidInputException("StateInvalid", cause.Message);
                case UnauthorizedAccessException:
                    return new InvalidInputException("FileUnusable", cause.Message);
                case IOException and not HttpIOException when cause.InnerException is not SocketException:
                    return new InvalidInputException("FileUnusable", cause.Message);
            }
        }

        return null;
    }
}
