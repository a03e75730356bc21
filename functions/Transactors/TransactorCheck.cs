using Amazon.CloudWatch.Model;
using Amazon.ECS.Model;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>
/// The transactors that steps roll: both services, and the alarms by which a roll is watched, under the names that
/// <c>templates/transactor.yaml</c> gives them.
/// </summary>
public sealed class TransactorCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "transactor";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        var results = new List<CheckResult>();
        foreach (var step in run.Source.Spec.Steps.OfType<TransactorStep>())
        {
            var check = $"{Name} {step.Name}";
            var name = run.Text(step.Transactor);
            var services = await EcsServiceCheck.CheckServices(
                run,
                check,
                run.Text(step.Cluster),
                name is null ? null : $"{name}-a",
                name is null ? null : $"{name}-b"
            );
            results.Add(services);
            foreach (var service in services.Status == CheckStatus.Ok ? await Services(run, step, name!) : [])
            {
                if (TransactorParts.WhyNotRolled(service) is { } why)
                {
                    results.Add(CheckResult.Problem(check, why, "change its deployment configuration before the next roll"));
                }
            }

            if (services.Status == CheckStatus.Ok && await Unwatched(run, step, name!) is { Count: > 0 } missing)
            {
                results.Add(
                    CheckResult.Notice(
                        check,
                        $"there is no alarm {string.Join(", ", missing)} in CloudWatch, as templates/transactor.yaml makes it",
                        "a roll is then not watched by it"
                    )
                );
            }
        }

        return results;
    }

    private static Task<IReadOnlyList<Service>> Services(CheckRun run, TransactorStep step, string transactor) =>
        EcsServices.Find(run.Account, run.Text(step.Cluster)!, $"{transactor}-a", $"{transactor}-b");

    private static async Task<IReadOnlyList<string>> Unwatched(CheckRun run, TransactorStep step, string transactor)
    {
        var names = TransactorAlarms.Names(
            transactor,
            isPair: run.Text(step.Mode) is not { } mode || TransactorModes.Find(mode) != TransactorMode.Single
        );
        var described = await run.Account.CloudWatch.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = [.. names] });
        return [.. names.Except((described.MetricAlarms ?? []).Select(alarm => alarm.AlarmName))];
    }
}
