namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>
/// Whether the address of a template names a version of the object in S3, <c>?versionId=…</c>
/// (TemplateURL in https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html).
/// </summary>
public static class TemplateVersions
{
    /// <summary>Whether it does.</summary>
    public static bool IsIn(string address) =>
        address.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at
        && address.IndexOf("versionId=", at, StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>What the rehearsal says of one.</summary>
    public static (string Problem, string Expected) Unsupported(string address)
    {
        var limitation = UnsupportedFeatures.TemplateVersion(address);
        return (limitation.Problem, limitation.Expected);
    }
}
