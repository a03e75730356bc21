using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;
using Deployer.Spec.Expressions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Steps;

/// <summary>One entry into the work of a step: its record, its part of <c>deployer.yaml</c>, and the account it works in.</summary>
public sealed class StepRun(
    LedgerTable ledger,
    DeploymentRecord deployment,
    ServiceSource source,
    TargetSpec target,
    TargetAccount account,
    IReadOnlyDictionary<string, ReleasedStep> released,
    TaskRecord record,
    string? token
) : IDisposable
{
    /// <summary>The deployment.</summary>
    public DeploymentRecord Deployment { get; } = deployment;

    /// <summary>The service's folder and file.</summary>
    public ServiceSource Source { get; } = source;

    /// <summary>The target.</summary>
    public TargetSpec Target { get; } = target;

    /// <summary>Clients of the target's account.</summary>
    public TargetAccount Account { get; } = account;

    /// <summary>What the service's steps last released on this target, by step.</summary>
    public IReadOnlyDictionary<string, ReleasedStep> Released { get; } = released;

    /// <summary>What the step itself released last; <see langword="null"/> when it never has.</summary>
    public ReleasedStep? LastRelease => Released.GetValueOrDefault(Name);

    /// <summary>The step's record as it was last written.</summary>
    public TaskRecord Record { get; private set; } = record;

    /// <summary>The step's name in the service's file.</summary>
    public string Name => Record.Step;

    /// <summary>The task token of this entry; <see langword="null"/> for a state that does not wait. Never logged.</summary>
    public string? Token { get; } = token;

    /// <summary>
    /// How long the task has waited for what its record names, by AWS's clock: however often it was tried again meanwhile, and whether a
    /// heartbeat or an event opened it.
    /// </summary>
    public TimeSpan Waited => Since(Record.WaitsSince);

    /// <summary>How long ago an earlier entry was, by AWS's clock; no time where there was none.</summary>
    /// <param name="earlier">When that entry was.</param>
    public TimeSpan Since(DateTime? earlier) =>
        Account.EnteredAt - earlier is { } passed && passed > TimeSpan.Zero ? passed : TimeSpan.Zero;

    /// <summary>Values that are cut out of every cause.</summary>
    public SecretValues Secrets { get; } = new();

    /// <summary>Which of the step's tasks it is.</summary>
    public string Task => Record.Task;

    /// <summary>The client request token of this attempt: the same attempt asked for twice happens once.</summary>
    public string RequestToken => Record.RequestToken ?? Names.EarlierToken(Deployment.Deployment.Value, Name, Task, Record.Attempt);

    /// <summary>The step in the service's file.</summary>
    public T Step<T>()
        where T : StepSpec => (T)Source.Spec.Step(Name)!;

    /// <summary>The text of an expression.</summary>
    /// <exception cref="InvalidOperationException">It refers to an output that its step does not have.</exception>
    public string Text(Expression expression, string? dns = null)
    {
        var evaluation = Evaluate(expression, dns);
        return evaluation.Value
            ?? throw new SpecInvalidException(
                $"{expression.Position}: {string.Join(", ", evaluation.Unknown)} has no value; "
                    + $"{string.Join("; ", evaluation.Unknown.OfType<StepOutput>().Select(OutputsOf))}"
            );
    }

    /// <summary>The text of an expression, or what of it is not known.</summary>
    public Evaluation Evaluate(Expression expression, string? dns = null) => Evaluate(expression, Target, dns);

    /// <summary>What an expression would be in another target.</summary>
    public Evaluation Evaluate(Expression expression, TargetSpec other, string? dns = null) =>
        expression.Evaluate(
            Source.Spec.Resolver(
                other,
                output => Released.GetValueOrDefault(output.Step)?.Outputs.GetValueOrDefault(output.Output),
                dns,
                Deployment.Revision
            )
        );

    /// <summary>The references of the step that have no value yet, each once.</summary>
    public IReadOnlyList<string> UnknownReferences() =>
        [
            .. Step<StepSpec>()
                .Expressions.SelectMany(expression => Evaluate(expression, dns: string.Empty).Unknown)
                .Select(reference => reference.Name)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The steps of whose outputs the step refers to some that have no value yet, each once.</summary>
    public IReadOnlyList<string> UnknownSteps() =>
        [
            .. Step<StepSpec>()
                .Expressions.SelectMany(expression => Evaluate(expression, dns: string.Empty).Unknown)
                .OfType<StepOutput>()
                .Select(output => output.Step)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What a report says in the place of what could not be read; values that are secret are cut out of it.</summary>
    /// <param name="what">What could not be read, such as <c>what runs</c>.</param>
    /// <param name="exception">What was thrown.</param>
    public string Unread(string what, Exception exception) => $"{what} could not be read: {Failure.Translate(exception, Secrets).Message}";

    /// <summary>When a record may be deleted that only this deployment or plan asks for, by AWS's clock.</summary>
    public DateTimeOffset? Expiry =>
        Account.EnteredAt is { } entered ? new DateTimeOffset(entered.ToUniversalTime(), TimeSpan.Zero) + LedgerTable.Lifetime : null;

    /// <summary>Writes the step's record.</summary>
    /// <exception cref="NotYetException">
    /// Another entry has ended the task meanwhile: what this one, which is late, knows of it does not count any more.
    /// </exception>
    public async Task Save(TaskRecord record)
    {
        Record = record;
        await ledger.Change(
            TaskRecord.Key(record.Deployment, record.Step, record.Task),
            present =>
                HasEnded(present)
                && (
                    record.State is TaskState.Begun or TaskState.Running
                    || (record.State, present!.State) is (TaskState.Failed, TaskState.Succeeded)
                )
                    ? throw Late()
                    : record
        );
    }

    /// <summary>Whether another entry of what a token waits for has ended it, with success or without.</summary>
    private bool HasEnded(TaskRecord? present) =>
        Token is not null
        && present is { State: TaskState.Succeeded or TaskState.Failed }
        && present.Attempt == Record.Attempt
        && present.RedriveCount == Record.RedriveCount;

    private NotYetException Late() => new($"another entry of task '{Task}' of step '{Name}' has ended it meanwhile");

    /// <summary>Begins the work anew, under a token of its own: what was begun before has ended without doing it.</summary>
    public Task BeginAgain() =>
        Save(
            new TaskRecord
            {
                Deployment = Record.Deployment,
                Step = Record.Step,
                Task = Record.Task,
                Kind = Record.Kind,
                Attempt = Record.Attempt + 1,
                RequestToken = Names.Token(Record.Deployment.Value, Record.Step, Record.Task, Record.Attempt + 1),
                RedriveCount = Record.RedriveCount,
                Waits = Record.Waits,
            }
        );

    /// <summary>Notes that this attempt waits for a resource, under the token of this entry, before it is looked at.</summary>
    public async Task WaitFor(string resource)
    {
        // First what is deleted at the end: a function that dies between the two leaves no wait that nobody knows of.
        if (!Record.Waits.Contains(resource))
        {
            await Save(Record with { Waits = [.. Record.Waits, resource] });
        }

        if (Token is not null)
        {
            var wait = new WaitRecord
            {
                Resource = resource,
                Deployment = Deployment.Deployment,
                Step = Name,
                Task = Task,
                RedriveCount = Record.RedriveCount,
                Token = Token,
            };
            var key = WaitRecord.Key(resource, Deployment.Deployment, Name, Task);
            var written = await ledger.Change(key, present => present == wait ? present : wait, Expiry);
            // The entry that ends the task writes that down before it closes the waits: one of the two closes this one.
            if (ReferenceEquals(written, wait) && HasEnded(await ledger.Read(TaskRecord.Key(Record.Deployment, Record.Step, Record.Task))))
            {
                await ledger.Delete(key);
                throw Late();
            }
        }
    }

    /// <summary>
    /// Has everything that this attempt waits for wait under the token of this entry: that of the entry before is answered no more, since
    /// its heartbeat has expired.
    /// </summary>
    public async Task RenewWaits()
    {
        foreach (var resource in Record.Waits)
        {
            await WaitFor(resource);
        }
    }

    /// <summary>
    /// Notes that an operation is the deployment's own, whose id AWS has made, so that an event about it is no change by others.
    /// </summary>
    public Task Own(string operation) =>
        ledger.Change(OwnOperation.Key(operation), present => present ?? new OwnOperation(Deployment.Service, Deployment.Target), Expiry);

    /// <summary>
    /// Closes the waits of this attempt, once its record says how it ended. The record keeps their names: what a late entry opens again
    /// is closed with the deployment.
    /// </summary>
    public async Task StopWaiting()
    {
        foreach (var resource in Record.Waits)
        {
            await ledger.Delete(WaitRecord.Key(resource, Deployment.Deployment, Name, Task));
        }
    }

    /// <summary>Whether a resource is what the step released last, in this deployment or before.</summary>
    /// <param name="resource">Its identity, as it was recorded.</param>
    public bool HasReleased(string? resource) => LastRelease is { } last && last.Resource == resource;

    /// <summary>Records what the step released, for later steps and later deployments.</summary>
    /// <param name="released">What it released.</param>
    /// <param name="wasFound">
    /// Whether the deployment has changed nothing and only found it: what was released before is still of the deployment that did so.
    /// </param>
    public Task Release(ReleasedStep released, bool wasFound = false)
    {
        var before = wasFound && HasReleased(released.Resource) ? LastRelease : null;
        return ledger.Put(
            ReleasedStep.Key(Deployment.Service, Deployment.Target, Name),
            released with
            {
                Step = Name,
                Deployment = before?.Deployment ?? released.Deployment,
                At = before is null ? Account.EnteredAt?.ToUniversalTime() : before.At,
            }
        );
    }

    /// <summary>Closes what the entry opened: the clients of the account, and the source.</summary>
    public void Dispose()
    {
        Account.Dispose();
        Source.Dispose();
    }

    private string OutputsOf(StepOutput output) =>
        Released.GetValueOrDefault(output.Step) is { } step
            ? step.Outputs.Count == 0
                ? $"step '{output.Step}' has no outputs at all: its template declares none, or their conditions do not hold"
                : $"step '{output.Step}' has the outputs {CauseText.List([.. step.Outputs.Keys.Order(StringComparer.Ordinal)])}"
            : $"step '{output.Step}' has not run on {Target.Name} yet";
}
