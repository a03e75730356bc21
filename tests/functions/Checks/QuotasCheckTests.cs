using Amazon.Lambda.Model;
using Deployer.Functions.Checks;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Checks;

public sealed class QuotasCheckTests
{
    [Theory]
    [InlineData(1000, 900, CheckStatus.Ok)]
    [InlineData(10, 10, CheckStatus.Ok)]
    [InlineData(1000, 9, CheckStatus.Problem)]
    [InlineData(5, 5, CheckStatus.Problem)]
    public void An_account_with_room_for_fewer_than_ten_executions_is_a_problem_with_the_quota_s_name(
        int limit,
        int unreserved,
        CheckStatus status
    )
    {
        var found = QuotasCheck.Judge(
            "111111111111",
            new AccountLimit { ConcurrentExecutions = limit, UnreservedConcurrentExecutions = unreserved }
        );

        found.Status.ShouldBe(status);
        found.Check.ShouldBe("quotas");
        found.Text.ShouldBe($"account 111111111111: {unreserved} of {limit} concurrent executions of Lambda are unreserved");
        found.Remedy.ShouldBe(
            status == CheckStatus.Ok ? null : "ask for a higher quota: Service Quotas, AWS Lambda, 'Concurrent executions'"
        );
    }
}
