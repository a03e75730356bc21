using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.S3;

/// <summary>AWS::S3::BucketPolicy.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html</remarks>
internal sealed class BucketPolicyResource(Buckets buckets) : IResourceType
{
    public string Name => "AWS::S3::BucketPolicy";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call) => Put(call);

    public ResourceIdentity Update(ResourceCall call) => Put(call);

    public void Delete(ResourceCall call)
    {
        if (buckets.Find(call.Current!.PhysicalId!) is { } bucket)
        {
            call.Authorize("s3", "DeleteBucketPolicy", bucket.Arn);
            buckets.Update(bucket with { Policy = null });
        }
    }

    private ResourceIdentity Put(ResourceCall call)
    {
        var bucket = buckets.Get(call.Properties.Required("Bucket"));
        call.Authorize("s3", "PutBucketPolicy", bucket.Arn);
        buckets.Update(bucket with { Policy = call.Properties["PolicyDocument"]!.ToJsonString() });
        return Identity(bucket.Name);
    }
}
