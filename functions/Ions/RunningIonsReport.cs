using System.Text.Json.Serialization;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>
/// What the compute group of a step runs that a deployment has not deployed to: it failed before that, or was not reached.
/// </summary>
/// <param name="Group">The group.</param>
/// <param name="Instances">Its instances in service, each with the revision on it.</param>
public sealed record RunningIonsReport(string Group, IReadOnlyList<InstanceReport> Instances) : IReportPart
{
    /// <summary>What could not be read, and why; <see langword="null"/> when all was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    /// <inheritdoc/>
    string IReportPart.Section => IonsReport.List;

    /// <inheritdoc/>
    IEnumerable<string> IReportPart.Lines =>
        Problem is { } problem ? [$"group {Group}: {problem}"] : IonsReport.InstanceLines(Group, Instances);

    /// <summary>Reads what the group of a step runs; nothing where the group is not there.</summary>
    public static async Task<IReadOnlyList<IReportPart>> Read(StepRun run)
    {
        if (run.Evaluate(run.Step<IonsStep>().Group).Value is not { } name)
        {
            return [];
        }

        try
        {
            if (await run.Account.CloudFormation.Find(name) is null)
            {
                return [];
            }

            var group = new IonGroup(run.Account.CodeDeploy, run.Account.AutoScaling, IonFiles.Config(run).AppName, name);
            return [new RunningIonsReport(name, [.. (await group.Revisions()).Select(run => new InstanceReport(run.Key, run.Value))])];
        }
        catch (Exception exception)
        {
            return [new RunningIonsReport(name, []) { Problem = run.Unread("what runs", exception) }];
        }
    }
}
