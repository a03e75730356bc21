using Amazon.ECR;
using Amazon.ECR.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Ecr;

/// <summary>Amazon ECR's private registries, as far as finding images goes.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/; the resources of actions:
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
/// </remarks>
public sealed class EcrService : ModelService
{
    private const int MostImages = 100;
    private readonly Repositories _repositories;

    /// <summary>The service over a world's repositories.</summary>
    public EcrService(Repositories repositories)
        : base(ECRModel.Service)
    {
        _repositories = repositories;
        On<CreateRepositoryRequest, CreateRepositoryResponse>(
            "CreateRepository",
            CreateRepository,
            (call, request) => [Arn(call, request.RegistryId, request.RepositoryName)]
        );
        On<DescribeRepositoriesRequest, DescribeRepositoriesResponse>(
            "DescribeRepositories",
            DescribeRepositories,
            (call, request) => (request.RepositoryNames ?? ["*"]).Select(name => Arn(call, request.RegistryId, name))
        );
        On<DeleteRepositoryRequest, DeleteRepositoryResponse>(
            "DeleteRepository",
            DeleteRepository,
            (call, request) => [Arn(call, request.RegistryId, request.RepositoryName)]
        );
        On<PutImageRequest, PutImageResponse>(
            "PutImage",
            PutImage,
            (call, request) => [Arn(call, request.RegistryId, request.RepositoryName)]
        );
        On<DescribeImagesRequest, DescribeImagesResponse>(
            "DescribeImages",
            DescribeImages,
            (call, request) => [Arn(call, request.RegistryId, request.RepositoryName)]
        );
    }

    /// <summary>There is no such repository.</summary>
    internal static ApiException NotFound(string name, string registry) =>
        new("RepositoryNotFoundException", $"The repository with name '{name}' does not exist in the registry with id '{registry}'");

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html: other accounts need the policy's leave.
    /// </remarks>
    private protected override string? PolicyOf(Call call, object request) =>
        request is DescribeImagesRequest images
            ? _repositories.Find(images.RegistryId ?? call.Account, call.Region, images.RepositoryName)?.Policy
            : null;

    private static string Arn(Call call, string? registry, string name) =>
        $"arn:aws:ecr:{call.Region}:{registry ?? call.Account}:repository/{name}";

    private CreateRepositoryResponse CreateRepository(Call call, CreateRepositoryRequest request)
    {
        SimulatedMembers.Only(
            request,
            "RepositoryName",
            "Tags",
            "ImageTagMutability",
            "ImageScanningConfiguration",
            "EncryptionConfiguration"
        );
        if (_repositories.Find(call.Account, call.Region, request.RepositoryName) is not null)
        {
            throw new ApiException(
                "RepositoryAlreadyExistsException",
                $"The repository with name '{request.RepositoryName}' already exists in the registry with id '{call.Account}'"
            );
        }

        if (request.Tags?.Count > 0)
        {
            call.World.Api.Check(call, [Arn(call, null, request.RepositoryName)], "ecr:TagResource");
        }

        return new CreateRepositoryResponse
        {
            Repository = Shape(_repositories.Put(call.Account, call.Region, request.RepositoryName, request.Tags ?? [])),
        };
    }

    private DescribeRepositoriesResponse DescribeRepositories(Call call, DescribeRepositoriesRequest request)
    {
        SimulatedMembers.Only(request, "RegistryId", "RepositoryNames");
        return new DescribeRepositoriesResponse
        {
            Repositories =
            [
                .. (
                    request.RepositoryNames is { } names
                        ? names.Select(name => Existing(call, request.RegistryId, name))
                        : _repositories.All(request.RegistryId ?? call.Account, call.Region)
                ).Select(Shape),
            ],
        };
    }

    private DeleteRepositoryResponse DeleteRepository(Call call, DeleteRepositoryRequest request)
    {
        var repository = Existing(call, request.RegistryId, request.RepositoryName);
        if (request.Force != true && _repositories.Images(repository).Any())
        {
            throw new ApiException(
                "RepositoryNotEmptyException",
                $"The repository with name '{repository.Name}' in registry with id '{repository.Account}' cannot be deleted because it "
                    + "still contains images"
            );
        }

        _repositories.Delete(repository);
        return new DeleteRepositoryResponse { Repository = Shape(repository) };
    }

    private PutImageResponse PutImage(Call call, PutImageRequest request)
    {
        SimulatedMembers.Only(request, "RegistryId", "RepositoryName", "ImageManifest", "ImageTag", "ImageManifestMediaType");
        var repository = Existing(call, request.RegistryId, request.RepositoryName);
        var image = _repositories.Push(
            repository,
            request.ImageTag
                ?? throw new ApiException("InvalidParameterException", "The rehearsal does not simulate images without a tag."),
            Repositories.Digest(request.ImageManifest)
        );
        return new PutImageResponse
        {
            Image = new Image
            {
                RegistryId = repository.Account,
                RepositoryName = repository.Name,
                ImageId = new ImageIdentifier { ImageDigest = image.Digest, ImageTag = image.Tag },
                ImageManifest = request.ImageManifest,
            },
        };
    }

    /// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html</remarks>
    private DescribeImagesResponse DescribeImages(Call call, DescribeImagesRequest request)
    {
        SimulatedMembers.Only(request, "RegistryId", "RepositoryName", "ImageIds");
        if (request.ImageIds is not { Count: > 0 and <= MostImages } ids)
        {
            throw new ApiException("InvalidParameterException", "The rehearsal describes images by their tags or digests only.");
        }

        var repository = Existing(call, request.RegistryId, request.RepositoryName);
        return new DescribeImagesResponse
        {
            ImageDetails =
            [
                .. ids.ConvertAll(id =>
                {
                    var images = id.ImageDigest is null
                        ? _repositories.ByTag(repository, id.ImageTag) is { } tagged
                            ? _repositories.ByDigest(repository, tagged.Digest).ToList()
                            : []
                        : [.. _repositories.ByDigest(repository, id.ImageDigest)];
                    return images.Count > 0
                        ? new ImageDetail
                        {
                            RegistryId = repository.Account,
                            RepositoryName = repository.Name,
                            ImageDigest = images[0].Digest,
                            ImageTags = images.ConvertAll(image => image.Tag),
                            ImagePushedAt = images[0].Pushed.UtcDateTime,
                        }
                        : throw new ApiException(
                            "ImageNotFoundException",
                            $"The image with imageId {{imageDigest:'{id.ImageDigest ?? "null"}', imageTag:'{id.ImageTag ?? "null"}'}} does "
                                + $"not exist within the repository with name '{repository.Name}' in the registry with id "
                                + $"'{repository.Account}'"
                        );
                }),
            ],
        };
    }

    private RepositoryRecord Existing(Call call, string? registry, string name) =>
        _repositories.Find(registry ?? call.Account, call.Region, name) ?? throw NotFound(name, registry ?? call.Account);

    private static Repository Shape(RepositoryRecord repository) =>
        new()
        {
            RepositoryArn = repository.Arn,
            RegistryId = repository.Account,
            RepositoryName = repository.Name,
            RepositoryUri = repository.Uri,
            CreatedAt = repository.Created.UtcDateTime,
        };
}
