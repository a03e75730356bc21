namespace Deployer.Spec.Sources;

/// <summary>
/// The files of a service: on disk for the command line, a zip for the functions.
/// Symbolic links are not followed: what is linked counts as absent, in either form.
/// </summary>
public interface ISourceFolder
{
    /// <summary>Every file, without git's own (<c>.git</c>), in ordinal order of the paths.</summary>
    IReadOnlyList<RelativePath> Files { get; }

    /// <summary>What is in the folder and counts as absent, without git's own and what a rehearsal keeps.</summary>
    IReadOnlyList<LeftOutFile> LeftOut => [];

    /// <summary>Whether there is a file at the path.</summary>
    bool HasFile(RelativePath path);

    /// <summary>Whether there is a folder at the path.</summary>
    bool HasFolder(RelativePath path);

    /// <summary>The file's bytes, or null when there is no such file.</summary>
    byte[]? Read(RelativePath path);

    /// <summary>
    /// The file's bytes as a stream, or null when there is no such file. Where files may be large and need not be looked into, this is
    /// asked for instead of <see cref="Read"/>.
    /// </summary>
    Stream? Open(RelativePath path) => Read(path) is { } bytes ? new MemoryStream(bytes, writable: false) : null;
}
