namespace Deployer.Rehearsal.World;

/// <summary>Looks at what stands in a state's folder before it is opened.</summary>
internal static class StateFile
{
    /// <summary>
    /// Whether a file is there. What is no regular file is refused: to open a pipe would wait for somebody at its other end, and a device
    /// has no end.
    /// </summary>
    /// <exception cref="InvalidDataException">A folder, pipe, socket or device is there.</exception>
    public static bool Exists(string path)
    {
        if (Directory.Exists(path))
        {
            throw NoFile(path, "a folder");
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return false;
        }

        if (SpecialFile.IsDevice(file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? string.Empty))
        {
            throw NoFile(path, "a device");
        }

        return SpecialFile.IsPipeOrSocket(path) ? throw NoFile(path, "a pipe or a socket") : true;
    }

    private static InvalidDataException NoFile(string path, string what) =>
        new($"{path} is {what}; expected a file that a rehearsal wrote, or nothing");
}
