using System.Security.Cryptography;
using System.Text;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;
using CodeBucketTag = Deployer.Rehearsal.Datomic.IonDev.CodeBucket;

namespace Deployer.Rehearsal.Datomic;

/// <summary>
/// The custom resource of the storage template: all systems of an account and region share one code bucket, so the first of them makes it,
/// and none deletes it. Its name is <c>datomic-code-</c> and an id. The function behind it is not run; this does what it does.
/// </summary>
/// <remarks>
/// https://docs.datomic.com/operation/how-to.html#find-ion-code-bucket and https://docs.datomic.com/operation/deleting.html say that there
/// is one, how it is found and that it stays; which of Datomic's templates makes it, and how, they do not say.
/// </remarks>
internal sealed class CodeBucketResource(Buckets buckets) : IResourceType
{
    /// <inheritdoc/>
    public string Name => "Custom::CodeBucket";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call) => Ensure(call);

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call) => Ensure(call);

    /// <inheritdoc/>
    public void Delete(ResourceCall call) => CustomResourceFunction.Invoke(call);

    private ResourceIdentity Ensure(ResourceCall call)
    {
        CustomResourceFunction.Invoke(call);
        var bucket =
            buckets.All.FirstOrDefault(found =>
                found.Account == call.Account && found.Region == call.Region && found.Tags.ContainsKey(CodeBucketTag.Tag)
            )
            ?? buckets.Create(
                new Bucket
                {
                    Name = $"datomic-code-{Id(call.Account, call.Region)}",
                    Account = call.Account,
                    Region = call.Region,
                    Tags = new Dictionary<string, string> { [CodeBucketTag.Tag] = "true" },
                }
            );
        return Identity(bucket.Name);
    }

    // The same id each time, so that what a rehearsal prints is the same.
    private static Guid Id(string account, string region) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}/{region}")).AsSpan(0, 16));
}
