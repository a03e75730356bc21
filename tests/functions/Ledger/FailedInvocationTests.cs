using Deployer.Functions.Ledger;

namespace Deployer.Functions.Tests.Ledger;

public sealed class FailedInvocationTests
{
    [Fact]
    public void The_cause_of_an_execution_is_the_message_of_the_function_that_failed() =>
        Executions.Sentence("""{"errorType":"StackFailedException","errorMessage":"the stack","stackTrace":[]}""").ShouldBe("the stack");

    [Theory]
    [InlineData("a sentence")]
    [InlineData("{ not JSON")]
    [InlineData("""{"errorMessage":7}""")]
    [InlineData("""{"errorMessage":null}""")]
    [InlineData("""{"States":"of another service"}""")]
    public void Whatever_has_another_form_is_the_cause_itself(string cause) => Executions.Sentence(cause).ShouldBe(cause);

    [Fact]
    public void An_execution_without_a_cause_has_none() => Executions.Sentence(null).ShouldBeNull();
}
