namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>A place of the internet from which a build of a rehearsal can download; there is no other.</summary>
internal interface IDownload
{
    /// <summary>What an address gives; <see langword="null"/> for addresses of other places.</summary>
    byte[]? Find(Uri address);

    /// <summary>
    /// The SHA-256 that is published of the real file for which this content stands, as 64 hexadecimal digits; <see langword="null"/> for
    /// any other content, a single changed byte included.
    /// </summary>
    string? PublishedSha256(byte[] content);
}
