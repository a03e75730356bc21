using Amazon.ResourceGroupsTaggingAPI;
using Amazon.ResourceGroupsTaggingAPI.Model;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.Tagging;

public sealed class TaggingServiceTests
{
    [Fact]
    public async Task Resources_are_found_by_their_tags()
    {
        await using var aws = await TestAws.Start(_ => new TaggingService(new TaggedBuckets()));
        using var tagging = new AmazonResourceGroupsTaggingAPIClient(
            TestAws.Root(TestAws.Tools),
            aws.Configure(new AmazonResourceGroupsTaggingAPIConfig())
        );

        (await Find([])).ShouldBe(["arn:aws:s3:::datomic-code-1", "arn:aws:s3:::plain"]);
        (await Find([new TagFilter { Key = "datomic:code" }])).ShouldBe(["arn:aws:s3:::datomic-code-1"]);
        (await Find([new TagFilter { Key = "team", Values = ["other", "platform"] }])).ShouldBe([
            "arn:aws:s3:::datomic-code-1",
            "arn:aws:s3:::plain",
        ]);
        (await Find([new TagFilter { Key = "team", Values = ["other"] }])).ShouldBeEmpty();
        (await Find([], "s3:bucket")).Count.ShouldBe(2);
        (await Find([], "lambda:function")).ShouldBeEmpty();
        var page = await tagging.GetResourcesAsync(new GetResourcesRequest { ResourcesPerPage = 1 });
        page.ResourceTagMappingList.ShouldHaveSingleItem().Tags.Select(tag => tag.Key).ShouldBe(["datomic:code", "team"]);
        (await tagging.GetResourcesAsync(new GetResourcesRequest { ResourcesPerPage = 1, PaginationToken = page.PaginationToken }))
            .ResourceTagMappingList.ShouldHaveSingleItem()
            .ResourceARN.ShouldBe("arn:aws:s3:::plain");

        async Task<List<string>> Find(List<TagFilter> filters, string? type = null) =>
            [
                .. (
                    await tagging.GetResourcesAsync(
                        new GetResourcesRequest { TagFilters = filters, ResourceTypeFilters = type is null ? null : [type] }
                    )
                ).ResourceTagMappingList.Select(resource => resource.ResourceARN),
            ];
    }

    [Fact]
    public async Task Buckets_are_found_by_their_tags()
    {
        await using var aws = await TestAws.Start();
        await aws.World.Do(() =>
        {
            var buckets = new Buckets(aws.World);
            buckets.Create(
                new Bucket
                {
                    Name = "plain",
                    Account = TestAws.Tools,
                    Region = "us-east-1",
                }
            );
            buckets.Create(
                new Bucket
                {
                    Name = "code",
                    Account = TestAws.Tools,
                    Region = "us-east-1",
                    Tags = new Dictionary<string, string> { ["datomic:code"] = "" },
                }
            );
            buckets.Create(
                new Bucket
                {
                    Name = "other",
                    Account = TestAws.Prod,
                    Region = "us-east-1",
                    Tags = new Dictionary<string, string> { ["datomic:code"] = "" },
                }
            );

            new BucketTags(aws.World).Tagged(TestAws.Tools, "us-east-1").ShouldHaveSingleItem().Arn.ShouldBe("arn:aws:s3:::code");
        });
    }

    private sealed class TaggedBuckets : ITagSource
    {
        public IEnumerable<TaggedResource> Tagged(string account, string region) =>
            account != TestAws.Tools
                ? []
                :
                [
                    new("arn:aws:s3:::plain", new Dictionary<string, string> { ["team"] = "platform" }),
                    new("arn:aws:s3:::datomic-code-1", new Dictionary<string, string> { ["team"] = "platform", ["datomic:code"] = "" }),
                ];
    }
}
