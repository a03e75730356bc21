using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Ledger;
using Deployer.Functions.Logs;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Plans;

/// <summary>What <c>BeginPlan</c> receives.</summary>
/// <param name="Request">What is to be planned.</param>
/// <param name="Execution">The plan's execution.</param>
/// <param name="BegunAt">When that began; <see langword="null"/> from a machine of an earlier version.</param>
/// <param name="RedriveCount">How often it was redriven.</param>
public sealed record PlanInput(DeploymentRequest Request, ExecutionArn Execution, DateTimeOffset? BegunAt = null, int RedriveCount = 0);

/// <summary>What <c>BeginPlan</c> hands on: the plan's id, and the steps to look at.</summary>
public sealed record PlanSteps(DeploymentId Plan, IReadOnlyList<WaveStep> Steps);

/// <summary>The end of a plan: where its document lies, and its counts.</summary>
public sealed record PlanEnd(
    string Service,
    string Target,
    SourceObject Document,
    string Digest,
    bool NeedsApproval,
    int Changing,
    int Risks,
    int Problems
);

/// <summary>What <c>FinishPlan</c> receives.</summary>
/// <param name="Deployment">The plan.</param>
/// <param name="BegunAt">When it was begun, as Step Functions says; <see langword="null"/> for executions of an earlier definition.</param>
/// <param name="RedriveCount">How often its execution was redriven.</param>
public sealed record FinishPlanInput(DeploymentId Deployment, DateTimeOffset? BegunAt = null, int RedriveCount = 0);

/// <summary>The functions behind the states of the machine <c>plan</c>. They take no lock: what they make, they remove.</summary>
public sealed class PlanHandlers(ServicePlanner service, StepPlanner steps, Failures failures)
{
    /// <summary>Checks the request and lists its steps.</summary>
    [LambdaFunction(ResourceName = "BeginPlanFunction")]
    public Task<PlanSteps> BeginPlan(PlanInput input, ILambdaContext context) =>
        context.Logged(
            new LogScope(input?.Execution?.Value is null ? null : input.Execution.Deployment),
            () => failures.RecordedOfPlan(input!.Execution.Deployment, input.RedriveCount, () => service.Begin(input)),
            plan => $"steps: {plan.Steps.Count}"
        );

    /// <summary>Finds out what a step would do.</summary>
    [LambdaFunction(ResourceName = "PlanStepFunction")]
    public Task<TaskDone> PlanStep(TaskInput input, ILambdaContext context) =>
        context.Logged(
            new LogScope(input?.Deployment, input?.Step),
            () => failures.RecordedOfPlan(input!.Deployment, input.RedriveCount, () => steps.Run(input)),
            done => $"planned: {done.Outcome}"
        );

    /// <summary>Puts the plan together.</summary>
    [LambdaFunction(ResourceName = "FinishPlanFunction")]
    public Task<PlanEnd> FinishPlan(FinishPlanInput input, ILambdaContext context) =>
        context.Logged(
            new LogScope(input?.Deployment),
            () => failures.RecordedOfPlan(input!.Deployment, input.RedriveCount, () => service.Finish(input)),
            plan => $"changing {plan.Changing}, risks {plan.Risks}, problems {plan.Problems}"
        );
}
