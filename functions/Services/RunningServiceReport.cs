using System.Text.Json.Serialization;
using Amazon.ECS.Model;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>What the ECS service of a step runs that a deployment has not done: that failed, was stopped, or was not reached.</summary>
/// <param name="Step">The step.</param>
/// <param name="Service">The service.</param>
/// <param name="Desired">How many tasks it is to have; <see langword="null"/> where that could not be read.</param>
/// <param name="Deployments">The revisions that it has tasks of or is to have, the one that serves first.</param>
public sealed record RunningServiceReport(string Step, string Service, int? Desired, IReadOnlyList<RunningRevision> Deployments)
    : IReportPart
{
    /// <summary>What could not be read, and why; <see langword="null"/> when all was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    /// <inheritdoc/>
    string IReportPart.Section => ServiceReport.List;

    /// <inheritdoc/>
    IEnumerable<string> IReportPart.Lines =>
        [
            .. Deployments.Select(one =>
                $"{Step}: service {Service} runs {one.TaskDefinition} with {one.Running} of {Desired} tasks"
                + (one.State is null or "COMPLETED" ? string.Empty : $" (its deployment is {one.State})")
                + (one.Image is { } image ? $", image {image}" : string.Empty)
            ),
            .. Problem is { } problem ? [$"{Step}: {problem}"] : Array.Empty<string>(),
        ];

    /// <summary>Reads what the service of a step runs; nothing where the step's own file does not say yet which service it is.</summary>
    public static async Task<IReadOnlyList<IReportPart>> Read(StepRun run)
    {
        var step = run.Step<ServiceStep>();
        if (run.Evaluate(step.Service).Value is not { } name || run.Evaluate(step.Cluster).Value is null)
        {
            return [];
        }

        Service service;
        try
        {
            service = await EcsServices.Find(run);
        }
        catch (Exception exception)
        {
            return [new RunningServiceReport(run.Name, name, null, []) { Problem = Unread("what runs", exception, run) }];
        }

        // One that failed and has no task left is no part of what runs, unless there is no other.
        var serving = service.Running();
        var deployments = service
            .Deployments.Where(one => one == serving || one.RunningCount > 0)
            .OrderBy(one => one == serving ? 0 : 1)
            .ToList();
        var revisions = new List<RunningRevision>();
        string? problem = null;
        foreach (var one in deployments)
        {
            string? image = null;
            try
            {
                image = await Image(run, one.TaskDefinition);
            }
            catch (Exception exception)
            {
                problem = Unread($"the image of {WantedDefinition.Name(one.TaskDefinition)}", exception, run);
            }

            revisions.Add(
                new RunningRevision(WantedDefinition.Name(one.TaskDefinition), image, one.RunningCount ?? 0, one.RolloutState?.Value)
            );
        }

        return [new RunningServiceReport(run.Name, name, service.DesiredCount ?? 0, revisions) { Problem = problem }];
    }

    /// <summary>Says what could not be read, or why there is nothing to read: a service that is missing, for example.</summary>
    /// <param name="what">What could not be read.</param>
    /// <param name="exception">What was thrown.</param>
    /// <param name="run">The step.</param>
    internal static string Unread(string what, Exception exception, StepRun run) =>
        exception is ServiceRefusedException refused ? refused.Message : run.Unread(what, exception);

    private static async Task<string?> Image(StepRun run, string definition)
    {
        var containers = (
            await run.Account.Ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = definition })
        )
            .TaskDefinition
            .ContainerDefinitions;
        return run.Step<ServiceStep>().Container is { } container
            ? containers.Find(one => one.Name == container)?.Image
            : string.Join(", ", containers.Select(one => one.Image));
    }
}

/// <summary>A revision that an ECS service has tasks of.</summary>
/// <param name="TaskDefinition">The revision, as <c>family:revision</c>.</param>
/// <param name="Image">Its image; <see langword="null"/> where that could not be read.</param>
/// <param name="Running">How many of its tasks run.</param>
/// <param name="State">The state of its rollout, as ECS has it; <see langword="null"/> where ECS has none.</param>
public sealed record RunningRevision(string TaskDefinition, string? Image, int Running, string? State);
