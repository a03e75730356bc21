using Deployer.Functions.Endpoints;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Plans;

/// <summary>Finds out what a step would do. Why it would fail is an answer too, so that one plan tells all faults together.</summary>
public sealed class StepPlanner(
    LedgerTable ledger,
    ReleasedLibraries libraries,
    Revisions revisions,
    StepRuns runs,
    StackPlanner stacks,
    EndpointWork endpoints
)
{
    /// <summary>The action of a step that is as wanted.</summary>
    public const string None = "none";

    private const string Task = "plan";

    /// <summary>Plans a step and keeps what was found; doing it again gives the same.</summary>
    /// <exception cref="NotYetException">A change set is being made.</exception>
    public async Task<TaskDone> Run(TaskInput input)
    {
        using var run = await runs.Enter(input, Task);
        StepPlan plan;
        try
        {
            plan = await Plan(run);
        }
        catch (DeployerException exception) when (!exception.IsTransient)
        {
            var step = run.Source.Spec.Step(run.Name)!;
            plan = new StepPlan
            {
                Step = run.Name,
                Kind = step.Kind,
                Action = Verb(step),
                Problem = $"{exception.Error}: {exception.Message}",
            };
        }

        await ledger.Put(StepPlan.Key(run.Deployment.Deployment, run.Name), plan);
        return new TaskDone(plan.Action);
    }

    /// <summary>The references of a step that have no value yet.</summary>
    internal static IReadOnlyList<string> Unknown(StepRun run, StepSpec step) =>
        [
            .. step
                .Expressions.SelectMany(expression => run.Evaluate(expression, dns: string.Empty).Unknown)
                .Select(reference => reference.Name)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private async Task<StepPlan> Plan(StepRun run) =>
        run.Source.Spec.Step(run.Name) switch
        {
            StackStep step => await stacks.Plan(run, step),
            IonsStep step => await Ions(run, step),
            EndpointStep step => await Endpoint(run, step),
            var step => throw new SpecInvalidException($"{step!.Position}: steps of kind '{step.Kind}' are not supported yet"),
        };

    private async Task<StepPlan> Ions(StepRun run, IonsStep step)
    {
        var plan = new StepPlan
        {
            Step = run.Name,
            Kind = step.Kind,
            Subject = run.Evaluate(step.Group).Value,
            Action = Verb(step),
            KnownAfterApply = Unknown(run, step),
        };
        if (await DeployWork.IsUnchanged(run))
        {
            return plan with { Action = None };
        }

        plan = plan with { Libraries = await libraries.Changes(run) };
        if (await revisions.NotPromoted(run) is { } untried)
        {
            return plan with { Problem = $"{nameof(RevisionNotPromotedException)}: {untried}" };
        }

        if (plan.Subject is not { } group)
        {
            return plan;
        }

        var revision = Revision.Of(run).Name;
        var faults = await IonPreflight.Faults(run, revision);
        if (faults.Count > 0)
        {
            return plan with { Problem = $"{nameof(IonsPreflightException)}: {string.Join('\n', faults)}" };
        }

        var running = await new IonGroup(run.Account.CodeDeploy, run.Account.AutoScaling, IonFiles.Config(run).AppName, group).Revisions();
        return plan with
        {
            Notices =
            [
                $"revision {revision} would be deployed, one node after another",
                .. running.OrderBy(node => node.Key, StringComparer.Ordinal).Select(node => $"{node.Key} runs {node.Value}"),
            ],
            LimitMinutes = Minutes(DeployWork.LimitFor(running.Count)),
        };
    }

    private async Task<StepPlan> Endpoint(StepRun run, EndpointStep step)
    {
        var plan = new StepPlan
        {
            Step = run.Name,
            Kind = step.Kind,
            Action = Verb(step),
            KnownAfterApply = Unknown(run, step),
        };
        if (plan.KnownAfterApply.Count > 0)
        {
            return plan;
        }

        var affected = await endpoints.Affected(run);
        return plan with
        {
            Subject = run.Text(step.Endpoint),
            Action = affected.Count == 0 ? None : plan.Action,
            Notices =
            [
                .. affected
                    .OrderBy(function => function.Key, StringComparer.Ordinal)
                    .Select(function => $"{function.Key} would be given {string.Join(", ", function.Value)}"),
            ],
        };
    }

    /// <summary>A limit as it is told, in whole minutes.</summary>
    internal static int Minutes(TimeSpan limit) => (int)Math.Ceiling(limit.TotalMinutes);

    private static string Verb(StepSpec step) =>
        step switch
        {
            IonsStep => "release",
            EndpointStep => "inject",
            _ => "update",
        };
}
