using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.S3;

public sealed class BucketOperationsTests
{
    [Fact]
    public async Task A_name_is_taken_in_the_whole_world()
    {
        await using var s3 = await S3Fixture.Start();
        using var stranger = S3Fixture.ClientOf(s3.Aws, TestAws.Root(TestAws.Prod));

        (await Should.ThrowAsync<AmazonS3Exception>(stranger.PutBucketAsync(S3Fixture.Bucket))).ErrorCode.ShouldBe("BucketAlreadyExists");
        (await Should.ThrowAsync<AmazonS3Exception>(stranger.PutBucketAsync("Not_A_Name"))).ErrorCode.ShouldBe("InvalidBucketName");
        (await stranger.ListBucketsAsync()).Buckets.ShouldBeNull();
        (await s3.Client.ListBucketsAsync()).Buckets.Single().BucketName.ShouldBe(S3Fixture.Bucket);
    }

    [Fact]
    public async Task A_bucket_says_where_it_is()
    {
        await using var s3 = await S3Fixture.Start();

        (await s3.Client.HeadBucketAsync(new HeadBucketRequest { BucketName = S3Fixture.Bucket })).BucketRegion.ShouldBe("us-east-1");
        (await s3.Client.GetBucketLocationAsync(S3Fixture.Bucket)).Location.Value.ShouldBe("");
        (
            await Should.ThrowAsync<AmazonS3Exception>(s3.Client.HeadBucketAsync(new HeadBucketRequest { BucketName = "missing-bucket" }))
        ).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_bucket_has_tags()
    {
        await using var s3 = await S3Fixture.Start();
        (
            await Should.ThrowAsync<AmazonS3Exception>(
                s3.Client.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = S3Fixture.Bucket })
            )
        ).ErrorCode.ShouldBe("NoSuchTagSet");

        await s3.Client.PutBucketTaggingAsync(S3Fixture.Bucket, [new Tag { Key = "datomic:code", Value = "datomic" }]);

        (await s3.Client.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = S3Fixture.Bucket }))
            .TagSet.Single()
            .Key.ShouldBe("datomic:code");
    }

    [Fact]
    public async Task Only_an_empty_bucket_is_deleted()
    {
        await using var s3 = await S3Fixture.Start();
        await s3.Put("a", "1");
        (await Should.ThrowAsync<AmazonS3Exception>(s3.Client.DeleteBucketAsync(S3Fixture.Bucket))).ErrorCode.ShouldBe("BucketNotEmpty");

        await s3.Client.DeleteObjectAsync(S3Fixture.Bucket, "a");
        await s3.Client.DeleteBucketAsync(S3Fixture.Bucket);

        (await s3.Client.ListBucketsAsync()).Buckets.ShouldBeNull();
    }

    [Fact]
    public async Task Another_account_reads_what_the_bucket_and_its_own_policies_allow()
    {
        await using var s3 = await S3Fixture.Start();
        await s3.Put("releases/1.zip", "zip");
        using var reader = S3Fixture.ClientOf(
            s3.Aws,
            await s3.Aws.Session(TestAws.Prod, "reader", """{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}""")
        );
        (await Should.ThrowAsync<AmazonS3Exception>(reader.GetObjectAsync(S3Fixture.Bucket, "releases/1.zip"))).Message.ShouldContain(
            "because no resource-based policy allows the s3:GetObject action"
        );

        await s3.Client.PutBucketPolicyAsync(
            S3Fixture.Bucket,
            $$$"""
            {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"{{{TestAws.Prod}}}"},"Action":"s3:GetObject",
             "Resource":"arn:aws:s3:::{{{S3Fixture.Bucket}}}/releases/*"} }
            """
        );

        using (var read = await reader.GetObjectAsync(S3Fixture.Bucket, "releases/1.zip"))
        {
            read.ContentLength.ShouldBe(3);
        }

        (await Should.ThrowAsync<AmazonS3Exception>(reader.GetObjectAsync(S3Fixture.Bucket, "private/1.zip"))).ErrorCode.ShouldBe(
            "AccessDenied"
        );
        (await Should.ThrowAsync<AmazonS3Exception>(s3.Client.PutBucketPolicyAsync(S3Fixture.Bucket, "{}"))).ErrorCode.ShouldBe(
            "MalformedPolicy"
        );
    }

    [Fact]
    public async Task Who_may_not_list_does_not_learn_that_a_key_is_missing()
    {
        await using var s3 = await S3Fixture.Start();
        using var reader = S3Fixture.ClientOf(
            s3.Aws,
            await s3.Aws.Session(TestAws.Tools, "reader", """{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}""")
        );

        (await Should.ThrowAsync<AmazonS3Exception>(reader.GetObjectAsync(S3Fixture.Bucket, "missing"))).Message.ShouldContain(
            "s3:ListBucket"
        );
    }

    [Fact]
    public async Task A_listing_is_limited_to_the_prefix_that_a_policy_allows()
    {
        await using var s3 = await S3Fixture.Start();
        await s3.Put("mine/a", "1");
        using var reader = S3Fixture.ClientOf(
            s3.Aws,
            await s3.Aws.Session(
                TestAws.Tools,
                "lister",
                """{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"StringLike":{"s3:prefix":"mine/*"} } }"""
            )
        );

        (await reader.ListObjectsV2Async(new ListObjectsV2Request { BucketName = S3Fixture.Bucket, Prefix = "mine/" })).KeyCount.ShouldBe(
            1
        );
        await Should.ThrowAsync<AmazonS3Exception>(
            reader.ListObjectsV2Async(new ListObjectsV2Request { BucketName = S3Fixture.Bucket, Prefix = "yours/" })
        );
    }
}
