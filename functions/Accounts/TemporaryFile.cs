namespace Deployer.Functions.Accounts;

/// <summary>
/// Where what is too large for memory lies meanwhile: a file in <c>/tmp</c>, of which a function has 512 MB, that is gone when it is
/// closed.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html</remarks>
internal static class TemporaryFile
{
    private const int BufferSize = 81_920;

    /// <summary>An empty file to write and to read again.</summary>
    public static FileStream Create() =>
        new(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            BufferSize,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous
        );
}
