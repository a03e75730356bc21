using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>What holds after every rehearsal, however it ended.</summary>
internal static class Expectations
{
    /// <summary>Operations that change a target; a deployment that has nothing to do, or may do nothing, calls none of them.</summary>
    public static readonly IReadOnlyList<string> Changes =
    [
        "CreateChangeSet",
        "ExecuteChangeSet",
        "CreateStack",
        "UpdateStack",
        "StartBuild",
        "CreateDeployment",
        "UpdateFunctionConfiguration",
        "UpdateAutoScalingGroup",
        "RegisterTaskDefinition",
        "DeregisterTaskDefinition",
        "CreateService",
        "UpdateService",
        "DeleteService",
        "StopTask",
    ];

    /// <summary>No lock and no token is left behind.</summary>
    public static void ShouldLeaveNothingBehind(this CommandResult result)
    {
        result.Report.LocksHeld.ShouldBe(0);
        result.Report.WaitsOpen.ShouldBe(0);
    }

    /// <summary>
    /// Each job was answered, all but the last answer being "ask me again", and the last one is final. The pipeline's function is invoked
    /// asynchronously, so an invocation may be delivered twice
    /// (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html): then the job is answered twice, and its second
    /// answer is refused.
    /// </summary>
    public static void ShouldReportToThePipelineOnce(this CommandResult result, string job)
    {
        var failures = result.Count("PutJobFailureResult");
        failures.ShouldBeInRange(job == "failed" ? 1 : 0, job == "failed" ? 2 : 0);
        var invocations = result.Count("Invoke", "inventory-pipeline-dev-us-east-1");
        (result.Count("PutJobSuccessResult") + failures).ShouldBeInRange(invocations, 2 * invocations);
        result.Report.Pipeline!.Job.ShouldBe(job);
        Guid.TryParse(result.Report.Pipeline.JobId, out _).ShouldBeTrue();
        result.Report.Pipeline.Summary.ShouldNotBeNullOrWhiteSpace();
    }

    /// <summary>None of the operations that change a target was called.</summary>
    public static void ShouldChangeNothing(this CommandResult result) =>
        result.Report.Calls.Select(call => call.Operation).Intersect(Changes).ShouldBeEmpty();

    /// <summary>These operations of ECS were called and no other one, each so often: <c>DescribeServices 2</c>.</summary>
    public static void ShouldReadOfEcs(this CommandResult result, params string[] reads) =>
        result
            .Report.Calls.Where(call => call.Service == "ecs")
            .GroupBy(call => call.Operation)
            .Select(calls => $"{calls.Key} {calls.Sum(call => call.Count)}")
            .ShouldBe(reads, ignoreOrder: true);

    /// <summary>Neither the document nor the terminal holds a secret.</summary>
    public static void ShouldHoldNone(this CommandResult result, IReadOnlyList<string> secrets)
    {
        secrets.Count.ShouldBeGreaterThan(5);
        // A terminal that was not captured would hold no secret either.
        result.Terminal.ShouldContain("This run");
        foreach (var secret in secrets)
        {
            result.Json.Contains(secret, StringComparison.Ordinal).ShouldBeFalse($"the document holds {secret}");
            result.Terminal.Contains(secret, StringComparison.Ordinal).ShouldBeFalse($"the terminal shows {secret}");
        }
    }

    /// <summary>The step of this name.</summary>
    public static StepReport Step(this CommandResult result, string name) => result.Report.Steps.Single(step => step.Name == name);
}
