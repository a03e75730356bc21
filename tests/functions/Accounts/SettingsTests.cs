using Deployer.Functions.Accounts;

namespace Deployer.Functions.Tests.Accounts;

public sealed class SettingsTests
{
    private readonly Dictionary<string, string> _variables = new()
    {
        ["DEPLOYER_STAGE"] = "dev",
        ["DEPLOYER_TABLE"] = "deployer-dev",
        ["DEPLOYER_BUCKET"] = "deployer-dev-222222222222",
        ["DEPLOYER_ALLOWED_TARGETS"] = "111111111111, 333333333333",
    };

    [Fact]
    public void They_come_from_the_environment()
    {
        var settings = Settings.From(_variables.GetValueOrDefault);

        settings.AllowedTargets.ShouldBe(["111111111111", "333333333333"], ignoreOrder: true);
        settings.TargetRole("111111111111").ShouldBe("arn:aws:iam::111111111111:role/deployer-dev-target");
        settings.StateMachine.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("inventory-of-acme", "inventory-of-acme")]
    [InlineData("", null)]
    public void No_external_id_is_named_where_none_is_set(string variable, string? expected)
    {
        _variables["DEPLOYER_EXTERNAL_ID"] = variable;

        Settings.From(_variables.GetValueOrDefault).ExternalId.ShouldBe(expected);
    }

    [Theory]
    [InlineData("DEPLOYER_STAGE")]
    [InlineData("DEPLOYER_TABLE")]
    [InlineData("DEPLOYER_BUCKET")]
    public void What_is_missing_is_named(string variable)
    {
        _variables.Remove(variable);

        Should.Throw<InvalidOperationException>(() => Settings.From(_variables.GetValueOrDefault)).Message.ShouldContain(variable);
    }
}
