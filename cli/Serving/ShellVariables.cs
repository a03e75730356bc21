namespace Deployer.Cli.Serving;

/// <summary>Lines that a POSIX shell evaluates so that the clients it starts talk to the simulated AWS.</summary>
internal static class ShellVariables
{
    /// <summary>The lines. Their values are an address, digits, letters and names of regions: nothing in them needs quoting.</summary>
    /// <param name="address">Where the simulated AWS listens.</param>
    /// <param name="account">The account as whose administrator clients act.</param>
    /// <param name="secret">The secret access key: who has it gets in.</param>
    /// <param name="region">The region.</param>
    public static IEnumerable<string> Lines(Uri address, string account, string secret, string region) =>
        [
            // A profile or a session's token left over in the shell would make clients someone else.
            "unset AWS_PROFILE AWS_SESSION_TOKEN",
            $"export AWS_ENDPOINT_URL={address.GetLeftPart(UriPartial.Authority)}",
            $"export AWS_ACCESS_KEY_ID={account}",
            $"export AWS_SECRET_ACCESS_KEY={secret}",
            $"export AWS_REGION={region}",
            $"export AWS_DEFAULT_REGION={region}",
            "export AWS_EC2_METADATA_DISABLED=true",
        ];
}
