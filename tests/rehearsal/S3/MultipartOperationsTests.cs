using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace Deployer.Rehearsal.Tests.S3;

public sealed class MultipartOperationsTests
{
    private const int MinPart = 5 * 1024 * 1024;

    [Fact]
    public async Task A_large_file_goes_up_in_parts()
    {
        await using var s3 = await S3Fixture.Start();
        var bytes = new byte[(2 * MinPart) + 7];
        new Random(1).NextBytes(bytes);
        using var transfer = new TransferUtility(s3.Client, new TransferUtilityConfig { MinSizeBeforePartUpload = MinPart });

        await transfer.UploadAsync(
            new TransferUtilityUploadRequest
            {
                BucketName = S3Fixture.Bucket,
                Key = "big",
                InputStream = new MemoryStream(bytes),
                PartSize = MinPart,
            }
        );

        using var read = await s3.Client.GetObjectAsync(S3Fixture.Bucket, "big");
        using var copy = new MemoryStream();
        await read.ResponseStream.CopyToAsync(copy);
        copy.ToArray().AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        read.ETag.ShouldEndWith("-3\"");
        (await s3.Client.ListMultipartUploadsAsync(S3Fixture.Bucket)).MultipartUploads.ShouldBeNull();
    }

    [Fact]
    public async Task Small_parts_and_wrong_parts_are_refused()
    {
        await using var s3 = await S3Fixture.Start();
        var upload = (await s3.Client.InitiateMultipartUploadAsync(S3Fixture.Bucket, "k")).UploadId;
        var etags = new List<PartETag>();
        for (var number = 1; number <= 2; number++)
        {
            var part = await s3.Client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = S3Fixture.Bucket,
                    Key = "k",
                    UploadId = upload,
                    PartNumber = number,
                    InputStream = new MemoryStream([1, 2, 3]),
                }
            );
            etags.Add(new PartETag(number, part.ETag));
        }

        (await Complete(etags)).ShouldBe("EntityTooSmall");
        (await Complete([new PartETag(1, "\"other\"")])).ShouldBe("InvalidPart");
        (await s3.Client.ListPartsAsync(S3Fixture.Bucket, "k", upload)).Parts.Count.ShouldBe(2);
        await s3.Client.AbortMultipartUploadAsync(S3Fixture.Bucket, "k", upload);
        (await Complete(etags)).ShouldBe("NoSuchUpload");

        async Task<string> Complete(List<PartETag> parts) =>
            (
                await Should.ThrowAsync<AmazonS3Exception>(
                    s3.Client.CompleteMultipartUploadAsync(
                        new CompleteMultipartUploadRequest
                        {
                            BucketName = S3Fixture.Bucket,
                            Key = "k",
                            UploadId = upload,
                            PartETags = parts,
                        }
                    )
                )
            ).ErrorCode;
    }
}
