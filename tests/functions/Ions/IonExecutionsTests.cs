using Amazon.StepFunctions;
using Deployer.Functions.Ions;

namespace Deployer.Functions.Tests.Ions;

/// <summary>
/// Lists of executions are older than their descriptions now and then:
/// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html.
/// </summary>
public sealed class IonExecutionsTests
{
    private readonly SimulatedGroup _group = new() { Listed = ExecutionStatus.RUNNING };

    [Theory]
    [InlineData("RUNNING", true)]
    [InlineData("PENDING_REDRIVE", true)]
    [InlineData("FAILED", false)]
    [InlineData("ABORTED", false)]
    [InlineData("TIMED_OUT", false)]
    [InlineData("SUCCEEDED", false)]
    public async Task What_is_listed_as_running_runs_where_it_is_described_so(string described, bool runs)
    {
        _group.Deploy = new ExecutionStatus(described);

        (await new IonExecutions(_group.Account, "inventory-dev").Running() is not null).ShouldBe(runs);
    }

    [Fact]
    public async Task An_execution_is_of_one_revision()
    {
        var executions = new IonExecutions(_group.Account, "inventory-dev");

        (await executions.NewestOf(SimulatedGroup.Wanted)).ShouldNotBeNull().ExecutionArn.ShouldBe(SimulatedGroup.Execution);
        (await executions.NewestOf("another")).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_listed_and_not_described_yet_runs()
    {
        _group.Deploy = ExecutionStatus.RUNNING;
        _group.IsDescribed = false;

        (await new IonExecutions(_group.Account, "inventory-dev").Running())
            .ShouldNotBeNull()
            .ExecutionArn.ShouldBe(SimulatedGroup.Execution);
    }
}
