using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.S3;

/// <summary>AWS::S3::Bucket. Encryption, public access, ownership and lifecycle have no effect in a rehearsal.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html</remarks>
internal sealed class BucketResource(Buckets buckets) : IResourceType
{
    public string Name => "AWS::S3::Bucket";

    public SimulatedDuration Duration(ResourceCall call) => Durations.BucketInStack;

    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.Properties.Text("BucketName") ?? call.GeneratedName(63).ToLowerInvariant();
        call.Authorize("s3", "CreateBucket", $"arn:aws:s3:::{name}");
        if (buckets.Find(name) is not null)
        {
            throw new ApiException("BucketAlreadyExists", $"{name} already exists", 409);
        }

        return Identified(
            buckets.Create(
                Wanted(
                    call,
                    new Bucket
                    {
                        Name = name,
                        Account = call.Account,
                        Region = call.Region,
                    }
                )
            )
        );
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        var bucket = buckets.Get(call.Current!.PhysicalId!);
        var wanted = Wanted(call, bucket);
        if (
            !wanted
                .Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)
                .SequenceEqual(bucket.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        )
        {
            call.Authorize("s3", "PutBucketTagging", bucket.Arn);
        }

        if (wanted.Versioning != bucket.Versioning)
        {
            call.Authorize("s3", "PutBucketVersioning", bucket.Arn);
        }

        return Identified(buckets.Update(wanted));
    }

    public ResourceReading? Read(ResourceCall call)
    {
        if (buckets.Find(call.Current!.PhysicalId!) is not { } bucket)
        {
            return ResourceReading.Gone;
        }

        call.Authorize("s3", "GetBucketVersioning", bucket.Arn);
        return new ResourceReading(
            new JsonObject { ["VersioningConfiguration"] = bucket.Versioning is { } status ? new JsonObject { ["Status"] = status } : null }
        );
    }

    public void Delete(ResourceCall call)
    {
        var name = call.Current!.PhysicalId!;
        call.Authorize("s3", "DeleteBucket", $"arn:aws:s3:::{name}");
        ServiceCalls.UnlessGone(() => buckets.Delete(name));
    }

    private static Bucket Wanted(ResourceCall call, Bucket bucket) =>
        bucket with
        {
            Tags = call.Tags(),
            Versioning = call.Properties["VersioningConfiguration"]?["Status"].Text() ?? (bucket.Versioning is null ? null : "Suspended"),
        };

    private static ResourceIdentity Identified(Bucket bucket) =>
        Identity(
            bucket.Name,
            ("Arn", bucket.Arn),
            ("DomainName", $"{bucket.Name}.s3.amazonaws.com"),
            ("RegionalDomainName", $"{bucket.Name}.s3.{bucket.Region}.amazonaws.com")
        );
}
