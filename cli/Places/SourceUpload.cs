using Amazon.S3.Model;
using Deployer.Functions.Ledger;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Places;

/// <summary>A service's folder on its way to the deployer's bucket, as a person brings it who starts a machine by hand.</summary>
internal static class SourceUpload
{
    private const int BufferSize = 81_920;

    /// <summary>Where a folder is uploaded to: the same content to the same place.</summary>
    public static SourceObject Incoming(string bucket, ISourceFolder folder) =>
        new(bucket, $"{Sources.Incoming}{ContentDigest.Compute(folder)}.zip");

    /// <summary>A folder as a zip, in a temporary file that is gone when it is closed: a folder may be larger than memory.</summary>
    public static FileStream Zip(ISourceFolder folder)
    {
        var zip = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            BufferSize,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous
        );
        try
        {
            SourceZip.Write(folder, zip);
            zip.Position = 0;
            return zip;
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    /// <summary>Uploads a folder.</summary>
    public static async Task<SourceObject> Upload(
        AccountClients tools,
        string bucket,
        ISourceFolder folder,
        CancellationToken cancellation = default
    )
    {
        var source = Incoming(bucket, folder);
        await using var zip = Zip(folder);
        await tools.S3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = source.Bucket,
                Key = source.Key,
                InputStream = zip,
            },
            cancellation
        );
        return source;
    }
}
