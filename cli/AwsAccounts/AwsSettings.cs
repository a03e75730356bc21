namespace Deployer.Cli.AwsAccounts;

/// <summary>How a command reaches a deployer on AWS.</summary>
/// <param name="Profile">The profile of the AWS configuration; <see langword="null"/> for the SDK's usual chain.</param>
/// <param name="Region">The deployer's region; <see langword="null"/> for the profile's or the environment's.</param>
/// <param name="Stage">The deployer's stage; <see langword="null"/> for the target's name up to its first dash.</param>
internal sealed record AwsSettings(string? Profile, string? Region, string? Stage)
{
    /// <summary>The words of a command line that say the same.</summary>
    public IReadOnlyList<string> Words =>
        [
            .. Profile is null ? Array.Empty<string>() : ["--profile", Profile],
            .. Region is null ? Array.Empty<string>() : ["--region", Region],
            .. Stage is null ? Array.Empty<string>() : ["--stage", Stage],
        ];
}
