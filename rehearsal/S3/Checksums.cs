using System.Buffers.Binary;
using System.Security.Cryptography;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.S3;

/// <summary>The checksums that S3 keeps and verifies. See
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html.</summary>
internal static class Checksums
{
    // The polynomials in reversed bit order.
    private static readonly ulong[] Crc32 = Remainders(0xEDB88320);
    private static readonly ulong[] Crc32C = Remainders(0x82F63B78);
    private static readonly ulong[] Crc64Nvme = Remainders(0x9A6C9329AC4BC9B5);

    /// <summary>The names of the algorithms.</summary>
    public static readonly IReadOnlyList<string> Algorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"];

    /// <summary>The header that carries a checksum.</summary>
    public static string Header(string algorithm) => $"x-amz-checksum-{algorithm.ToLowerInvariant()}";

    /// <summary>The checksum in base 64.</summary>
    public static string Compute(string algorithm, ReadOnlySpan<byte> bytes) =>
        Convert.ToBase64String(
            algorithm switch
            {
                "CRC32" => Bytes32(Crc(Crc32, uint.MaxValue, bytes)),
                "CRC32C" => Bytes32(Crc(Crc32C, uint.MaxValue, bytes)),
                "CRC64NVME" => Bytes64(Crc(Crc64Nvme, ulong.MaxValue, bytes)),
                "SHA1" => SHA1.HashData(bytes),
                "SHA256" => SHA256.HashData(bytes),
                _ => throw S3Error.NotSimulated($"the checksum algorithm {algorithm}"),
            }
        );

    /// <summary>Verifies what the request says about its body, and gives the checksum that it says or, without one, that S3 computes
    /// itself.</summary>
    /// <exception cref="ApiException">BadDigest, InvalidDigest, XAmzContentSHA256Mismatch.</exception>
    public static ObjectChecksum Verify(S3Request request)
    {
        var bytes = request.Body.Span;
        if (request.Header("Content-MD5") is { } md5 && md5 != Convert.ToBase64String(MD5.HashData(bytes)))
        {
            throw Convert.TryFromBase64String(md5, new byte[16], out var length) && length == 16
                ? new ApiException("BadDigest", "The Content-MD5 you specified did not match what we received.")
                : new ApiException("InvalidDigest", "The Content-MD5 you specified was invalid.");
        }

        if (
            request.Header("x-amz-content-sha256") is { Length: 64 } sha256
            && !string.Equals(sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)), StringComparison.OrdinalIgnoreCase)
        )
        {
            throw new ApiException(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed."
            );
        }

        foreach (var algorithm in Algorithms)
        {
            if (request.Header(Header(algorithm)) is { } given)
            {
                return given == Compute(algorithm, bytes)
                    ? new ObjectChecksum(algorithm, given)
                    : throw new ApiException("BadDigest", $"The {algorithm} you specified did not match the calculated checksum.");
            }
        }

        return new ObjectChecksum("CRC64NVME", Compute("CRC64NVME", bytes));
    }

    private static ulong[] Remainders(ulong polynomial)
    {
        var remainders = new ulong[256];
        for (var i = 0; i < remainders.Length; i++)
        {
            var remainder = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) == 0 ? remainder >> 1 : (remainder >> 1) ^ polynomial;
            }

            remainders[i] = remainder;
        }

        return remainders;
    }

    private static ulong Crc(ulong[] remainders, ulong ones, ReadOnlySpan<byte> bytes)
    {
        var crc = ones;
        foreach (var value in bytes)
        {
            crc = remainders[(byte)crc ^ value] ^ (crc >> 8);
        }

        return crc ^ ones;
    }

    private static byte[] Bytes32(ulong crc)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)crc);
        return bytes;
    }

    private static byte[] Bytes64(ulong crc)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, crc);
        return bytes;
    }
}
