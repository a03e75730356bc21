using System.Text;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.S3;

public sealed class AwsChunkedTests
{
    [Theory]
    [InlineData("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")]
    [InlineData(
        "3;chunk-signature=abc\r\nhel\r\n2;chunk-signature=def\r\nlo\r\n0;chunk-signature=0\r\nx-amz-checksum-crc32:NhCmhg==\r\n"
            + "x-amz-trailer-signature:1\r\n\r\n"
    )]
    public void Chunks_are_joined_and_trailers_read(string body)
    {
        var (content, trailers) = AwsChunked.Decode(Encoding.ASCII.GetBytes(body), "5");

        Encoding.ASCII.GetString(content).ShouldBe("hello");
        trailers["X-Amz-Checksum-Crc32"].ShouldBe("NhCmhg==");
        Checksums.Compute("CRC32", content).ShouldBe("NhCmhg==");
    }

    [Theory]
    [InlineData("5\r\nhel", "5")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "6")]
    [InlineData("hello", "5")]
    public void A_torn_body_is_refused(string body, string length) =>
        Should.Throw<ApiException>(() => AwsChunked.Decode(Encoding.ASCII.GetBytes(body), length)).Code.ShouldBe("IncompleteBody");

    [Theory]
    [InlineData("CRC32", "cbf43926")]
    [InlineData("CRC32C", "e3069283")]
    [InlineData("CRC64NVME", "ae8b14860a799888")]
    public void Checksums_have_their_known_check_values(string algorithm, string hex) =>
        Checksums.Compute(algorithm, "123456789"u8).ShouldBe(Convert.ToBase64String(Convert.FromHexString(hex)));
}
