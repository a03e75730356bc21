using System.Globalization;
using Amazon.Runtime;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.People;

namespace Deployer.Cli.Rehearsals;

/// <summary>
/// A decision about a plan that a person of a schedule makes, by the same requests as <c>deployer approve</c> and <c>reject</c>.
/// </summary>
internal static class ScheduledDecision
{
    /// <summary>Writes the decision down, and starts the deployment of a plan that is approved.</summary>
    /// <param name="decision">What is decided.</param>
    /// <param name="person">Who decides.</param>
    /// <param name="service">The service that is rehearsed.</param>
    /// <returns>Why nothing was decided; <see langword="null"/> when it was.</returns>
    public static async Task<string?> Make(PersonAct.Decide decision, PersonConnection person, RehearsedService service)
    {
        var session = person.Session;
        using var clients = new AccountClients(
            InProcess.Connection(
                new SessionAWSCredentials(session.AccessKeyId, session.SecretAccessKey, session.SessionToken),
                service.Accounts.Region,
                person.Http
            ),
            service.Accounts.ToolsAccount
        );
        var ledger = clients.Ledger(service.Deployer.Stage);
        if ((decision.Plan ?? await Waiting(ledger, service)) is not { } plan)
        {
            return $"no plan of {service.Spec.Service} to {service.Target.Name} waits for an approval";
        }

        try
        {
            var made = new PlanDecision(decision.Approves, Digest: null, decision.Reason);
            var found = await made.Make(clients, ledger, await made.Find(ledger, plan), person.Who, person.Now);
            if (decision.Approves && found is { Plan.DeployedBy: null, Answered: null })
            {
                await clients.StepFunctions.StartExecutionAsync(
                    new StartExecutionRequest
                    {
                        StateMachineArn = service.Deployer.MachineArn(DeployerMachine.Deploy),
                        Name = string.Create(
                            CultureInfo.InvariantCulture,
                            $"{service.Spec.Service}-{service.Target.Name}-approved-{person.Who}-{person.Now.ToUnixTimeSeconds()}"
                        ),
                        Input = PlanDecision.Deploys(found.Plan).ToJson(),
                    }
                );
            }

            return null;
        }
        catch (InvalidInputException refused)
        {
            return $"{refused.Error}: {refused.Message}";
        }
    }

    /// <summary>The newest plan of the target, where it waits for an approval.</summary>
    private static async Task<string?> Waiting(LedgerTable ledger, RehearsedService service) =>
        await ledger.Read(NewestPlan.Key(service.Spec.Service, service.Target.Name)) is { } newest
        && await ledger.Read(PlanRecord.Key(newest.Plan)) is { NeedsApproval.Count: > 0, DeployedBy: null }
            ? newest.Plan.Value
            : null;
}
