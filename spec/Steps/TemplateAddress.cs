namespace Deployer.Spec.Steps;

/// <summary>Whether a template lies in S3 or is a file of the service.</summary>
public static class TemplateAddress
{
    /// <summary>Whether the template is an https address; otherwise it is a path in the service's folder.</summary>
    public static bool IsRemote(string template) => template.StartsWith("https://", StringComparison.Ordinal);
}
