using Amazon.ECR;
using Amazon.ECR.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Expressions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>
/// The image of a step with its digest: what a tag stands for can change between two tasks, and a rollback would not bring back what ran.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html</remarks>
internal static class ServiceImage
{
    /// <summary>
    /// Images of a step's own task definition file that a tag names and nothing resolves: the same file with another image behind the tag
    /// is no other deployment.
    /// </summary>
    /// <param name="run">The step.</param>
    /// <param name="containers">What is registered, with the step's image resolved.</param>
    public static IEnumerable<string> Unresolved(StepRun run, IEnumerable<Amazon.ECS.Model.ContainerDefinition> containers) =>
        run.Step<ServiceStep>().Definition is { } file
            ? containers
                .Where(container => container.Image is { Length: > 0 } image && !ImageReference.HasDigest(image))
                .Select(container =>
                    $"container {container.Name} runs {container.Image} as {file} says: another image under this tag is not seen as a "
                    + "change"
                )
            : [];

    /// <summary>The image by its digest; <see langword="null"/> for a step that names none.</summary>
    /// <exception cref="ImageMissingException">There is none, or it is of a registry that is not asked.</exception>
    /// <exception cref="SpecInvalidException">The reference has no value.</exception>
    public static async Task<string?> Resolve(StepRun run)
    {
        if (run.Step<ServiceStep>().Image is not { } expression)
        {
            return null;
        }

        if (expression.References.OfType<CommitRevision>().Any() && run.Deployment.Revision is null)
        {
            throw new SpecInvalidException(string.Join('\n', run.Source.Spec.NeedsRevision([run.Name])));
        }

        var image = run.Text(expression);
        if (ImageReference.HasDigest(image))
        {
            return image;
        }

        if (ImageReference.Repository(image) is not { } repository)
        {
            throw new ImageMissingException(
                $"{expression.Position}: the tag of {image} cannot be resolved to a digest; only repositories of ECR are asked: write it "
                    + "as NAME@sha256:…"
            );
        }

        var (name, tag) = (repository.Name, repository.Tag);
        if (repository.Region != run.Account.Region)
        {
            throw new ImageMissingException(
                $"{expression.Position}: {image} is in another region than the target's {run.Account.Region}; write it with its digest, or "
                    + "replicate the repository"
            );
        }

        try
        {
            var described = await run.Account.Ecr.DescribeImagesAsync(
                new DescribeImagesRequest
                {
                    RegistryId = repository.Account,
                    RepositoryName = name,
                    ImageIds = [new ImageIdentifier { ImageTag = tag }],
                }
            );
            return described.ImageDetails is [var found, ..]
                ? $"{image[..(image.IndexOf('/', StringComparison.Ordinal) + 1 + name.Length)]}@{found.ImageDigest}"
                : throw new ImageMissingException($"there is no image {image}");
        }
        catch (ImageNotFoundException)
        {
            throw new ImageMissingException($"there is no image {image}: the repository {name} has no tag '{tag}'");
        }
        catch (AmazonECRException exception)
            when (exception.ErrorCode == "AccessDeniedException" && repository.Account != run.Target.Account)
        {
            // https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html: across accounts both sides have to allow it.
            throw new ImageMissingException(
                $"{expression.Position}: the image {image} cannot be looked up in account {repository.Account}: {exception.Message}; the "
                    + $"policy of the repository has to allow ecr:DescribeImages to the account {run.Target.Account}, and the stack of "
                    + "service-access.yaml has to name ImageAccount and ImageRepository"
            );
        }
        catch (RepositoryNotFoundException)
        {
            throw new ImageMissingException(
                $"there is no image {image}: account {repository.Account} has no repository '{name}' in {run.Account.Region}"
            );
        }
    }
}
