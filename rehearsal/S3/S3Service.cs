using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.S3.Model;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.S3;

/// <summary>S3 over its REST protocol with XML, in path style and in virtual-host style.</summary>
public sealed class S3Service : ITypedService
{
    // Parameters that belong to an operation without choosing one, and those of presigned requests.
    private static readonly HashSet<string> Details = new(StringComparer.Ordinal)
    {
        "x-id",
        "prefix",
        "delimiter",
        "max-keys",
        "continuation-token",
        "start-after",
        "encoding-type",
        "fetch-owner",
        "key-marker",
        "version-id-marker",
        "versionId",
        "uploadId",
        "partNumber",
        "part-number-marker",
        "max-parts",
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
    };

    private readonly RehearsalWorld _world;
    private readonly IReadOnlyList<Route> _routes;
    private readonly ObjectOperations _objects;

    /// <summary>The buckets of this world.</summary>
    public S3Service(RehearsalWorld world)
    {
        _world = world;
        var buckets = new Buckets(world);
        var objects = new Objects(world);
        var access = new BucketAccess(world, buckets);
        var onBuckets = new BucketOperations(world, access, buckets);
        var onObjects = _objects = new ObjectOperations(access, buckets, objects);
        var lists = new ListOperations(access, objects);
        var uploads = new MultipartOperations(world, access, objects);
        _routes =
        [
            new("GET", Level.Service, null, "ListBuckets", onBuckets.ListBuckets),
            new("GET", Level.Bucket, "location", "GetBucketLocation", onBuckets.GetBucketLocation),
            new("GET", Level.Bucket, "versioning", "GetBucketVersioning", onBuckets.GetBucketVersioning),
            new("PUT", Level.Bucket, "versioning", "PutBucketVersioning", onBuckets.PutBucketVersioning),
            new("GET", Level.Bucket, "policy", "GetBucketPolicy", onBuckets.GetBucketPolicy),
            new("PUT", Level.Bucket, "policy", "PutBucketPolicy", onBuckets.PutBucketPolicy),
            new("DELETE", Level.Bucket, "policy", "DeleteBucketPolicy", onBuckets.DeleteBucketPolicy),
            new("GET", Level.Bucket, "tagging", "GetBucketTagging", onBuckets.GetBucketTagging),
            new("PUT", Level.Bucket, "tagging", "PutBucketTagging", onBuckets.PutBucketTagging),
            new("DELETE", Level.Bucket, "tagging", "DeleteBucketTagging", onBuckets.DeleteBucketTagging),
            new("GET", Level.Bucket, "list-type", "ListObjectsV2", lists.ListObjectsV2),
            new("GET", Level.Bucket, "versions", "ListObjectVersions", lists.ListObjectVersions),
            new("GET", Level.Bucket, "uploads", "ListMultipartUploads", uploads.ListMultipartUploads),
            new("POST", Level.Bucket, "delete", "DeleteObjects", onObjects.DeleteObjects),
            new("PUT", Level.Bucket, null, "CreateBucket", onBuckets.CreateBucket),
            new("HEAD", Level.Bucket, null, "HeadBucket", onBuckets.HeadBucket),
            new("DELETE", Level.Bucket, null, "DeleteBucket", onBuckets.DeleteBucket),
            new("GET", Level.Object, "tagging", "GetObjectTagging", onObjects.GetObjectTagging),
            new("PUT", Level.Object, "tagging", "PutObjectTagging", onObjects.PutObjectTagging),
            new("DELETE", Level.Object, "tagging", "DeleteObjectTagging", onObjects.DeleteObjectTagging),
            new("POST", Level.Object, "uploads", "CreateMultipartUpload", uploads.CreateMultipartUpload),
            new("GET", Level.Object, "uploadId", "ListParts", uploads.ListParts),
            new("PUT", Level.Object, "uploadId", "UploadPart", uploads.UploadPart),
            new("POST", Level.Object, "uploadId", "CompleteMultipartUpload", uploads.CompleteMultipartUpload),
            new("DELETE", Level.Object, "uploadId", "AbortMultipartUpload", uploads.AbortMultipartUpload),
            new("PUT", Level.Object, null, "CopyObject", onObjects.CopyObject) { CopySource = true },
            new("PUT", Level.Object, null, "PutObject", onObjects.PutObject),
            new("GET", Level.Object, null, "GetObject", onObjects.GetObject),
            new("HEAD", Level.Object, null, "HeadObject", onObjects.HeadObject),
            new("DELETE", Level.Object, null, "DeleteObject", onObjects.DeleteObject),
        ];
    }

