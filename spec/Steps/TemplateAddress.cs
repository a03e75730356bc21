namespace Deployer.Spec.Steps;

/// <summary>Whether a template is in S3 or is a file of the service.</summary>
public static class TemplateAddress
{
    /// <summary>The address of a template, in words.</summary>
    internal const string Expectation =
        "the address of an object in S3, such as https://BUCKET.s3.REGION.amazonaws.com/KEY: CloudFormation reads no other";

    /// <summary>What an address has to be that holds a credential, in words.</summary>
    internal const string WithoutCredentials =
        "an address without user name, password or signature: CloudFormation reads the template with the permissions of the role";

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

    /// <summary>
    /// Whether an address holds a user name, a password or a signature. CloudFormation takes no other addresses than those of S3 and of
    /// documents of Systems Manager, which it reads with the permissions of the role, and a signature expires.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html,
    /// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    /// </remarks>
    internal static bool HoldsCredentials(string template) =>
        Uri.TryCreate(template, UriKind.Absolute, out var address)
        && address.Scheme is "https" or "http"
        && (
            address.UserInfo.Length > 0
            || address.Query.Contains("X-Amz-", StringComparison.OrdinalIgnoreCase)
            || address.Query.Contains("Signature=", StringComparison.OrdinalIgnoreCase)
        );
}
