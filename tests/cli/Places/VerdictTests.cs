using System.Text.Json;
using Deployer.Cli.Places;

namespace Deployer.Cli.Tests.Places;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(Verdict.Succeeded, "succeeded", "succeeded")]
    [InlineData(Verdict.NothingToDo, "nothing-to-do", "nothing to do")]
    [InlineData(Verdict.Failed, "failed", "failed")]
    [InlineData(Verdict.Stopped, "stopped", "stopped")]
    [InlineData(Verdict.Running, "running", "running")]
    [InlineData(Verdict.WaitingForApproval, "waiting-for-approval", "waiting for approval")]
    [InlineData(Verdict.Rejected, "rejected", "rejected")]
    [InlineData(Verdict.Invalid, "invalid", "invalid")]
    public void Documents_and_people_have_their_words(Verdict verdict, string document, string words)
    {
        JsonSerializer.Serialize(verdict).ShouldBe($"\"{document}\"");
        verdict.Words().ShouldBe(words);
    }

    [Fact]
    public void Each_is_listed_above() => Enum.GetValues<Verdict>().Length.ShouldBe(8);
}
