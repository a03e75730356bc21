using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Output;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("accounts/dev", "accounts/dev")]
    [InlineData("arn:aws:states:us-east-1:1:execution:a:b", "arn:aws:states:us-east-1:1:execution:a:b")]
    [InlineData("my accounts", "'my accounts'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("", "''")]
    [InlineData("$HOME", "'$HOME'")]
    public void What_a_shell_would_take_apart_stands_in_quotes(string word, string quoted) =>
        ShellWords.Join(["deployer", word]).ShouldBe($"deployer {quoted}");
}
