using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Runtime;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec.Binding;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Kinds;
using Deployer.Spec.Rules;
using Deployer.Spec.Shapes;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Tests.Kinds;

/// <summary>A kind of step that the product does not have: a queue.</summary>
internal sealed class QueueSpecKind : StepKind
{
    private static readonly ObjectShape StepShape = new(
        "A queue.",
        [new("queue", new TextShape("The queue's name."), Required: true), SpecShapes.After]
    );

    internal override ObjectShape Shape => StepShape;

    internal override StepSpec Bind(StepNode node) =>
        new QueueStep(node.Name, node.Position, node.After, node.Values.Expression(node.Body, "queue", Scope.Target));

    internal override void Check(Spec.ServiceSpec spec, ISourceFolder folder, FaultList faults)
    {
        foreach (var queue in spec.Steps.OfType<QueueStep>())
        {
            StaticValue.Check(spec, queue.Queue, "the queue's name", name => name.Length <= 80, "at most 80 characters", faults);
        }
    }
}

/// <summary>A step of that kind.</summary>
internal sealed record QueueStep(string Name, SourcePosition Position, IReadOnlyList<NamedStep> After, Expression Queue)
    : StepSpec(Name, Position, After)
{
    public override string Kind => "queue";

    public override IEnumerable<Expression> Expressions => [Queue];

    public override IEnumerable<string> LambdaNames(ISourceFolder folder) => [$"{Name}-consumer"];
}

/// <summary>The queues that there are, and those that are being made.</summary>
internal sealed class Queues
{
    public HashSet<string> Present { get; } = [];

    /// <summary>Queues that something is done to.</summary>
    public HashSet<string> Underway { get; } = [];

    /// <summary>Queues that stay when a development instance is removed.</summary>
    public HashSet<string> Kept { get; } = [];

    /// <summary>What making a queue fails with; <see langword="null"/> where it does not.</summary>
    public Exception? Broken { get; set; }

    /// <summary>What has to run before queues are removed.</summary>
    public List<WaveStep> Before { get; } = [];

    /// <summary>The steps of deployments that succeeded.</summary>
    public List<string> Closed { get; } = [];

    /// <summary>Where queues stand when capacities are turned on.</summary>
    public int Order { get; set; }

    /// <summary>How many reads the comparison of a queue takes.</summary>
    public int Reads { get; set; } = 1;

    /// <summary>How many reads were made.</summary>
    public int ReadsMade { get; set; }

    /// <summary>How many pages the listing of a queue's parts has; 0 for none.</summary>
    public int Pages { get; set; }

    /// <summary>The pages that were read, by queue and number.</summary>
    public List<string> PagesRead { get; } = [];

    /// <summary>Queues of which AWS refuses to say what they are, and how.</summary>
    public Dictionary<string, Exception> Unreadable { get; } = [];

    /// <summary>Queues whose content cannot be compared.</summary>
    public HashSet<string> Uncertain { get; } = [];

    /// <summary>After how many reads the next one is throttled, once.</summary>
    public int? ThrottledAfter { get; set; }

    /// <summary>What else the making of a queue waits for.</summary>
    public string? WaitsFor { get; set; }

    /// <summary>How long making a queue may take.</summary>
    public TimeSpan Limit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Makes one read, or is throttled.</summary>
    public void Read()
    {
        if (ThrottledAfter == ReadsMade)
        {
            ThrottledAfter = null;
            throw new AmazonServiceException("Rate exceeded") { ErrorCode = "ThrottlingException", StatusCode = HttpStatusCode.BadRequest };
        }

        ReadsMade++;
    }

    public static string Arn(string name) => $"arn:aws:sqs:us-east-1:111111111111:{name}";
}

/// <summary>Registers the kind with the functions' services.</summary>
internal static class QueueRegistration
{
    public static IServiceCollection AddQueues(this IServiceCollection services, Queues queues) =>
        services
            .AddSingleton(queues)
            .AddSingleton<QueueWork>()
            .AddSingleton<QueueRemoval>()
            .AddSingleton(StepKinds.BuiltIn.With(new QueueSpecKind()))
            .AddSingleton<IStepKind, QueueKind>();
}

/// <summary>What the deployer does for such a step.</summary>
internal sealed class QueueKind(QueueWork work, QueueRemoval removal, Queues queues) : IStepKind
{
    public string Key => "queue";

    public IReadOnlyList<string> Branches => [Key, "queue-capacity", "queue-removal"];

    public PlannedAction Verb => PlannedAction.Create;

    public IReadOnlyList<IStepWork> WaitingTasks => [work, removal];

    /// <summary>The queues that would be made.</summary>
    public static readonly PlanPart<IReadOnlyList<string>> Part = new(
        "queues",
        (JsonTypeInfo<IReadOnlyList<string>>)JsonSerializerOptions.Web.GetTypeInfo(typeof(IReadOnlyList<string>)),
        queues => queues.Select(queue => new PlannedChange(ChangeKind.Added, queue, "nobody reads it yet"))
    );

    public IReadOnlyList<PlanPart> PlanParts => [Part];

    public string? StepsWithCapacity => "a queue";

