using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Rehearsal.People;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Rehearsals;

/// <summary>The schedule of a service's rehearsal: what it may name, and what its people deploy.</summary>
internal static class ServiceSchedule
{
    /// <summary>What the JSON document calls a schedule that is not as expected.</summary>
    public const string Invalid = "ScheduleInvalid";

    /// <summary>Reads a schedule file; nothing was called.</summary>
    /// <exception cref="InvalidInputException">The file, or a service that it deploys, is not as expected.</exception>
    public static async Task<Schedule> Read(string file, RehearsedService service)
    {
        try
        {
            return Read(file, service, notSimulated: null);
        }
        catch (ScheduleException)
        {
            // What is simulated is asked of accounts of its own, so that everything is reported at once and nothing is left behind.
            await using var rehearsal = await RehearsalOpening.Open(new RehearsalOptions(), inProcess: true);
            var api = rehearsal.World.Api;
            try
            {
                return Read(file, service, api.NotSimulated);
            }
            catch (ScheduleException exception)
            {
                throw new InvalidInputException(Invalid, exception.Message);
            }
        }
    }

    private static Schedule Read(string file, RehearsedService service, Func<string, string, string?>? notSimulated)
    {
        if (InputFile.IsSpecial(file))
        {
            throw new ScheduleException($"{file}: it is a pipe, socket or device; expected a file");
        }

        var kinds = FunctionServices.Kinds(service.Target.Declared);
        var names = ScheduleNames.Read(
            service.Spec.Steps.ToDictionary(step => step.Name, step => kinds.Find(step.Kind).BranchesOf(step)),
            RehearsedService.ValuesOf(service.Target),
            RehearsedService.Product
        );
        return ScheduleReader.Read(file, names with { NotSimulated = notSimulated }, act => Faults(act, file, service));
    }

    /// <summary>Where the people of a schedule act, and what they deploy; commits it to the repository.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="service">The service that is rehearsed.</param>
    /// <param name="scratch">The rehearsal's own folder.</param>
    public static async Task<PeopleScene> OpenScene(Schedule schedule, RehearsedService service, string scratch)
    {
        var deployments = new Dictionary<PersonAct.Deploy, PreparedDeployment>(ReferenceEqualityComparer.Instance);
        foreach (var act in schedule.Acts)
        {
            if (act.Do is PersonAct.Deploy deploy)
            {
                deployments[deploy] = await Prepare(act.Who, deploy, Deployed(deploy, service), scratch);
            }
        }

        return new PeopleScene(
            new AccountRegion(service.Accounts.ToolsAccount, service.Accounts.Region),
            new AccountRegion(service.Target.Account, service.Target.Region),
            service.Deployer.MachineArn(DeployerMachine.Deploy),
            DeployerStage.MachinePrefix(service.Deployer.Stage),
            deployments,
            (decision, person) => ScheduledDecision.Make(decision, person, service)
        );
    }

    private static async Task<PreparedDeployment> Prepare(string who, PersonAct.Deploy deploy, RehearsedService service, string scratch)
    {
        var source = service.Incoming();
        await using var zip = service.Zip();
        var content = new byte[zip.Length];
        await zip.ReadExactlyAsync(content);
        var request = new DeploymentRequest(
            service.Spec.Service,
            service.Target.Declared,
            source,
            await service.Commit(scratch),
            deploy.Steps.Count == 0 ? null : deploy.Steps,
            who,
            Instance: service.Target.Instance
        );
        return new PreparedDeployment(
            service.Deployer.MachineArn(DeployerMachine.Deploy),
            source.Bucket,
            source.Key,
            content,
            request.ToJson()
        );
    }

    private static RehearsedService Deployed(PersonAct.Deploy deploy, RehearsedService service) =>
        deploy.Service is { } folder ? RehearsedService.Read(folder, service.Target.Declared, service.Target.Instance) : service;

    /// <summary>What is wrong with what somebody deploys or decides.</summary>
    private static IEnumerable<string> Faults(ScheduledAct act, string file, RehearsedService service) =>
        act.Do switch
        {
            PersonAct.Deploy { Service: { } folder } deploy => OfDeployed(
                deploy,
                Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(file))!, folder),
                service
            ),
            PersonAct.Decide { Plan: { } plan } when PlanFault(plan, service.Deployer) is { } fault => [fault],
            _ => [],
        };

    private static IReadOnlyList<string> OfDeployed(PersonAct.Deploy deploy, string folder, RehearsedService service)
    {
        try
        {
            var deployed = Deployed(deploy, service);
            return deployed.Spec.Service == service.Spec.Service
                ? []
                : [$"the folder {folder} holds the service {deployed.Spec.Service}; expected {service.Spec.Service}"];
        }
        catch (InvalidInputException fault)
        {
            return [.. fault.Message.Split('\n').Select(line => $"in the folder {folder}: {line}")];
        }
    }

    /// <summary>A whole ARN names a deployer, which has to be the one of the target.</summary>
    private static string? PlanFault(string plan, DeployerStage deployer)
    {
        var expected = deployer.ExecutionArn(DeployerMachine.Plan, new ExecutionArn(plan).Deployment.Value);
        return plan.Contains(':', StringComparison.Ordinal) && plan != expected
            ? $"the plan {plan} is not of the deployer of the target; expected {expected}, or the plan's id alone"
            : null;
    }
}
