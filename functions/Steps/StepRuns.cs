using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>Opens the work of a step: adopts what was begun, or begins a new attempt after a redrive.</summary>
public sealed class StepRuns(IAws aws, LedgerTable ledger, Sources sources)
{
    /// <summary>Opens the work behind a task.</summary>
    /// <param name="input">What the state machine handed in.</param>
    /// <param name="task">Which of the step's tasks it is.</param>
    public async Task<StepRun> Enter(TaskInput input, string task)
    {
        var deployment = await Deployment(input.Deployment);
        var source = await sources.Read(deployment);
        var step = source.Spec.Step(input.Step) ?? throw new SpecInvalidException($"deployer.yaml has no step '{input.Step}'");
        var record = await ledger.Change(
            TaskRecord.Key(deployment.Deployment, input.Step, task),
            present =>
                present switch
                {
                    null => new TaskRecord
                    {
                        Deployment = deployment.Deployment,
                        Step = input.Step,
                        Task = task,
                        Kind = step.Kind,
                        RequestToken = Names.Token(deployment.Deployment.Value, input.Step, task, 1),
                        RedriveCount = input.RedriveCount,
                    },
                    { State: TaskState.Failed } when input.RedriveCount > present.RedriveCount => new TaskRecord
                    {
                        Deployment = present.Deployment,
                        Step = input.Step,
                        Task = task,
                        Kind = step.Kind,
                        Attempt = present.Attempt + 1,
                        RequestToken = Names.Token(deployment.Deployment.Value, input.Step, task, present.Attempt + 1),
                        RedriveCount = input.RedriveCount,
                        Waits = present.Waits,
                    },
                    _ when input.RedriveCount > present.RedriveCount => present with
                    {
                        RedriveCount = input.RedriveCount,
                        WaitsSince = null,
                    },
                    _ => present,
                },
            deployment.Expires
        );
        return await Open(deployment, source, record, input.Token);
    }

    /// <summary>
    /// Opens the work that a token waits for, without beginning anything; <see langword="null"/> when the deployment is gone.
    /// </summary>
    public async Task<StepRun?> Resume(WaitRecord wait)
    {
        var record = await ledger.Read(TaskRecord.Key(wait.Deployment, wait.Step, wait.Task));
        if (record is null)
        {
            return null;
        }

        var deployment = await Deployment(wait.Deployment);
        return await Open(deployment, await sources.Read(deployment), record, wait.Token);
    }

    /// <summary>Opens a step that is only read.</summary>
    public Task<StepRun> OpenToRead(DeploymentRecord deployment, ServiceSource source, string step, string task, TargetAccount account) =>
        OpenToRead(
            deployment,
            source,
            new TaskRecord
            {
                Deployment = deployment.Deployment,
                Step = step,
                Task = task,
                Kind = source.Spec.Step(step)!.Kind,
                RequestToken = Names.Token(deployment.Deployment.Value, step, task, 1),
            },
            account
        );

    /// <summary>Opens a step that is only read, with the record of what was found before.</summary>
    public async Task<StepRun> OpenToRead(DeploymentRecord deployment, ServiceSource source, TaskRecord record, TargetAccount account) =>
        new(ledger, deployment, source, source.Target(deployment), account, await Released(deployment, source), record, token: null);

    /// <summary>A deployment's record.</summary>
    public async Task<DeploymentRecord> Deployment(DeploymentId deployment) =>
        await ledger.Read(DeploymentRecord.Key(deployment))
        ?? throw new SpecInvalidException($"there is no record of the deployment '{deployment}'; start a new one");

    private async Task<StepRun> Open(DeploymentRecord deployment, ServiceSource source, TaskRecord record, string? token)
    {
        var target = source.Target(deployment);
        var account = await aws.Enter(target.Account, target.Region, Names.Session(deployment.Deployment.Value));
        return new StepRun(ledger, deployment, source, target, account, await Released(deployment, source), record, token);
    }

    private async Task<IReadOnlyDictionary<string, ReleasedStep>> Released(DeploymentRecord deployment, ServiceSource source)
    {
        var released = await ledger.Query(ReleasedStep.All(deployment.Service, deployment.Target));
        return released.Where(step => source.Spec.Step(step.Step) is not null).ToDictionary(step => step.Step, StringComparer.Ordinal);
    }
}
