using Amazon.Runtime.CredentialManagement;
using Deployer.Cli.AwsAccounts;

namespace Deployer.Cli.Bootstrap;

/// <summary>The profiles of the AWS configuration by the accounts that they enter.</summary>
internal static class AccountProfiles
{
    /// <summary>
    /// The option with the profile of an account, for a command that is run next; nothing where no profile, or more than one, says that it
    /// is the account's.
    /// </summary>
    /// <remarks>
    /// <c>sso_account_id</c> and <c>role_arn</c> name an account: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
    /// </remarks>
    /// <param name="account">The account that the command is to be run in.</param>
    /// <param name="access">How this command entered its account.</param>
    public static IReadOnlyList<string> Words(string account, AwsAccess access) =>
        account == access.Account
            ? Option(access.Settings.Profile)
            : Option(Find(account, new CredentialProfileStoreChain().ListProfiles()));

    /// <summary>How the account is entered, as the end of a sentence.</summary>
    public static string Reason(string account, IReadOnlyList<string> words) =>
        words.Count > 0 ? $"by the profile of account {account}" : $"with credentials of account {account} (AWS_PROFILE, or --profile)";

    /// <summary>The one profile that says that it enters an account.</summary>
    internal static string? Find(string account, IEnumerable<CredentialProfile> profiles) =>
        profiles.Where(profile => AccountOf(profile) == account).Take(2).ToList() is [var only] ? only.Name : null;

    // arn:aws:iam::111111111111:role/NAME; a profile with both assumes the role with what the sign-in gave.
    private static string? AccountOf(CredentialProfile profile) =>
        profile.Options.RoleArn?.Split(':') is [_, _, _, _, var ofRole, ..] ? ofRole : profile.Options.SsoAccountId;

    private static IReadOnlyList<string> Option(string? profile) => profile is null ? [] : ["--profile", profile];
}
