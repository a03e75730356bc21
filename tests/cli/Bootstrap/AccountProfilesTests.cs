using Amazon.Runtime.CredentialManagement;
using Deployer.Cli.Bootstrap;

namespace Deployer.Cli.Tests.Bootstrap;

public sealed class AccountProfilesTests
{
    private static readonly CredentialProfile SignIn = Profile("dev", new() { SsoAccountId = "111111111111" });

    private static readonly CredentialProfile Role = Profile(
        "tools",
        new() { RoleArn = "arn:aws:iam::222222222222:role/admin", SsoAccountId = "111111111111" }
    );

    private static readonly CredentialProfile Keys = Profile("keys", new() { AccessKey = "AKIA", SecretKey = "none" });

    [Fact]
    public void A_profile_is_that_of_its_role_or_of_its_sign_in()
    {
        AccountProfiles.Find("111111111111", [Keys, Role, SignIn]).ShouldBe("dev");
        AccountProfiles.Find("222222222222", [Keys, Role, SignIn]).ShouldBe("tools");
    }

    [Fact]
    public void None_is_named_where_none_or_more_than_one_is_the_accounts()
    {
        AccountProfiles.Find("333333333333", [Keys, Role, SignIn]).ShouldBeNull();
        AccountProfiles.Find("111111111111", [SignIn, Profile("other", new() { SsoAccountId = "111111111111" })]).ShouldBeNull();
    }

    private static CredentialProfile Profile(string name, CredentialProfileOptions options) => new(name, options);
}
