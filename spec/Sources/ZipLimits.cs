namespace Deployer.Spec.Sources;

/// <summary>How much of a zip is read. A zip of a few kilobytes can claim, and unpack to, terabytes.</summary>
public sealed record ZipLimits
{
    /// <summary>The limits for a service's source.</summary>
    public static readonly ZipLimits Default = new();

    /// <summary>The most entries, folders and links among them.</summary>
    public int Entries { get; init; } = 20_000;

    /// <summary>The most bytes that all files may unpack to.</summary>
    public long TotalBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>The most bytes that a file may unpack to for each byte of the zip; small files are free of it.</summary>
    public int Ratio { get; init; } = 200;
}
