using Amazon.ECR.Model;
using Deployer.Rehearsal.Ecr;
using Deployer.Rehearsal.Tests.Ecs;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Ecr;

public sealed class EcrServiceTests
{
    private const string Pushed = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

    [Fact]
    public async Task A_tag_has_the_digest_that_was_pushed_under_it_and_leaves_the_one_before()
    {
        await using var cluster = await ContainerCluster.Start();
        await cluster.Ecr.CreateRepositoryAsync(new CreateRepositoryRequest { RepositoryName = "orders" });

        var unpushed = await Digest(cluster, new ImageIdentifier { ImageTag = "1" });
        await Push(cluster, "1", "foo");
        var pushed = await Digest(cluster, new ImageIdentifier { ImageTag = "1" });

        unpushed.ShouldMatch("^sha256:[0-9a-f]{64}$");
        pushed.ShouldBe(Pushed);
        (await Digest(cluster, new ImageIdentifier { ImageTag = "2" })).ShouldNotBe(unpushed);
        (await Digest(cluster, new ImageIdentifier { ImageDigest = pushed })).ShouldBe(pushed);
    }

    [Fact]
    public async Task What_is_not_there_is_named_by_its_own_error()
    {
        await using var cluster = await ContainerCluster.Start("image-is-missing");
        await Should.ThrowAsync<RepositoryNotFoundException>(Digest(cluster, new ImageIdentifier { ImageTag = "1" }));
        await cluster.Ecr.CreateRepositoryAsync(new CreateRepositoryRequest { RepositoryName = "orders" });

        await Should.ThrowAsync<ImageNotFoundException>(Digest(cluster, new ImageIdentifier { ImageTag = "1" }));
        await Should.ThrowAsync<ImageNotFoundException>(Digest(cluster, new ImageIdentifier { ImageDigest = Pushed }));
    }

    [Theory]
    [InlineData("111111111111.dkr.ecr.us-east-1.amazonaws.com/a/b:1.2", "a/b", "1.2", null)]
    [InlineData("111111111111.dkr.ecr.us-east-1.amazonaws.com/a", "a", "latest", null)]
    [InlineData("111111111111.dkr.ecr.us-east-1.amazonaws.com/a@" + Pushed, "a", null, Pushed)]
    [InlineData("111111111111.dkr.ecr.us-east-1.amazonaws.com/a:1@" + Pushed, "a", "1", Pushed)]
    [InlineData("public.ecr.aws/a:1", null, null, null)]
    public void An_image_of_a_private_repository_is_read(string image, string? repository, string? tag, string? digest) =>
        ImageReference
            .Read(image)
            .ShouldBe(repository is null ? null : new ImageReference("111111111111", "us-east-1", repository, tag, digest));

    private static async Task<string> Digest(ContainerCluster cluster, ImageIdentifier id) =>
        (await cluster.Ecr.DescribeImagesAsync(new DescribeImagesRequest { RepositoryName = "orders", ImageIds = [id] }))
            .ImageDetails.ShouldHaveSingleItem()
            .ImageDigest;

    private static Task Push(ContainerCluster cluster, string tag, string manifest) =>
        cluster.Ecr.PutImageAsync(
            new PutImageRequest
            {
                RepositoryName = "orders",
                ImageTag = tag,
                ImageManifest = manifest,
            }
        );
}
