namespace Deployer.Spec.Steps;

/// <summary>Whether a template lies in S3 or is a file of the service.</summary>
public static class TemplateAddress
{
    /// <summary>The address of a template, in words.</summary>
    internal const string Expectation =
        "the address of an object in S3, such as https://BUCKET.s3.REGION.amazonaws.com/KEY: CloudFormation reads no other";

    /// <summary>Whether the template is an https address; otherwise it is a path in the service's folder.</summary>
    public static bool IsRemote(string template) => template.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>
    /// Whether an address is one of an object in S3, the only ones that CloudFormation reads templates from besides documents of Systems
    /// Manager; not that of a static website.
    /// </summary>
    /// <remarks>
    /// TemplateURL in https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html; the forms are in
    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html and
    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/dual-stack-endpoints.html.
    /// </remarks>
    internal static bool IsInS3(string template) =>
        Uri.TryCreate(template, UriKind.Absolute, out var address)
        && (
            address.Host.EndsWith(".amazonaws.com", StringComparison.Ordinal)
            || address.Host.EndsWith(".amazonaws.com.cn", StringComparison.Ordinal)
        )
        && address.Host.Split('.') is var labels
        && labels.Any(label => label == "s3" || label.StartsWith("s3-", StringComparison.Ordinal))
        && !labels.Any(label => label.StartsWith("s3-website", StringComparison.Ordinal))
        && address.AbsolutePath.Length > 1;
}
