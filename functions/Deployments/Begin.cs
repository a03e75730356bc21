using Deployer.Functions.Approvals;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Notifications;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Deployments;

/// <summary>The begin of a deployment: checks the request, keeps the source, gives the number, takes the lock or waits for it.</summary>
public sealed class Begin(
    LedgerTable ledger,
    Requests requests,
    PlanApprovals approvals,
    InstanceRegistry instances,
    TargetLock targetLock,
    Executions executions,
    Settling settling,
    Notifier notifier,
    DriftCheck drift,
    Failures failures
)
{
    /// <summary>One entry of the state; the same deployment begun again is found again.</summary>
    /// <exception cref="SpecInvalidException">The request or the service's files are wrong.</exception>
    /// <exception cref="SupersededException">A newer deployment came first, or a newer plan waits.</exception>
    /// <exception cref="ApprovalNeededException">The target needs an approved plan, and there is none.</exception>
    /// <exception cref="PlanChangedException">The plan is of something else.</exception>
    public async Task<TaskDone> Run(BeginInput input)
    {
        var deployment = input.Execution.Deployment;
        var record = await ledger.Read(DeploymentRecord.Key(deployment)) ?? await Create(input);
        return await failures.Recorded(
            deployment,
            input.RedriveCount,
            async () =>
            {
                await notifier.Send(record.Started(), record.Notifications);
                await drift.Run(record, input.RedriveCount);
                if (!await targetLock.TakeOrWait(record, input.RedriveCount, input.Token))
                {
                    return new TaskDone(TaskOutcome.Waiting);
                }

                await executions.Succeed(input.Token, Executions.BeginAnswer(deployment));
                return new TaskDone(TaskOutcome.Succeeded);
            }
        );
    }

    private async Task<DeploymentRecord> Create(BeginInput input)
    {
        var (asked, execution) = (DeploymentRequest.Read(input.Request), input.Execution);
        var request = asked.Parse();
        var accepted = await requests.Accept(request);
        using var source = accepted.Source;
        if (request is ParsedRequest.Deploy)
        {
            accepted.RefuseMissingRevision();
        }

        var unnumbered = await approvals.Admit(accepted.Record(execution, number: 0), accepted.Target, asked.Plan, input.Now);
        var record = unnumbered with
        {
            AskedAt = asked.After is null ? input.Now : null,
            Number = await targetLock.NextNumber(request.Subject.Service, accepted.Target.Name, unnumbered.Deployment, asked.After),
        };
        await instances.Keep(record, accepted.Target);
        await settling.List(record, input.RedriveCount);
        var kept = await ledger.Change(DeploymentRecord.Key(record.Deployment), present => present ?? record);
        await settling.RefuseEnded(kept, input.RedriveCount);
        return kept;
    }
}
