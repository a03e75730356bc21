using System.Text.Json;
using Deployer.Functions.Errors;
using Deployer.Functions.Instances;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Deployments;

/// <summary>The begin of a deployment: checks the request, keeps the source, gives the number, takes the lock or waits for it.</summary>
public sealed class Begin(
    Ledger ledger,
    Requests requests,
    DevelopmentInstances instances,
    TargetLock targetLock,
    Executions executions,
    Failures failures
)
{
    /// <summary>One entry of the state; the same deployment begun again is found again.</summary>
    /// <exception cref="SpecInvalidException">The request or the service's files are wrong.</exception>
    /// <exception cref="SupersededException">A newer deployment came first.</exception>
    public async Task<TaskDone> Run(BeginInput input)
    {
        var deployment = Executions.Name(input.Execution);
        var record =
            await ledger.Read(Ledger.DeploymentKey(deployment), Documents.Default.DeploymentRecord)
            ?? await Create(deployment, input.Execution, input.Request);
        return await failures.Recorded(
            deployment,
            async () =>
            {
                if (!await targetLock.TakeOrWait(record, input.Token))
                {
                    return new TaskDone("waiting");
                }

                await executions.Succeed(input.Token, Answer(deployment));
                return new TaskDone("begun");
            }
        );
    }

    /// <summary>What the waiting <c>Begin</c> of a deployment is answered with.</summary>
    internal static string Answer(string deployment) =>
        JsonSerializer.Serialize(new BeginAnswer(deployment), Documents.Default.BeginAnswer);

    private async Task<DeploymentRecord> Create(string deployment, string execution, DeploymentRequest request)
    {
        var accepted = await requests.Accept(request);
        var number = await targetLock.NextNumber(request.Service, accepted.Target.Name);
        await instances.Keep(accepted, execution, number);
        await ledger.Put(Ledger.OpenKey(deployment), Documents.Default.OpenDeployment, new OpenDeployment(deployment, execution));
        return await ledger.Change(
            Ledger.DeploymentKey(deployment),
            Documents.Default.DeploymentRecord,
            present => present ?? accepted.Record(execution, number)
        );
    }
}
