using System.CommandLine;

namespace Deployer.Cli.AwsAccounts;

/// <summary>The options that say which deployer on AWS a command works with.</summary>
internal sealed class AwsOptions
{
    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "Profile of the AWS configuration for the deployer's account; else AWS_PROFILE, and the SDK's usual chain.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _region = new("--region")
    {
        Description = "Region of the deployer; else that of the profile or of AWS_REGION.",
        HelpName = "REGION",
    };
    private readonly Option<string?> _stage = new("--stage")
    {
        Description = "Stage of the deployer; else the target's name up to its first dash.",
        HelpName = "STAGE",
    };

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_profile, _region, _stage];

    /// <summary>Those for a command that names an execution, which says its stage and region.</summary>
    public IReadOnlyList<Option> OfExecution => [_profile];

    /// <summary>What the arguments say.</summary>
    public AwsSettings Settings(ParseResult arguments) =>
        new(
            arguments.GetValue(_profile),
            Given(_region) ? arguments.GetValue(_region) : null,
            Given(_stage) ? arguments.GetValue(_stage) : null
        );

    /// <summary>Whether the arguments have one of them.</summary>
    public bool AreGiven(ParseResult arguments) => All.Any(option => arguments.GetResult(option) is { Implicit: false });

    private static bool Given(Option<string?> option) => option.Parents.Any();
}
