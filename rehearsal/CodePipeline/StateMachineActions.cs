using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>The native action of Step Functions with a literal input: it starts an execution and looks until that has ended.</summary>
/// <remarks>https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-StepFunctions.html</remarks>
internal sealed class StateMachineActions
{
    /// <summary>The provider of these actions.</summary>
    public const string Provider = "StepFunctions";

    private const string Due = "codepipeline/machine";
    private readonly RehearsalWorld _world;
    private readonly PipelineEngine _engine;

    internal StateMachineActions(RehearsalWorld world, PipelineEngine engine)
    {
        _world = world;
        _engine = engine;
        world.OnDue(Due, Look, failed: engine.Break);
    }

    /// <summary>Starts the execution, as the action's role.</summary>
    internal void Begin(ActionRun action)
    {
        try
        {
            var answer = _world.Api.Invoke<StartExecutionResponse>(
                _engine.Role(action),
                Region(action),
                new StartExecutionRequest
                {
                    StateMachineArn = action.Configuration["StateMachineArn"],
                    Input = action.Configuration.GetValueOrDefault("Input", "{}"),
                    Name = action.Configuration.TryGetValue("ExecutionNamePrefix", out var prefix) ? $"{prefix}-{action.Id}" : null,
                }
            );
            _engine.Save(action with { ExternalExecutionId = answer.ExecutionArn });
            LookLater(action);
        }
        catch (ApiException refusal)
        {
            _engine.Fail(action, refusal.Status == 403 ? "PermissionError" : "ConfigurationError", refusal.Message);
        }
    }

    private void LookLater(ActionRun action) => _engine.Call(action, Durations.JobContinuation, Due, action.Key);

    private void Look(string key)
    {
        var action = _engine.FindAction(key)!;
        if (action.Status != PipelineRun.InProgress)
        {
            return;
        }

        DescribeExecutionResponse execution;
        try
        {
            execution = _world.Api.Invoke<DescribeExecutionResponse>(
                _engine.Role(action),
                Region(action),
                new DescribeExecutionRequest { ExecutionArn = action.ExternalExecutionId }
            );
        }
        catch (ApiException refusal)
        {
            _engine.Fail(action, "PermissionError", refusal.Message);
            return;
        }

        switch (execution.Status.Value)
        {
            case "RUNNING" or "PENDING_REDRIVE":
                LookLater(action);
                break;
            case "SUCCEEDED":
                _engine.Succeed(
                    action with
                    {
                        OutputVariables = new Dictionary<string, string>
                        {
                            ["StateMachineArn"] = execution.StateMachineArn,
                            ["ExecutionArn"] = execution.ExecutionArn,
                        },
                    }
                );
                break;
            default:
                _engine.Fail(action, "JobFailed", $"The execution {execution.ExecutionArn} has the status {execution.Status}.");
                break;
        }
    }

    private string Region(ActionRun action) => _engine.DeclarationOf(action).Region ?? _engine.RunOf(action).Region;
}
