using Amazon.S3.Model;

namespace Deployer.Rehearsal.Tests.S3;

public sealed class ListOperationsTests
{
    [Fact]
    public async Task Keys_come_in_order_page_by_page()
    {
        await using var s3 = await S3Fixture.Start();
        foreach (var key in new[] { "b", "a/2", "a/1", "c d", "ü" })
        {
            await s3.Put(key, key);
        }

        var pages = new List<string>();
        await foreach (
            var page in s3
                .Client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = S3Fixture.Bucket, MaxKeys = 2 })
                .Responses
        )
        {
            pages.Add(string.Join('|', page.S3Objects.Select(one => one.Key)));
        }

        pages.ShouldBe(["a/1|a/2", "b|c d", "ü"]);
    }

    [Fact]
    public async Task A_delimiter_rolls_keys_up()
    {
        await using var s3 = await S3Fixture.Start();
        foreach (var key in new[] { "apps/inventory/1.zip", "apps/inventory/2.zip", "apps/orders/1.zip", "apps/readme", "other" })
        {
            await s3.Put(key, key);
        }

        var page = await s3.Client.ListObjectsV2Async(
            new ListObjectsV2Request
            {
                BucketName = S3Fixture.Bucket,
                Prefix = "apps/",
                Delimiter = "/",
            }
        );

        page.CommonPrefixes.ShouldBe(["apps/inventory/", "apps/orders/"]);
        page.S3Objects.Select(one => (one.Key, one.Size)).ShouldBe([("apps/readme", 11L)]);
        page.KeyCount.ShouldBe(3);
    }

    [Fact]
    public async Task A_page_that_ends_in_a_common_prefix_goes_on_behind_it()
    {
        await using var s3 = await S3Fixture.Start();
        foreach (var key in new[] { "a/1", "a/2", "b/1" })
        {
            await s3.Put(key, key);
        }

        var request = new ListObjectsV2Request
        {
            BucketName = S3Fixture.Bucket,
            Delimiter = "/",
            MaxKeys = 1,
        };
        var first = await s3.Client.ListObjectsV2Async(request);
        request.ContinuationToken = first.NextContinuationToken;
        var second = await s3.Client.ListObjectsV2Async(request);

        first.CommonPrefixes.ShouldBe(["a/"]);
        second.CommonPrefixes.ShouldBe(["b/"]);
        second.IsTruncated.ShouldBe(false);
    }

    [Fact]
    public async Task Versions_come_page_by_page()
    {
        await using var s3 = await S3Fixture.Start();
        await s3.Version();
        for (var i = 0; i < 5; i++)
        {
            await s3.Put(i < 3 ? "a" : "b", i.ToString());
        }

        var pages = new List<string>();
        await foreach (
            var page in s3.Client.Paginators.ListVersions(new ListVersionsRequest { BucketName = S3Fixture.Bucket, MaxKeys = 2 }).Responses
        )
        {
            pages.Add(string.Join('|', page.Versions.Select(one => one.Key)));
        }

        pages.ShouldBe(["a|a", "a|b", "b"]);
    }
}
