using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Deployer.Spec.Sources;

/// <summary>
/// The digest of files by path and content. It depends neither on timestamps, nor on the order in which files are listed, nor on whether
/// they come from a disk or a zip, so it shows whether anything changed, and names the source in <c>sources/SERVICE/DIGEST.zip</c>.
/// </summary>
public static class ContentDigest
{
    /// <summary>The digest of every file of a service: 64 hexadecimal digits of a SHA-256.</summary>
    public static string Compute(ISourceFolder folder) => Compute(folder, RelativePath.Root);

    /// <summary>The digest of the files below a path, named relative to it: moving the folder does not change it.</summary>
    public static string Compute(ISourceFolder folder, RelativePath below)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var (path, name) in FilesBelow(folder, below))
        {
            // The length of the name keeps name and content apart; the content's own digest has a fixed length.
            var nameBytes = Encoding.UTF8.GetBytes(name);
            BinaryPrimitives.WriteInt32BigEndian(length, nameBytes.Length);
            hash.AppendData(length);
            hash.AppendData(nameBytes);
            using var content = folder.Open(path) ?? throw new IOException($"The file {path} went away while its folder was read.");
            hash.AppendData(SHA256.HashData(content));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<(RelativePath Path, string Name)> FilesBelow(ISourceFolder folder, RelativePath below)
    {
        var prefix = below == RelativePath.Root ? "" : $"{below.Value}/";
        return from path in folder.Files
            where path.Value.StartsWith(prefix, StringComparison.Ordinal)
            orderby path.Value
            select (path, path.Value[prefix.Length..]);
    }
}
