using System.Security.Cryptography;
using System.Text;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda.Functions;

/// <summary>What a caller can configure of a function. A change makes a new object: invocations hold on to theirs.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html</remarks>
internal sealed record FunctionSettings
{
    public required string Role { get; init; }

    public string? Runtime { get; init; }

    public string? Handler { get; init; }

    public string Description { get; init; } = string.Empty;

    /// <summary>Seconds.</summary>
    public int Timeout { get; init; } = 3;

    /// <summary>MiB.</summary>
    public int MemorySize { get; init; } = 128;

    /// <summary>Null when the function has none.</summary>
    public SortedDictionary<string, string>? Environment { get; init; }

    public FunctionNetwork? Network { get; init; }

    public IReadOnlyList<string> Architectures { get; init; } = ["x86_64"];

    public IReadOnlyList<string> Layers { get; init; } = [];

    public string PackageType { get; init; } = "Zip";

    public string TracingMode { get; init; } = "PassThrough";

    /// <summary>MiB of /tmp.</summary>
    public int EphemeralStorage { get; init; } = 512;

    public string? KmsKeyArn { get; init; }

    public string? LogGroup { get; init; }

    public string LogFormat { get; init; } = "Text";

    public required FunctionCode Code { get; init; }
}

/// <summary>The subnets and security groups of a function in a VPC.</summary>
internal sealed record FunctionNetwork(IReadOnlyList<string> SubnetIds, IReadOnlyList<string> SecurityGroupIds);

/// <summary>A deployment package by what identifies it; its content is not run from here.</summary>
/// <param name="Sha256">Base64, as <c>CodeSha256</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Bucket">Of a package in S3.</param>
/// <param name="ObjectKey">Of a package in S3.</param>
/// <param name="Image">Of a container image.</param>
internal sealed record FunctionCode(string Sha256, long Size, string? Bucket = null, string? ObjectKey = null, string? Image = null)
{
    /// <summary>The package that a request names. One in S3 or in a registry is known by its name and version: it is not read.</summary>
    /// <exception cref="ApiException">InvalidParameterValueException: none is named.</exception>
    public static FunctionCode FromUpload(MemoryStream? zip, string? bucket, string? key, string? version, string? image)
    {
        if (zip is not null)
        {
            return new FunctionCode(Digest(zip.ToArray()), zip.Length);
        }

        if (image is not null)
        {
            return new FunctionCode(Digest(Encoding.UTF8.GetBytes(image)), 0, Image: image);
        }

        return bucket is not null && key is not null
            ? new FunctionCode(Digest(Encoding.UTF8.GetBytes($"{bucket}/{key}@{version}")), 0, bucket, key)
            : throw new ApiException("InvalidParameterValueException", "Please provide a source for function code.");
    }

    private static string Digest(byte[] bytes) => Convert.ToBase64String(SHA256.HashData(bytes));
}
