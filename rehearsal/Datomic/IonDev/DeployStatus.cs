using System.Text.Json;
using Amazon.CodeDeploy.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.Datomic.Edn;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>ion-dev's <c>:deploy-status</c>: the execution's status, and the code deployment's in the same words.</summary>
/// <remarks>https://docs.datomic.com/cloud/ions/ions-reference.html#deploy-status</remarks>
internal sealed class DeployStatus(IonDevClients clients)
{
    public async Task<EdnMap> Run(string execution)
    {
        var described = await clients.StepFunctions.DescribeExecutionAsync(
            new DescribeExecutionRequest { ExecutionArn = execution },
            clients.Ended
        );
        return new EdnMap([
            new(new Keyword("deploy-status"), described.Status.Value),
            new(new Keyword("code-deploy-status"), await CodeDeployStatus(execution, described.Status)),
        ]);
    }

    private async Task<string> CodeDeployStatus(string execution, ExecutionStatus status)
    {
        if (await DeploymentId(execution) is not { } id)
        {
            return status.Value;
        }

        var deployment = await clients.CodeDeploy.GetDeploymentAsync(new GetDeploymentRequest { DeploymentId = id }, clients.Ended);
        return deployment.DeploymentInfo.Status.Value switch
        {
            "Succeeded" => "SUCCEEDED",
            "Failed" => "FAILED",
            "Stopped" => "ABORTED",
            _ => "RUNNING",
        };
    }

    /// <summary>The deployment that the execution created, from its history.</summary>
    private async Task<string?> DeploymentId(string execution)
    {
        var history = await clients.StepFunctions.GetExecutionHistoryAsync(
            new GetExecutionHistoryRequest { ExecutionArn = execution, MaxResults = 20 },
            clients.Ended
        );
        var created = (history.Events ?? []).Find(happened => happened.TaskSucceededEventDetails?.Resource == "createDeployment");
        return created is null
            ? null
            : JsonDocument.Parse(created.TaskSucceededEventDetails.Output).RootElement.GetProperty("DeploymentId").GetString();
    }
}
