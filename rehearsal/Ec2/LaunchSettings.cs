namespace Deployer.Rehearsal.Ec2;

/// <summary>What a launch template says about the machines started from it, as far as the rehearsal looks at it.</summary>
/// <param name="TemplateId">The launch template.</param>
/// <param name="Version">Its version: machines of another version are outdated.</param>
/// <param name="ImageId">The image.</param>
/// <param name="InstanceType">The type.</param>
/// <param name="Role">The role of the instance profile, whose permissions the software on the machine has.</param>
public sealed record LaunchSettings(string TemplateId, string Version, string ImageId, string InstanceType, string? Role = null);
