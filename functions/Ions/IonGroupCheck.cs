using Amazon.CloudWatchLogs.Model;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>The compute groups that ions go to: what would let a push fail, and what differs from what rehearsals assume.</summary>
public sealed class IonGroupCheck : ICheck
{
    /// <summary>
    /// The outputs of a compute group's stack in rehearsals; those of real templates are known from what people have published
    /// (https://docs.datomic.com/operation/cloud-template.html documents none).
    /// </summary>
    public static readonly IReadOnlyList<string> AssumedOutputs =
    [
        "DatomicCFTVersion",
        "DatomicCloudVersion",
        "SystemName",
        "CodeDeployApplicationName",
        "CodeDeployDeploymentGroup",
        "DeployStateMachine",
        "LoadBalancer",
        "LoadBalancerName",
        "LoadBalancerHttpDirectEndpoint",
        "LambdaSecurityGroup",
        "NodeSecurityGroup",
        "AutoScalingGroup",
    ];

    /// <summary>The parameters of a compute group's stack that the deployer reads.</summary>
    public static readonly IReadOnlyList<string> AssumedParameters = ["SystemName", "ApplicationName"];

    private const string Longest = "0123456789012345678901234567890123456789";

    /// <inheritdoc/>
    public string Name => "ions";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        var results = new List<CheckResult>();
        foreach (var step in run.Source.Spec.Steps.OfType<IonsStep>())
        {
            results.AddRange(await CheckStep(run, step));
        }

        return results;
    }

    private async Task<IReadOnlyList<CheckResult>> CheckStep(CheckRun run, IonsStep step)
    {
        var check = $"{Name} {step.Name}";
        if (run.Text(step.Group) is not { } group || await run.Account.CloudFormation.Find(group) is not { } stack)
        {
            return [CheckResult.Notice(check, "its compute group is not there yet, so that it cannot be looked at")];
        }

        var results = new List<CheckResult>();
        var outputs = stack.OutputValues();
        results.AddRange(
            AssumedOutputs
                .Where(output => !outputs.ContainsKey(output))
                .Select(output =>
                    CheckResult.Notice(
                        check,
                        $"stack {group} has no output {output}, which the group of a rehearsal has",
                        "a step that uses it fails; name another output"
                    )
                )
        );
        var parameters = (stack.Parameters ?? []).Select(parameter => parameter.ParameterKey).ToHashSet(StringComparer.Ordinal);
        results.AddRange(
            AssumedParameters
                .Where(parameter => !parameters.Contains(parameter))
                .Select(parameter =>
                    CheckResult.Notice(check, $"stack {group} has no parameter {parameter}, which the group of a rehearsal has")
                )
        );
        var application = IonFiles.Application(run.Source, step);
        var faults = await new IonPreflight(run.Account, group, application) { IonDev = step.IonDev }.Faults(Longest);
        results.AddRange(
            faults
                .Where(fault => fault.Kind != IonFaultKind.CodeBucket)
                .Select(fault =>
                    fault.Kind == IonFaultKind.GroupOff
                        ? CheckResult.Notice(
                            check,
                            fault.Text,
                            $"turn it on: deployer group on {run.Folder} --target {run.Target.Declared}"
                        )
                        : CheckResult.Problem(check, fault.Text, "correct the ion files or deployer.yaml, or the group's stack")
                )
        );
        var system =
            outputs.GetValueOrDefault("SystemName")
            ?? stack.Parameters?.Find(parameter => parameter.ParameterKey == "SystemName")?.ParameterValue;
        if (system is null)
        {
            results.Add(CheckResult.Notice(check, $"stack {group} does not name its system, so that the system's log was not looked for"));
        }
        else
        {
            results.AddRange(await Watched(run, step, check, group, system));
        }

        return results.Count > 0 ? results : [CheckResult.Ok(check, $"{group} of {application.Config.AppName} takes ions")];
    }

    /// <summary>
    /// What causes are taken from and a bake reads, by names that Datomic documents
    /// (https://docs.datomic.com/operation/monitoring-cloud.html). It documents no alarms of its templates, so that none are looked for.
    /// </summary>
    private static async Task<IReadOnlyList<CheckResult>> Watched(CheckRun run, IonsStep step, string check, string group, string system)
    {
        var results = new List<CheckResult>();
        if (await LogOf(run, check, system) is { } log)
        {
            results.Add(log);
        }

        if (step.Bake is not { } bake)
        {
            return results;
        }

        var metrics = new IonMetrics(run.Account.CloudWatch, system, group);
        var missing = new List<string>();
        foreach (var metric in new BakeWatch(run.Account, group, bake).Metrics)
        {
            if (!await metrics.Has(metric))
            {
                missing.Add(metric);
            }
        }

        if (missing.Count > 0)
        {
            results.Add(
                CheckResult.Notice(
                    check,
                    $"CloudWatch has no {string.Join(", ", missing)} in {IonMetrics.Namespace} for {system} and {group}",
                    "a bake does not watch them then; see the parameter MetricsLevel of the group's stack"
                )
            );
        }

        return results;
    }

    private static async Task<CheckResult?> LogOf(CheckRun run, string check, string system)
    {
        try
        {
            await run.Account.Logs.FilterLogEventsAsync(new FilterLogEventsRequest { LogGroupName = IonCause.LogGroup(system), Limit = 1 });
            return null;
        }
        catch (ResourceNotFoundException)
        {
            return CheckResult.Notice(
                check,
                $"there is no log {IonCause.LogGroup(system)}, as Datomic's templates make it",
                "causes of failures are then not taken from it"
            );
        }
    }
}
