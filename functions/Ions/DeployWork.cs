using Amazon.CodeBuild;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>Has ion-dev deploy the revision, waits for the execution of <c>datomic-GROUP</c>, and judges what really runs.</summary>
public sealed class DeployWork(IonBuilds builds, Ledger ledger) : IStepWork
{
    private const string BuildPhase = "build";
    private const string DeployPhase = "deploy";
    private static readonly TimeSpan PerNode = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Lambdas = TimeSpan.FromMinutes(5);
    private const string NodesFact = "nodes";
    private const string GroupFact = "group";

    /// <inheritdoc/>
    public string Task => "deploy";

    /// <inheritdoc/>
    public TimeSpan Heartbeat => TimeSpan.FromSeconds(60);

    /// <summary>Ten minutes for each node, one after another, and five for the Lambdas (research: 20 s to several minutes a node).</summary>
    public TimeSpan Limit(StepRun run) =>
        (PerNode * int.Parse(run.Record.Fact(NodesFact) ?? "1", System.Globalization.CultureInfo.InvariantCulture)) + Lambdas;

    /// <inheritdoc/>
    public async Task<Outcome> Advance(StepRun run)
    {
        if (run.Record.Phase is null && await Begin(run) is { } already)
        {
            return already;
        }

        if (run.Record.Phase == BuildPhase && await Built(run) is { } ended)
        {
            return ended;
        }

        var judge = await Judge(run);
        var outcome = await judge.Judge(run.Record.Resource!);
        if (outcome is Outcome.Succeeded)
        {
            await Release(run);
        }

        return outcome;
    }

    /// <summary>Whether the group already is as this source wants it.</summary>
    public async Task<bool> IsUnchanged(StepRun run)
    {
        return run.Evaluate(run.Step<IonsStep>().Group).Value is not null
            && run.Released.GetValueOrDefault(run.Name) is { } released
            && released.Inputs == IonInputs.Digest(run)
            && await new IonJudge(run.Account, run.Text(run.Step<IonsStep>().Group), released.Facts[PushWork.NameFact], IonFiles.Config(run)).IsLive();
    }

    private async Task<Outcome?> Begin(StepRun run)
    {
        var judge = await Judge(run);
        await run.Save(run.Record.With(GroupFact, judge.Group).With(NodesFact, Math.Max(1, await judge.CountNodes()).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        if (await judge.IsLive())
        {
            await Release(run);
            return new Outcome.Succeeded("none");
        }

        if (await Running(run, judge) is { } execution)
        {
            await run.WaitFor(execution);
            await run.Save(run.Record with { Phase = DeployPhase, Resource = execution, State = StepState.Running });
            return null;
        }

        await run.Save(run.Record with { Phase = BuildPhase });
        return null;
    }

    /// <summary>An execution of this revision that runs already is adopted; another one's is waited for.</summary>
    private static async Task<string?> Running(StepRun run, IonJudge judge)
    {
        var machine = $"arn:aws:states:{run.Target.Region}:{run.Target.Account}:stateMachine:datomic-{judge.Group}";
        var executions = await run.Account.StepFunctions.ListExecutionsAsync(new ListExecutionsRequest { StateMachineArn = machine, StatusFilter = ExecutionStatus.RUNNING });
        if (executions.Executions?.FirstOrDefault() is not { } running)
        {
            return null;
        }

        return running.Name.StartsWith($"{judge.Group}-{judge.Revision}-", StringComparison.Ordinal)
            ? running.ExecutionArn
            : throw new NotYetException($"the execution {running.Name} of datomic-{judge.Group} is still running");
    }

    private async Task<Outcome?> Built(StepRun run)
    {
        if (run.Record.Resource is null)
        {
            var judge = await Judge(run);
            var push = await Push(run);
            var argument = $"{{:op :deploy :group \"{judge.Group}\" {push.Fact(PushWork.KeyFact)} \"{judge.Revision}\" :region \"{run.Target.Region}\"}}";
            var started = await builds.FindOrStart(run, "deploy", argument, search: run.Record.State == StepState.Running);
            await run.WaitFor(started);
            await run.Save(run.Record with { Resource = started, State = StepState.Running });
        }

        var build = await builds.Get(run.Record.Resource!);
        if (build.BuildStatus == StatusType.IN_PROGRESS)
        {
            return new Outcome.Running($"build {build.Id} is still in phase {build.CurrentPhase}");
        }

        var text = await builds.Answer(run.RequestToken, "deploy");
        if (build.BuildStatus != StatusType.SUCCEEDED || text is null)
        {
            return new Outcome.Failed(new IonsDeployFailedException(IonBuilds.Explain(build)));
        }

        var answer = IonDevAnswer.Read(text);
        if (answer?.ExecutionArn is not { } execution)
        {
            return new Outcome.Failed(new IonsDeployFailedException($"ion-dev deploy: {IonBuilds.Explain(answer)}; build {build.Id}"));
        }

        await run.WaitFor(execution);
        await run.Save(run.Record with { Phase = DeployPhase, Resource = execution, State = StepState.Running });
        return null;
    }

    private async Task Release(StepRun run)
    {
        var push = await Push(run);
        await run.Release(new ReleasedStep
        {
            Deployment = run.Deployment.Deployment,
            Inputs = IonInputs.Digest(run),
            Resource = push.Fact(PushWork.NameFact)!,
            Facts = new Dictionary<string, string>
            {
                [PushWork.KeyFact] = push.Fact(PushWork.KeyFact)!,
                [PushWork.NameFact] = push.Fact(PushWork.NameFact)!,
            },
        });
    }

    private async Task<IonJudge> Judge(StepRun run) =>
        new(run.Account, run.Text(run.Step<IonsStep>().Group), (await Push(run)).Fact(PushWork.NameFact)!, IonFiles.Config(run));

    private async Task<StepRecord> Push(StepRun run) =>
        await ledger.Read(Ledger.StepKey(run.Deployment.Deployment, Names.Task(run.Name, PushWork.TaskName)), Documents.Default.StepRecord)
            ?? throw new InvalidOperationException($"step '{run.Name}' was not pushed");
}
