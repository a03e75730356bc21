namespace Deployer.Spec.Steps;

/// <summary>Tells a template in S3 from a file of the service.</summary>
public static class TemplateAddress
{
    /// <summary>Whether the template is an https address; otherwise it is a path in the service's folder.</summary>
    public static bool IsRemote(string template) => template.StartsWith("https://", StringComparison.Ordinal);
}