    public async Task<Comparison> Compare(StepRun run, ComparisonProgress progress)
    {
        var name = run.Text(run.Step<QueueStep>().Queue);
        if (queues.Unreadable.GetValueOrDefault(name) is { } refused)
        {
            throw refused;
        }

        if (queues.Pages > 0 && await Listed(name, progress) is null)
        {
            return new Comparison.Unfinished();
        }

        foreach (var part in Enumerable.Range(0, queues.Reads).Select(part => $"{name}/{part}"))
        {
            if (progress.ShouldRead(part, count: 1))
            {
                queues.Read();
                progress.Add(part, part.EndsWith("/0", StringComparison.Ordinal) ? [$"{name} was read"] : []);
            }
        }

        return queues.Underway.Contains(name) ? new Comparison.NotReadable(new NotYetException($"queue {name} is being changed"))
            : !queues.Present.Contains(name) ? new Comparison.Changes($"there is no queue {name}")
            : progress.IsPaused ? new Comparison.Unfinished()
            : queues.Uncertain.Contains(name) ? new Comparison.NotComparable(["its content cannot be read"])
            : new Comparison.NoChanges();
    }

    private Task<IReadOnlyList<string>?> Listed(string name, ComparisonProgress progress) =>
        progress.List(
            token =>
            {
                var page = token is null ? 1 : int.Parse(token, CultureInfo.InvariantCulture);
                queues.PagesRead.Add($"{name}/{page}");
                return Task.FromResult(page.ToString(CultureInfo.InvariantCulture));
            },
            page => [$"{name}/{page}"],
            page =>
                int.Parse(page, CultureInfo.InvariantCulture) is var number && number < queues.Pages
                    ? (number + 1).ToString(CultureInfo.InvariantCulture)
                    : null
        );

    public Task<StepPlan> Plan(StepRun run, StepPlan plan, Comparison comparison) =>
        Task.FromResult(
            comparison is Comparison.Changes changes
                ? plan.With(Part, [run.Text(run.Step<QueueStep>().Queue)]) with
                {
                    Notices = changes.Differences,
                }
                : plan with
                {
                    Action = PlannedAction.None,
                }
        );

    public Task<IReadOnlyList<IReportPart>> Report(ReportedStep step) =>
        Task.FromResult<IReadOnlyList<IReportPart>>([new QueueReport(step.Task(work.Task)?.Resource ?? step.Step.Name, step.Action)]);

    public Task<StepRemoval> Removal(StepRun run) =>
        Task.FromResult<StepRemoval>(
            queues.Kept.Contains(run.Text(run.Step<QueueStep>().Queue))
                ? new StepRemoval.Nothing()
                : new StepRemoval.Branch("queue-removal") { Before = [.. queues.Before] }
        );

    public Task<DeployerException?> LeftBehind(ReleasedStep released, TargetAccount account) =>
        Task.FromResult<DeployerException?>(
            released.Resource.StartsWith(Queues.Arn(string.Empty), StringComparison.Ordinal)
                ? new StackFailedException($"queue {released.Resource} is of the step '{released.Step}'")
                : null
        );

    public IEnumerable<KeyValuePair<RelativePath, byte[]>> FilesForRemoval(ServiceSource source, StepSpec step) =>
        step is QueueStep ? [new(RelativePath.Parse($"{step.Name}.json"), "{}"u8.ToArray())] : [];

    public StepCapacity? Capacity(StepSpec step) => new("queue-capacity", queues.Order);

    public Func<StepRun, Task>? AfterSuccess(StepSpec step) =>
        run =>
        {
            queues.Closed.Add(run.Name);
            return Task.CompletedTask;
        };
}

/// <summary>What is reported of such a step.</summary>
internal sealed record QueueReport(string Queue, StepAction Action) : IReportPart
{
    string IReportPart.Section => "queues";

    IEnumerable<string> IReportPart.Lines => [$"queue {Queue}"];
}

/// <summary>Waits until a queue is there.</summary>
internal sealed class QueueWork(Queues queues) : IStepWork
{
    /// <summary>A name that a task of ions has too.</summary>
    public string Task => "deploy";

    /// <summary>
    /// A source that no kind of the product has, whose events name what they are about beside the detail
    /// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html).
    /// </summary>
    public IReadOnlyList<EventSource> Events { get; } =
    [new("aws.sqs", settled => settled.Resources is [var service, ..] ? service : null, settled => settled.DetailType == "Queue Made")];

    public TimeSpan Limit(StepRun run) => queues.Limit;

    public async Task<Outcome> Advance(StepRun run)
    {
        var name = run.Text(run.Step<QueueStep>().Queue);
        if (queues.Broken is { } broken)
        {
            throw broken;
        }

        if (run.Record.Resource is null)
        {
            await run.WaitFor(Queues.Arn(name));
            await run.Save(run.Record with { Resource = Queues.Arn(name), State = TaskState.Running });
        }

        return queues.Present.Contains(name) ? new Outcome.Succeeded(StepAction.Created)
            : name.Contains("forbidden", StringComparison.Ordinal) ? new Outcome.Failed(new StackFailedException("no such queue"))
            : new Outcome.Running($"queue {name} is being created", WaitsFor: queues.WaitsFor);
    }
}

/// <summary>Removes a queue.</summary>
internal sealed class QueueRemoval(Queues queues) : IStepWork
{
    public string Task => "queue-removal";

    public IReadOnlyList<EventSource> Events => [];

    public TimeSpan Limit(StepRun run) => TimeSpan.FromMinutes(5);

    public Task<Outcome> Advance(StepRun run) =>
        System.Threading.Tasks.Task.FromResult<Outcome>(
            new Outcome.Succeeded(queues.Present.Remove(run.Text(run.Step<QueueStep>().Queue)) ? StepAction.Removed : StepAction.None)
        );
}
