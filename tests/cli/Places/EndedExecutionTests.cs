using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Places;
using NSubstitute;

namespace Deployer.Cli.Tests.Places;

/// <summary>What Step Functions describes may be older than an end that was seen.</summary>
public sealed class EndedExecutionTests
{
    private const string Execution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:one";

    [Fact]
    public async Task One_that_is_described_as_running_still_is_looked_for_again() =>
        (await Described(0, (ExecutionStatus.RUNNING, 0), (ExecutionStatus.SUCCEEDED, 0))).Status.ShouldBe(ExecutionStatus.SUCCEEDED);

    [Fact]
    public async Task A_failure_of_before_a_redrive_is_not_its_end() =>
        (await Described(1, (ExecutionStatus.FAILED, 0), (ExecutionStatus.SUCCEEDED, 1))).Status.ShouldBe(ExecutionStatus.SUCCEEDED);

    [Fact]
    public async Task One_that_is_not_known_yet_is_looked_for_again() =>
        (await Described(0, (null, 0), (ExecutionStatus.ABORTED, 0))).Status.ShouldBe(ExecutionStatus.ABORTED);

    [Fact]
    public async Task What_is_described_at_once_is_asked_for_once() =>
        (await Described(0, (ExecutionStatus.FAILED, 2))).Status.ShouldBe(ExecutionStatus.FAILED);

    private static async Task<DescribeExecutionResponse> Described(int redrives, params (ExecutionStatus? Status, int Redrives)[] answers)
    {
        var (stepFunctions, asked) = (Substitute.For<IAmazonStepFunctions>(), 0);
        stepFunctions
            .DescribeExecutionAsync(Arg.Any<DescribeExecutionRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ =>
                answers[asked++] is { Status: { } status } answer
                    ? new DescribeExecutionResponse { Status = status, RedriveCount = answer.Redrives }
                    : throw new ExecutionDoesNotExistException("not yet")
            );

        var described = await EndedExecution.Describe(stepFunctions, Execution, redrives, TestContext.Current.CancellationToken);

        asked.ShouldBe(answers.Length);
        return described;
    }
}
