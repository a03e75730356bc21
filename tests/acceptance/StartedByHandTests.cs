using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>Executions that a person starts with an input of their own.</summary>
public sealed class StartedByHandTests : IDisposable
{
    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("{}", "the input lacks service, target, source.bucket, source.key; expected {")]
    [InlineData(
        """{"service":"inventory","target":"dev","source":{"bucket":"deployer-dev-222222222222"}}""",
        "the input lacks source.key; expected {"
    )]
    [InlineData(
        """{"service":"inventory","target":"dev","source":{"bucket":"deployer-dev-222222222222","key":"nothing.zip"}}""",
        "the source s3://deployer-dev-222222222222/nothing.zip cannot be read"
    )]
    public async Task An_input_that_is_wrong_is_named_and_leaves_nothing_behind(string input, string cause)
    {
        await using var accounts = await SimulatedAccounts.Open(_state.Path);

        var ended = await accounts.Start(input);

        ended.Error.ShouldBe("SpecInvalidException");
        ended.Cause.ShouldContain(cause);
        (await accounts.Leftovers()).ShouldBe((0, 0));
    }
}
