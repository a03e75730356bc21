using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Spec;
using Deployer.Spec.Kinds;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ledger;

/// <summary>
/// A service's folder as it was handed in, with its <c>deployer.yaml</c> read. The folder is read from as long as it is used.
/// </summary>
public sealed record ServiceSource(ISourceFolder Folder, ServiceSpec Spec, string Digest) : IDisposable
{
    /// <summary>The target of a deployment.</summary>
    public TargetSpec Target(DeploymentRecord deployment) => Spec.TargetOrInstance(deployment.Target)!;

    /// <summary>The steps that a deployment is about, in their order.</summary>
    public StepGraph Graph(DeploymentRecord deployment)
    {
        var graph = StepGraph.Build(Spec);
        return deployment.Only.Count == 0 ? graph : graph.Only(deployment.Only);
    }

    /// <inheritdoc/>
    public void Dispose() => (Folder as IDisposable)?.Dispose();
}

/// <summary>The sources of deployments in the deployer's bucket, kept by the digest of their content.</summary>
public sealed class Sources(IAws aws, Settings settings, StepKinds kinds)
{
    private const int Tries = 5;

    /// <summary>What the keys of sources begin with that are handed in; the bucket deletes them after 7 days (template.yaml).</summary>
    public const string Incoming = "incoming/";

    /// <summary>Where a source is kept.</summary>
    public static string Key(string service, string digest) => $"sources/{service}/{digest}.zip";

    /// <summary>Copies a source to its place, once, and reads it.</summary>
    /// <exception cref="SpecInvalidException">The zip or the service's files are wrong; all faults are in the message.</exception>
    public async Task<ServiceSource> Keep(SourceObject source)
    {
        var name = $"s3://{source.Bucket}/{source.Key}";
        return await Keep(zip => CopyRequested(source, name, zip), name);
    }

    /// <summary>Keeps a folder as a source, once.</summary>
    public Task<ServiceSource> Keep(ISourceFolder folder) =>
        Keep(
            zip =>
            {
                SourceZip.Write(folder, zip);
                return Task.CompletedTask;
            },
            SpecFile.Name
        );

    /// <summary>The source of a deployment.</summary>
    /// <exception cref="SourceChangedException">It is not what the deployment began with.</exception>
    public Task<ServiceSource> Read(DeploymentRecord deployment) => Read(deployment.Service, deployment.Digest);

    /// <summary>A source that was kept.</summary>
    /// <exception cref="SourceChangedException">Somebody has put something else in its place.</exception>
    public async Task<ServiceSource> Read(string service, string digest)
    {
        var key = Key(service, digest);
        var (folder, spec) = Unpack(await WriteTemporary(zip => Copy(settings.Bucket, key, zip)), key, SpecReader.ReadAccepted);
        var content = ContentDigest.Compute(folder);
        if (content == digest)
        {
            return new ServiceSource(folder, spec, digest);
        }

        folder.Dispose();
        throw new SourceChangedException(
            $"the source s3://{settings.Bucket}/{key} was changed after the deployment began; it has the digest {content}"
        );
    }

    /// <summary>Puts an object whose key its content decides; one that is there already is the same.</summary>
    /// <param name="key">The key.</param>
    /// <param name="open">Opens the content, for each try anew.</param>
    /// <exception cref="AwsUnavailableException">Others put the same object at the same time, again and again.</exception>
    public async Task Upload(string key, Func<Stream> open)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await IsUploaded(key, open))
            {
                return;
            }
        }

        throw new AwsUnavailableException($"S3 answered a conflict for s3://{settings.Bucket}/{key} {Tries} times");
    }

    /// <summary>
    /// A conditional put that loses to one that ended before is answered with 412, one that meets another on its way with 409 and has to be
    /// done again.
    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    /// </summary>
    private async Task<bool> IsUploaded(string key, Func<Stream> open)
    {
        await using var body = open();
        try
        {
            await aws.S3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = settings.Bucket,
                    Key = key,
                    InputStream = body,
                    IfNoneMatch = "*",
                }
            );
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>The bytes of an object.</summary>
    public async Task<byte[]> Bytes(string bucket, string key)
    {
        using var answer = await aws.S3.GetObjectAsync(bucket, key);
        using var bytes = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>Copies an object into a stream.</summary>
    private async Task Copy(string bucket, string key, Stream to)
    {
        using var answer = await aws.S3.GetObjectAsync(bucket, key);
        await answer.ResponseStream.CopyToAsync(to);
    }

    private async Task<ServiceSource> Keep(Func<Stream, Task> fill, string name)
    {
        var zip = await WriteTemporary(fill);
        var (folder, spec) = Unpack(zip, name, SpecReader.Read);
        var source = new ServiceSource(folder, spec, ContentDigest.Compute(folder));
        var key = Key(spec.Service, source.Digest);
        if (!await IsKept(spec.Service, source.Digest))
        {
            zip.Position = 0;
            await aws.S3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = settings.Bucket,
                    Key = key,
                    InputStream = zip,
                    AutoCloseStream = false,
                }
            );
        }

        return source;
    }

    /// <summary>A temporary file with what is written to it.</summary>
    private static async Task<FileStream> WriteTemporary(Func<Stream, Task> fill)
    {
        var file = TemporaryFile.Create();
        try
        {
            await fill(file);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>A bucket that may not be listed answers 403 for an object that is not there, as one that may not be read does.</summary>
    private async Task CopyRequested(SourceObject source, string name, Stream zip)
    {
        try
        {
            await Copy(source.Bucket, source.Key, zip);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            var passing = source.Key.StartsWith(Incoming, StringComparison.Ordinal)
                ? $"; what lies below {Incoming} is deleted after 7 days: hand the files in again, or name their copy below sources/, "
                    + "which stays"
                : string.Empty;
            throw new SpecInvalidException($"the source {name} cannot be read: {exception.Message}{passing}");
        }
    }

    /// <summary>Whether a source is at its place; one that somebody changed there is not.</summary>
    private async Task<bool> IsKept(string service, string digest)
    {
        try
        {
            (await Read(service, digest)).Dispose();
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (Exception exception) when (exception is SourceChangedException or SpecInvalidException)
        {
            return false;
        }
    }

    private (ZipFolder Folder, ServiceSpec Spec) Unpack(FileStream zip, string name, Func<ISourceFolder, StepKinds, SpecReading> read)
    {
        zip.Position = 0;
        var unpacked = ZipFolder.Read(zip, name, ZipLimits.Default);
        var folder = unpacked.Folder ?? throw new SpecInvalidException(string.Join('\n', unpacked.Faults));
        var reading = read(folder, kinds);
        if (reading.Spec is { } spec)
        {
            return (folder, spec);
        }

        folder.Dispose();
        throw new SpecInvalidException(string.Join('\n', reading.Faults));
    }
}