    private enum Level
    {
        Service,
        Bucket,
        Object,
    }

    /// <inheritdoc/>
    public string SigningName => "s3";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Operations => [.. _routes.Select(route => route.Operation)];

    /// <inheritdoc/>
    public IReadOnlyDictionary<Type, string> RequestTypes { get; } =
        new Dictionary<Type, string> { [typeof(GetObjectRequest)] = "GetObject", [typeof(PutObjectRequest)] = "PutObject" };

    /// <inheritdoc/>
    public object Invoke(Call call, AmazonWebServiceRequest request)
    {
        _world.Api.Authorize(call, []);
        return request switch
        {
            GetObjectRequest get => _objects.GetObject(call, get),
            PutObjectRequest put => _objects.PutObject(call, put),
            _ => throw S3Error.NotSimulated(request.GetType().Name),
        };
    }

    /// <inheritdoc/>
    public WireResponse Handle(Call call, WireRequest request)
    {
        var resource = request.Path;
        try
        {
            var parsed = new S3Request(request);
            var route = Find(parsed);
            var named = call with { Operation = route.Operation };
            _world.Api.Authorize(named, []);
            return WithId(route.Handle(named, parsed), call);
        }
        catch (ApiException error)
        {
            return WithId(
                S3Response.CreateXml(
                    error.Status,
                    new XElement(
                        "Error",
                        new XElement("Code", Code(error)),
                        new XElement("Message", error.Message),
                        (error.Members ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(member => new XElement(
                            member.Key,
                            member.Value
                        )),
                        new XElement("Resource", resource),
                        new XElement("RequestId", call.RequestId)
                    )
                ),
                call
            );
        }
    }

    /// <summary>S3's name for an error: it has its own word for a denied access.</summary>
    internal static string Code(ApiException error) => error.Code == "AccessDeniedException" ? "AccessDenied" : error.Code;

    private static WireResponse WithId(WireResponse response, Call call) =>
        response with
        {
            Headers = new Dictionary<string, string>(response.Headers, StringComparer.OrdinalIgnoreCase)
            {
                ["x-amz-request-id"] = call.RequestId,
            },
        };

    private Route Find(S3Request request)
    {
        var level =
            request.Bucket.Length == 0 ? Level.Service
            : request.Key.Length == 0 ? Level.Bucket
            : Level.Object;
        var copies = request.Header("x-amz-copy-source") is not null;
        var route = _routes.FirstOrDefault(route =>
            route.Method == request.Method
            && route.Level == level
            && (route.Parameter is null || request.Has(route.Parameter))
            && (!route.CopySource || copies)
        );
        var unknown = request.Parameters.FirstOrDefault(name => name != route?.Parameter && !Details.Contains(name));
        return unknown is not null ? throw S3Error.NotSimulated($"the parameter {unknown}")
            : route is null
                ? throw S3Error.NotSimulated(
                    $"{request.Method} on a {level.ToString().ToLowerInvariant()}, such as ListObjects in its first version"
                )
            : copies && !route.CopySource ? throw S3Error.NotSimulated($"x-amz-copy-source with {route.Operation}")
            : route;
    }

    private sealed record Route(string Method, Level Level, string? Parameter, string Operation, Func<Call, S3Request, WireResponse> Handle)
    {
        /// <summary>Chosen by the header that names the source of a copy.</summary>
        public bool CopySource { get; init; }
    }
}
