namespace Deployer.Spec.Sources;

/// <summary>The file that says how a service is deployed.</summary>
public static class SpecFile
{
    /// <summary>Its name, in the service's folder.</summary>
    public const string Name = "deployer.yaml";
}
