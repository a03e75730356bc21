using System.Text.Json;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Rehearsal;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Rehearsals;

/// <summary>Plans a deployment in played accounts: the machine <c>plan</c> runs with the service's folder as it is now.</summary>
internal sealed class PlanCommand(RehearseOptions options)
{
    /// <summary>Plans the service for a target and tells what a deployment would do.</summary>
    /// <returns>0 for a plan, 1 when a step would fail, 2 for bad input.</returns>
    public async Task<int> Run(string folder, string target, string? instance)
    {
        try
        {
            var service = RehearsedService.Read(Path.GetFullPath(folder), target, instance);
            using var work = new WorkFolder(options.StateDirectory);
            await using var rehearsal = await Opening.Open(
                new RehearsalOptions { Seed = options.Seed, StateDirectory = work.State },
                options.InProcess
            );
            await service.Prepare(rehearsal);
            var plan = await Plan(rehearsal, service, await service.Publish(rehearsal, work.Path));
            if (!await JsonDocuments.Write(plan, options.Json))
            {
                PlanWriter.Write(plan, Console.Out);
            }

            return plan.Problems == 0 ? 0 : 1;
        }
        catch (InvalidInputException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return Program.BadInput;
        }
    }

    /// <summary>Runs the machine <c>plan</c> to its end.</summary>
    /// <exception cref="InvalidInputException">It failed: the request or the service's files are wrong.</exception>
    public static async Task<ServicePlan> Plan(AwsRehearsal rehearsal, RehearsedService service, string commit)
    {
        using var clients = new AccountClients(rehearsal.Gateway, service.Accounts.ToolsAccount, service.Accounts.Region);
        await rehearsal.Warm(service.Accounts.ToolsAccount, service.Accounts.Region, service.MachineName("plan"));
        var request = new DeploymentRequest(
            service.Spec.Service,
            service.Target.Declared,
            await service.Upload(clients),
            commit,
            Instance: service.Target.Instance
        );
        var started = await clients.StepFunctions.StartExecutionAsync(
            new StartExecutionRequest
            {
                StateMachineArn = service.Machine("plan"),
                Input = JsonSerializer.Serialize(request, JsonSerializerOptions.Web),
            }
        );
        await rehearsal.RunUntilClosed(started.ExecutionArn);
        var ended = await clients.StepFunctions.DescribeExecutionAsync(
            new DescribeExecutionRequest { ExecutionArn = started.ExecutionArn }
        );
        if (ended.Status != ExecutionStatus.SUCCEEDED)
        {
            throw new InvalidInputException(
                ended.Error ?? ended.Status.Value,
                Executions.Sentence(ended.Cause) ?? $"the plan's execution is {ended.Status}"
            );
        }

        var end = JsonSerializer.Deserialize<PlanEnd>(ended.Output, JsonSerializerOptions.Web)!;
        using var document = await clients.S3.GetObjectAsync(end.Document.Bucket, end.Document.Key);
        return (await JsonSerializer.DeserializeAsync<ServicePlan>(document.ResponseStream, JsonSerializerOptions.Web))!;
    }
}
