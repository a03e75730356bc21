using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.S3;

public sealed class ObjectOperationsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_put_is_read_back(bool pathStyle)
    {
        await using var s3 = await S3Fixture.Start();
        using var client = S3Fixture.ClientOf(s3.Aws, TestAws.Root(TestAws.Tools), pathStyle);
        var put = new PutObjectRequest
        {
            BucketName = S3Fixture.Bucket,
            Key = "a dir/ü+file.txt",
            ContentBody = "hello",
            ContentType = "text/plain",
        };
        put.Metadata["Revision"] = "abc";
        put.Headers.CacheControl = "no-store";

        var written = await client.PutObjectAsync(put);
        using var read = await client.GetObjectAsync(S3Fixture.Bucket, "a dir/ü+file.txt");

        written.ETag.ShouldBe("\"5d41402abc4b2a76b9719d911017c592\"");
        read.ETag.ShouldBe(written.ETag);
        read.Headers.ContentType.ShouldBe("text/plain");
        read.Headers.CacheControl.ShouldBe("no-store");
        read.Metadata["revision"].ShouldBe("abc");
        (await new StreamReader(read.ResponseStream).ReadToEndAsync()).ShouldBe("hello");
    }

    [Fact]
    public async Task A_large_body_comes_in_signed_chunks_with_a_checksum_trailer()
    {
        await using var s3 = await S3Fixture.Start();
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);

        await s3.Client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = S3Fixture.Bucket,
                Key = "big",
                InputStream = new MemoryStream(bytes),
            }
        );
        using var read = await s3.Client.GetObjectAsync(S3Fixture.Bucket, "big");
        using var copy = new MemoryStream();
        await read.ResponseStream.CopyToAsync(copy);

        copy.ToArray().ShouldBe(bytes);
        (
            await s3.Client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest
                {
                    BucketName = S3Fixture.Bucket,
                    Key = "big",
                    ChecksumMode = ChecksumMode.ENABLED,
                }
            )
        ).ChecksumCRC32.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public async Task A_checksum_of_the_client_is_verified_and_kept(string algorithm)
    {
        await using var s3 = await S3Fixture.Start();

        await s3.Client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = S3Fixture.Bucket,
                Key = "a",
                ContentBody = "123456789",
                ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm),
            }
        );

        using var read = await s3.Client.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = S3Fixture.Bucket,
                Key = "a",
                ChecksumMode = ChecksumMode.ENABLED,
            }
        );
        (await new StreamReader(read.ResponseStream).ReadToEndAsync()).ShouldBe("123456789");
        read.ChecksumType.ShouldBe(ChecksumType.FULL_OBJECT);
    }

    [Fact]
    public async Task A_body_that_does_not_fit_its_digest_is_refused()
    {
        await using var s3 = await S3Fixture.Start();

        (
            await Should.ThrowAsync<AmazonS3Exception>(
                s3.Client.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = S3Fixture.Bucket,
                        Key = "a",
                        ContentBody = "hello",
                        ChecksumCRC32 = "AAAAAA==",
                    }
                )
            )
        ).ErrorCode.ShouldBe("BadDigest");
    }

    [Theory]
    [InlineData(0, 4, "01234")]
    [InlineData(8, 100, "89")]
    public async Task A_range_is_a_part(int from, int to, string part)
    {
        await using var s3 = await S3Fixture.Start();
        await s3.Put("digits", "0123456789");

        using var read = await s3.Client.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = S3Fixture.Bucket,
                Key = "digits",
                ByteRange = new ByteRange(from, to),
            }
        );

        read.HttpStatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await new StreamReader(read.ResponseStream).ReadToEndAsync()).ShouldBe(part);
        (
            await Should.ThrowAsync<AmazonS3Exception>(
                s3.Client.GetObjectAsync(
                    new GetObjectRequest
                    {
                        BucketName = S3Fixture.Bucket,
                        Key = "digits",
                        ByteRange = new ByteRange(10, 12),
                    }
                )
            )
        ).ErrorCode.ShouldBe("InvalidRange");
    }

    [Fact]
    public async Task A_write_on_condition_that_nothing_is_there_happens_once()
    {
        await using var s3 = await S3Fixture.Start();
        var put = new PutObjectRequest
        {
            BucketName = S3Fixture.Bucket,
            Key = "once",
            ContentBody = "first",
            IfNoneMatch = "*",
        };
        await s3.Client.PutObjectAsync(put);

        var refusal = await Should.ThrowAsync<AmazonS3Exception>(s3.Client.PutObjectAsync(put));

        refusal.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        refusal.ErrorCode.ShouldBe("PreconditionFailed");
        (await s3.Read("once")).ShouldBe("first");
    }

    [Fact]
    public async Task A_write_on_condition_of_an_etag_needs_that_object()
    {
        await using var s3 = await S3Fixture.Start();
        var first = await s3.Put("state", "1");
        var put = new PutObjectRequest
        {
            BucketName = S3Fixture.Bucket,
            Key = "state",
            ContentBody = "2",
            IfMatch = first.ETag,
        };
        await s3.Client.PutObjectAsync(put);

        (await Should.ThrowAsync<AmazonS3Exception>(s3.Client.PutObjectAsync(put))).ErrorCode.ShouldBe("PreconditionFailed");
        put.Key = "missing";
        (await Should.ThrowAsync<AmazonS3Exception>(s3.Client.PutObjectAsync(put))).ErrorCode.ShouldBe("NoSuchKey");
    }

    [Fact]
    public async Task A_read_on_condition_may_come_back_without_content()
    {
        await using var s3 = await S3Fixture.Start();
        var written = await s3.Put("a", "1");

        (
            await Should.ThrowAsync<AmazonS3Exception>(
                s3.Client.GetObjectAsync(
                    new GetObjectRequest
                    {
                        BucketName = S3Fixture.Bucket,
                        Key = "a",
                        EtagToNotMatch = written.ETag,
                    }
                )
            )
        ).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (
            await Should.ThrowAsync<AmazonS3Exception>(
                s3.Client.GetObjectAsync(
                    new GetObjectRequest
                    {
                        BucketName = S3Fixture.Bucket,
                        Key = "a",
                        EtagToMatch = "\"other\"",
                    }
                )
            )
        ).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        await using var s3 = await S3Fixture.Start();

        (await Should.ThrowAsync<NoSuchKeyException>(s3.Client.GetObjectAsync(S3Fixture.Bucket, "missing"))).Message.ShouldBe(
            "The specified key does not exist."
        );
        (await Should.ThrowAsync<AmazonS3Exception>(s3.Client.GetObjectMetadataAsync(S3Fixture.Bucket, "missing"))).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await Should.ThrowAsync<AmazonS3Exception>(s3.Client.GetObjectAsync("no-such-bucket", "a"))).ErrorCode.ShouldBe("NoSuchBucket");
    }

    [Fact]
    public async Task Versions_are_kept_and_a_deletion_only_hides_them()
    {
        await using var s3 = await S3Fixture.Start();
        await s3.Version();
        var first = await s3.Put("a", "1");
        var second = await s3.Put("a", "2");
        second.VersionId.ShouldNotBe(first.VersionId);

        var deletion = await s3.Client.DeleteObjectAsync(S3Fixture.Bucket, "a");

        deletion.DeleteMarker.ShouldBe("true");
        await Should.ThrowAsync<NoSuchKeyException>(s3.Read("a"));
        (await s3.Read("a", first.VersionId)).ShouldBe("1");
        var versions = (await s3.Client.ListVersionsAsync(S3Fixture.Bucket)).Versions;
        versions
            .Select(version => (version.VersionId, version.IsDeleteMarker == true, version.IsLatest == true))
            .ShouldBe([(deletion.VersionId, true, true), (second.VersionId, false, false), (first.VersionId, false, false)]);
        await s3.Client.DeleteObjectAsync(S3Fixture.Bucket, "a", deletion.VersionId);
        (await s3.Read("a")).ShouldBe("2");
    }

    [Fact]
    public async Task A_copy_keeps_or_replaces_what_is_said_about_the_object()
    {
        await using var s3 = await S3Fixture.Start();
        var put = new PutObjectRequest
        {
            BucketName = S3Fixture.Bucket,
            Key = "from here",
            ContentBody = "x",
            ContentType = "text/x",
            TagSet = [new Tag { Key = "k", Value = "v" }],
        };
        put.Metadata["m"] = "1";
        await s3.Client.PutObjectAsync(put);

        await s3.Client.CopyObjectAsync(S3Fixture.Bucket, "from here", S3Fixture.Bucket, "kept");
        var replace = new CopyObjectRequest
        {
            SourceBucket = S3Fixture.Bucket,
            SourceKey = "from here",
            DestinationBucket = S3Fixture.Bucket,
            DestinationKey = "replaced",
            MetadataDirective = S3MetadataDirective.REPLACE,
        };
        replace.Metadata["m"] = "2";
        await s3.Client.CopyObjectAsync(replace);

        (await s3.Client.GetObjectMetadataAsync(S3Fixture.Bucket, "kept")).Metadata["m"].ShouldBe("1");
        (await s3.Client.GetObjectTaggingAsync(new GetObjectTaggingRequest { BucketName = S3Fixture.Bucket, Key = "kept" }))
            .Tagging.Single()
            .Value.ShouldBe("v");
        (await s3.Client.GetObjectMetadataAsync(S3Fixture.Bucket, "replaced")).Metadata["m"].ShouldBe("2");
        (await s3.Read("replaced")).ShouldBe("x");
    }

    [Fact]
    public async Task Many_objects_are_deleted_at_once()
    {
        await using var s3 = await S3Fixture.Start();
        await s3.Put("a", "1");
        await s3.Put("b", "1");

        var answer = await s3.Client.DeleteObjectsAsync(
            new DeleteObjectsRequest
            {
                BucketName = S3Fixture.Bucket,
                Objects = [new KeyVersion { Key = "a" }, new KeyVersion { Key = "b" }, new KeyVersion { Key = "never was" }],
            }
        );

        answer.DeletedObjects.Select(one => one.Key).ShouldBe(["a", "b", "never was"]);
        (await s3.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = S3Fixture.Bucket })).KeyCount.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_not_simulated_is_refused_by_name()
    {
        await using var s3 = await S3Fixture.Start();

        (
            await Should.ThrowAsync<AmazonS3Exception>(
                s3.Client.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = S3Fixture.Bucket,
                        Key = "a",
                        ContentBody = "x",
                        CannedACL = S3CannedACL.PublicRead,
                    }
                )
            )
        ).Message.ShouldContain("x-amz-acl");
        (await Should.ThrowAsync<AmazonS3Exception>(s3.Client.GetLifecycleConfigurationAsync(S3Fixture.Bucket))).Message.ShouldContain(
            "lifecycle"
        );
    }
}
