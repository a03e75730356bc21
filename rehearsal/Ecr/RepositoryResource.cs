using System.Text.Json.Nodes;
using Amazon.ECR;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ecr;

/// <summary>AWS::ECR::Repository. Its scanning and its lifecycle rules have no effect in a rehearsal.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html</remarks>
internal sealed class RepositoryResource(Repositories repositories) : IResourceType
{
    /// <inheritdoc/>
    public string Name => "AWS::ECR::Repository";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.NameFrom("RepositoryName", 256).ToLowerInvariant();
        var tags = call.Tags().AsList();
        call.Invoke(ECRModel.Service, "CreateRepository", new JsonObject { ["RepositoryName"] = name }.With("Tags", tags));
        SetPolicy(call, repositories.Find(call.Account, call.Region, name)!);
        var made = repositories.Find(call.Account, call.Region, name)!;
        return Identity(name, ("Arn", made.Arn), ("RepositoryUri", made.Uri));
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call)
    {
        var repository =
            repositories.Find(call.Account, call.Region, call.Current!.PhysicalId!)
            ?? throw EcrService.NotFound(call.Current.PhysicalId!, call.Account);
        if (call.ChangesTags(repository.Tags.ToDictionary(tag => tag.Key, tag => tag.Value)))
        {
            call.Authorize("ecr", "TagResource", repository.Arn);
            repositories.Put(
                call.Account,
                call.Region,
                repository.Name,
                [.. call.Tags().Select(tag => new Amazon.ECR.Model.Tag { Key = tag.Key, Value = tag.Value })]
            );
        }

        SetPolicy(call, repositories.Find(call.Account, call.Region, repository.Name)!);
        return new ResourceIdentity(repository.Name, call.Current.Attributes);
    }

    /// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html</remarks>
    private void SetPolicy(ResourceCall call, RepositoryRecord repository)
    {
        var policy = OfRepository(call.Properties["RepositoryPolicyText"]?.DeepClone())?.ToJsonString();
        if (policy != repository.Policy)
        {
            call.Authorize("ecr", policy is null ? "DeleteRepositoryPolicy" : "SetRepositoryPolicy", repository.Arn);
            repositories.Allow(repository, policy);
        }
    }

    /// <summary>Statements of such a policy name no resource, which is the repository.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html</remarks>
    private static JsonNode? OfRepository(JsonNode? policy)
    {
        foreach (var statement in policy?["Statement"] as JsonArray ?? [])
        {
            statement!.AsObject().TryAdd("Resource", "*");
        }

        return policy;
    }

    /// <inheritdoc/>
    public void Delete(ResourceCall call) =>
        call.InvokeUnlessGone(
            ECRModel.Service,
            "DeleteRepository",
            new JsonObject
            {
                ["RepositoryName"] = call.Current!.PhysicalId,
                ["Force"] = call.Properties["EmptyOnDelete"]?.GetValueKind() == System.Text.Json.JsonValueKind.True,
            }
        );
}
