using System.Text;
using System.Xml.Linq;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.S3.S3Response;

namespace Deployer.Rehearsal.S3;

/// <summary>The operations on buckets.</summary>
internal sealed class BucketOperations(RehearsalWorld world, BucketAccess access, Buckets buckets)
{
    public WireResponse ListBuckets(Call call, S3Request request)
    {
        world.Api.Check(call, ["*"], "s3:ListAllMyBuckets");
        return Create(
            Element(
                "ListAllMyBucketsResult",
                Element("Owner", Element("ID", call.Account)),
                Element(
                    "Buckets",
                    buckets
                        .All.Where(bucket => bucket.Account == call.Account)
                        .Select(bucket => Element("Bucket", Element("Name", bucket.Name), Element("CreationDate", Time(bucket.Created))))
                )
            )
        );
    }

    public WireResponse CreateBucket(Call call, S3Request request)
    {
        world.Api.Check(call, [$"arn:aws:s3:::{request.Bucket}"], "s3:CreateBucket");
        var constraint = request.Body.IsEmpty
            ? null
            : request.Xml().Elements().FirstOrDefault(element => element.Name.LocalName == "LocationConstraint")?.Value;
        if ((constraint ?? "us-east-1") != call.Region)
        {
            throw new ApiException(
                "IllegalLocationConstraintException",
                $"The {constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request "
                    + "was sent to."
            );
        }

        buckets.Create(
            new Bucket
            {
                Name = request.Bucket,
                Account = call.Account,
                Region = call.Region,
            }
        );
        return S3Response.Create(200, ("Location", $"/{request.Bucket}"));
    }

    public WireResponse HeadBucket(Call call, S3Request request) =>
        S3Response.Create(200, ("x-amz-bucket-region", access.Open(call, request.Bucket, "ListBucket").Region));

    public WireResponse DeleteBucket(Call call, S3Request request)
    {
        buckets.Delete(access.Open(call, request.Bucket, "DeleteBucket").Name);
        return S3Response.Create(204);
    }

    // The oldest region is the one without a name: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html.
    public WireResponse GetBucketLocation(Call call, S3Request request) =>
        access.Open(call, request.Bucket, "GetBucketLocation").Region is var region && region == "us-east-1"
            ? Create(Element("LocationConstraint"))
            : Create(Element("LocationConstraint", region));

    public WireResponse GetBucketVersioning(Call call, S3Request request) =>
        access.Open(call, request.Bucket, "GetBucketVersioning").Versioning is { } status
            ? Create(Element("VersioningConfiguration", Element("Status", status)))
            : Create(Element("VersioningConfiguration"));

    public WireResponse PutBucketVersioning(Call call, S3Request request)
    {
        var bucket = access.Open(call, request.Bucket, "PutBucketVersioning");
        var status = request.Xml().Elements().FirstOrDefault(element => element.Name.LocalName == "Status")?.Value;
        buckets.Update(bucket with { Versioning = status is "Enabled" or "Suspended" ? status : throw S3Error.MalformedXml() });
        return S3Response.Create(200);
    }

    public WireResponse GetBucketPolicy(Call call, S3Request request) =>
        access.Open(call, request.Bucket, "GetBucketPolicy").Policy is { } policy
            ? S3Response.Create(200, Encoding.UTF8.GetBytes(policy), ("Content-Type", "application/json"))
            : throw new ApiException("NoSuchBucketPolicy", "The bucket policy does not exist", 404);

    public WireResponse PutBucketPolicy(Call call, S3Request request)
    {
        buckets.Update(access.Open(call, request.Bucket, "PutBucketPolicy") with { Policy = Encoding.UTF8.GetString(request.Body.Span) });
        return S3Response.Create(204);
    }

    public WireResponse DeleteBucketPolicy(Call call, S3Request request)
    {
        buckets.Update(access.Open(call, request.Bucket, "DeleteBucketPolicy") with { Policy = null });
        return S3Response.Create(204);
    }

    public WireResponse GetBucketTagging(Call call, S3Request request) =>
        access.Open(call, request.Bucket, "GetBucketTagging").Tags is { Count: > 0 } tags
            ? Create(Tagging(tags))
            : throw new ApiException("NoSuchTagSet", "The TagSet does not exist", 404);

    public WireResponse PutBucketTagging(Call call, S3Request request)
    {
        buckets.Update(access.Open(call, request.Bucket, "PutBucketTagging") with { Tags = Tags(request.Xml()) });
        return S3Response.Create(204);
    }

    public WireResponse DeleteBucketTagging(Call call, S3Request request)
    {
        buckets.Update(
            access.Open(call, request.Bucket, "PutBucketTagging") with
            {
                Tags = new SortedDictionary<string, string>(StringComparer.Ordinal),
            }
        );
        return S3Response.Create(204);
    }

    /// <summary>Tags as XML.</summary>
    public static XElement Tagging(IReadOnlyDictionary<string, string> tags) =>
        Element("Tagging", Element("TagSet", tags.Select(tag => Element("Tag", Element("Key", tag.Key), Element("Value", tag.Value)))));

    /// <summary>Tags from XML.</summary>
    /// <exception cref="ApiException">MalformedXML, InvalidTag.</exception>
    public static SortedDictionary<string, string> Tags(XElement tagging)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tagging.Descendants().Where(element => element.Name.LocalName == "Tag"))
        {
            var members = tag.Elements().ToDictionary(member => member.Name.LocalName, member => member.Value, StringComparer.Ordinal);
            if (!members.TryGetValue("Key", out var name) || !members.TryGetValue("Value", out var value))
            {
                throw S3Error.MalformedXml();
            }

            if (!tags.TryAdd(name, value))
            {
                throw new ApiException("InvalidTag", "Cannot provide multiple Tags with the same key");
            }
        }

        return tags;
    }
}
