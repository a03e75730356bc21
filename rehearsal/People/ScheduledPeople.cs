using System.Globalization;
using Amazon.Runtime;
using Deployer.Rehearsal.CloudFormation;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.StepFunctions.Interpreter;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.People;

/// <summary>Whether an execution that begins is the deployment that a run itself starts or redrives.</summary>
/// <param name="execution">ARN of the execution.</param>
/// <param name="input">Its input, as JSON; <see langword="null"/> when it is redriven.</param>
public delegate bool OwnDeployment(string execution, string? input);

/// <summary>
/// The people of a schedule in a world: sees what happens, and lets each person act when the moment has come. A person is an actor like an
/// invocation: requests and answers take simulated time, one request is under way at a time, and policies judge each.
/// </summary>
public sealed class ScheduledPeople
{
    /// <summary>The longest session of a role; https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.</summary>
    private static readonly TimeSpan SessionLength = TimeSpan.FromHours(12);

    /// <summary>How the actors that builds are begin; those of persons begin otherwise.</summary>
    private const string BuildPrefix = "build ";

    private static readonly ActorPace Pace = new(_ => TimeSpan.Zero, Durations.PersonRequest.Draw, Durations.RequestAnswer.Draw);

    private readonly RehearsalWorld _world;
    private readonly Gateway _gateway;
    private readonly CloudFormationService _cloudFormation;
    private readonly PeopleScene _scene;
    private readonly DateTimeOffset _began;
    private readonly List<Entry> _entries;
    private readonly OwnDeployment _isOwn;
    private readonly List<string> _others = [];
    private readonly HashSet<string> _byPeople = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _invocations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _acting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<Entry>> _waiting = new(StringComparer.Ordinal);
    private (string Service, string Operation)? _operation;
    private string? _own;
    private int _started;
    private int _changed;
    private DateTimeOffset? _closed;

    private ScheduledPeople(AwsRehearsal rehearsal, Schedule schedule, PeopleScene scene, OwnDeployment isOwn)
    {
        (_world, _gateway, _scene, _isOwn) = (rehearsal.World, rehearsal.Gateway, scene, isOwn);
        _cloudFormation = rehearsal.CloudFormation;
        _began = _world.Now;
        _entries = [.. schedule.Acts.Select(act => new Entry(act))];
        foreach (var person in schedule.People)
        {
            MakeRole(person, scene.Tools.Account);
            MakeRole(person, scene.Target.Account);
        }

        _world.Audit.Recorded = call => _operation ??= call.ActorKey is null ? null : (call.Service, call.Operation);
        _world.Arrived = Arrived;
        foreach (var entry in _entries.Where(entry => entry.Act.When is Trigger.At))
        {
            Fire(entry, ((Trigger.At)entry.Act.When).Time, actor: null);
        }
    }

    /// <summary>What became of everything that the schedule says, in its order.</summary>
    public Task<IReadOnlyList<ActReport>> Reports() => _world.Do<IReadOnlyList<ActReport>>(() => [.. _entries.Select(Report)]);

    /// <summary>The execution of the run's own deployment; <see langword="null"/> while there is none.</summary>
    public Task<string?> OwnDeployment() => _world.Do(() => _own);

    /// <summary>Whether somebody redrove this execution.</summary>
    public Task<bool> WasRedriven(string execution) =>
        _world.Do(() =>
            _entries.Exists(entry =>
                entry is { Act.Do: PersonAct.Redrive redrive, Outcome: ActOutcome.Done } && Deployment(redrive.Deployment) == execution
            )
        );

    /// <summary>Lets the people of a schedule into a world, from now on.</summary>
    /// <param name="rehearsal">The rehearsal.</param>
    /// <param name="schedule">Who does what, and when.</param>
    /// <param name="scene">Where they act.</param>
    /// <param name="isOwn">Says of an execution that begins whether it is the run's own deployment; no person's is asked for.</param>
    /// <exception cref="ScheduleException">
    /// The schedule waits for a service or an operation that is not simulated; the message has a line for each.
    /// </exception>
    public static Task<ScheduledPeople> Begin(AwsRehearsal rehearsal, Schedule schedule, PeopleScene scene, OwnDeployment isOwn) =>
        rehearsal.World.Do(() =>
        {
            var faults = schedule
                .Acts.Select(act =>
                    act.When is Trigger.Request { Operation: { } operation }
                    && operation.Split(':') is [var service, var name]
                    && rehearsal.World.Api.NotSimulated(service, name) is { } fault
                        ? $"{act.Position}: {fault}"
                        : null
                )
                .OfType<string>()
                .ToList();
            return faults.Count > 0
                ? throw new ScheduleException(string.Join('\n', faults))
                : new ScheduledPeople(rehearsal, schedule, scene, isOwn);
        });

    /// <summary>Lets time pass until everything whose moment came is done and what it led to has ended.</summary>
    /// <param name="rehearsal">The rehearsal.</param>
    /// <param name="aftermath">How long after an end something may follow from it.</param>
    /// <returns>When the run's own deployment closed last; <see langword="null"/> when it has not.</returns>
    public async Task<DateTimeOffset?> RunToEnd(AwsRehearsal rehearsal, TimeSpan aftermath)
    {
        while (await _world.Do(IsUnderWay))
        {
            await _world.RunUntil(() => !IsUnderWay());
            await rehearsal.Pass(aftermath);
        }

        return await _world.Do(() => _closed);
    }

    /// <summary>Hears that a step, or a task of it, began or ended in the run's own deployment; on the world's thread.</summary>
    /// <param name="step">The step; <see langword="null"/> for a task of none.</param>
    /// <param name="task">The task; <see langword="null"/> for the step as a whole.</param>
    /// <param name="ended">Whether it ended.</param>
    public void Progressed(string? step, string? task, bool ended)
    {
        foreach (
            var entry in Untriggered<Trigger.Progress>(when =>
                when.Ends == ended && when.Task == task && (when.Step == step || (when.Step is null && task is not null))
            )
        )
        {
            Fire(entry, entry.Act.When.Wait, actor: null);
        }
    }

    /// <summary>Hears each event of an execution; on the world's thread.</summary>
    /// <returns>Whether the execution is the run's own deployment.</returns>
    public bool Happened(string execution, HistoryEvent happened)
    {
        if (
            !execution.StartsWith(
                _scene.Machine.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal) + ":",
                StringComparison.Ordinal
            )
        )
        {
            return false;
        }

        switch (happened.Type)
        {
            case "ExecutionStarted" or "ExecutionRedriven":
                // One from before this run is the deployment that its redrive begins.
                Number(execution, happened);
                _open.Add(execution);
                _stopped.Remove(execution);
                break;
            case "ExecutionSucceeded" or "ExecutionFailed" or "ExecutionTimedOut" or "ExecutionAborted":
                _open.Remove(execution);
                if (happened.Type == "ExecutionAborted")
                {
                    _stopped.Add(execution);
                }

                if (_own == execution)
                {
                    _closed = _world.Now;
                }

                foreach (var entry in Untriggered<Trigger.Closes>(when => Deployment(when.Deployment) == execution))
                {
                    if (entry.Count(execution) == ((Trigger.Closes)entry.Act.When).Occurrence)
                    {
                        Fire(entry, entry.Act.When.Wait, actor: null);
                    }
                }

                break;
        }

        return _own == execution;
    }

    /// <summary>
    /// The run's own deployment is the first, whatever begins before it; the others follow in the order in which they begin.
    /// </summary>
    private void Number(string execution, HistoryEvent began)
    {
        if (_own == execution || _others.Contains(execution))
        {
            return;
        }

        if (_own is null && !_byPeople.Contains(execution[(execution.LastIndexOf(':') + 1)..]) && _isOwn(execution, began.Input))
        {
            _own = execution;
        }
        else
        {
            _others.Add(execution);
        }
    }

    private bool IsUnderWay() => _open.Count > 0 || _entries.Exists(entry => entry.State is EntryState.Due or EntryState.Acting);

    private static string HadEnded(int number) => string.Create(CultureInfo.InvariantCulture, $"deployment {number} had ended already");

    private string? Deployment(int number) => number == 1 ? _own : _others.ElementAtOrDefault(number - 2);

    private List<Entry> Untriggered<T>(Func<T, bool> meets)
        where T : Trigger => _entries.FindAll(entry => entry.State == EntryState.Untriggered && entry.Act.When is T when && meets(when));

    /// <summary>A request of an actor has had its effect.</summary>
    private void Arrived(Actor actor, string what)
    {
        var (service, operation) = _operation ?? (what.Split(' ', 2)[0], what.Split(' ', 2)[^1]);
        _operation = null;
        if (_acting.TryGetValue(actor.Name, out var acting))
        {
            acting.Requests.Add(($"{service}:{operation}", Seconds()));
        }

        if (Of(actor.Name) is { } of)
        {
            Requested(actor, of, $"{service}:{operation}");
        }
    }

    /// <summary>What a schedule calls who makes a request; <see langword="null"/> for whom it has no name.</summary>
    private string? Of(string actor) =>
        actor.StartsWith(_scene.FunctionPrefix, StringComparison.Ordinal) ? actor[_scene.FunctionPrefix.Length..actor.LastIndexOf('#')]
        : actor.StartsWith(BuildPrefix, StringComparison.Ordinal) ? Trigger.Request.Builds
        : _acting.GetValueOrDefault(actor)?.Act.Who;

    private void Requested(Actor actor, string of, string operation)
    {
        var invocations = _invocations.TryGetValue(of, out var known) ? known : _invocations[of] = [];
        if (!invocations.Contains(actor.Name))
        {
            invocations.Add(actor.Name);
        }

        var invocation = invocations.IndexOf(actor.Name) + 1;
        foreach (
            var entry in Untriggered<Trigger.Request>(when =>
                when.Of == of && (when.Invocation ?? invocation) == invocation && (when.Operation ?? operation) == operation
            )
        )
        {
            if (entry.Count(actor.Name) == ((Trigger.Request)entry.Act.When).Number)
            {
                Fire(entry, entry.Act.When.Wait, actor);
            }
        }
    }

    /// <summary>The moment has come, or comes after a while.</summary>
    private void Fire(Entry entry, TimeSpan wait, Actor? actor)
    {
        entry.State = EntryState.Due;
        if (wait == TimeSpan.Zero)
        {
            Begin(entry, actor);
            return;
        }

        _world.StartActor(
            "schedule",
            _ => Task.FromResult<Action>(() => Begin(entry, actor)),
            new ActorSettings { Pace = ActorPace.Immediate with { Start = _ => wait } }
        );
    }

    private void Begin(Entry entry, Actor? actor)
    {
        // Nobody asks AWS for these.
        switch (entry.Act.Do)
        {
            case PersonAct.Kill kill:
                entry.BeganAt = Seconds();
                Kill(entry, kill, actor);
                return;
            case PersonAct.Delay delay:
                entry.BeganAt = Seconds();
                actor!.AnswerDelay += delay.By;
                entry.End(null);
                return;
            case PersonAct.Pause pause:
                entry.BeganAt = Seconds();
                actor!.Slowness += pause.For;
                entry.End(null);
                return;
            case PersonAct.ReadStale stale:
                entry.BeganAt = Seconds();
                entry.State = EntryState.Acting;
                ReadStale(entry, stale);
                return;
        }

        // A person does one thing after another.
        var waiting = _waiting.TryGetValue(entry.Act.Who, out var known) ? known : _waiting[entry.Act.Who] = [];
        waiting.Enqueue(entry);
        if (waiting.Count == 1)
        {
            Act(entry);
        }
    }

    private void ReadStale(Entry entry, PersonAct.ReadStale stale)
    {
        var reads = StaleReads.In(_world);
        var read = reads.Ask(stale.Operation, _world.Now);
        _world.StartActor(
            "schedule",
            _ =>
                Task.FromResult<Action>(() =>
                {
                    reads.End(read);
                    entry.End(read.Count > 0 ? null : $"nobody called {stale.Operation} in that time");
                }),
            new ActorSettings { Pace = ActorPace.Immediate with { Start = _ => stale.For } }
        );
    }

    private void Kill(Entry entry, PersonAct.Kill kill, Actor? actor)
    {
        var victims = kill.Function is null ? new[] { actor! } : _world.LivingActors($"{_scene.FunctionPrefix}{kill.Function}#");
        var killed = victims.Count(_world.Crash);
        entry.End(killed > 0 ? null : "no such invocation was under way");
    }

    private void Act(Entry entry)
    {
        entry.BeganAt = Seconds();
        var act = entry.Act.Do;
        var number = act switch
        {
            PersonAct.Stop stop => stop.Deployment,
            PersonAct.Redrive redrive => redrive.Deployment,
            _ => 0,
        };
        var execution = number == 0 ? null : Deployment(number);
        if (number > 0 && execution is null)
        {
            entry.End($"there was no deployment {number} yet");
            Next(entry.Act.Who);
            return;
        }

        if (act is PersonAct.Stop && !_open.Contains(execution!))
        {
            entry.End(HadEnded(number));
            Next(entry.Act.Who);
            return;
        }

        var place = act.InTools ? _scene.Tools : _scene.Target;
        var principal = Principal.AssumedRole(place.Account, RoleName(entry.Act.Who), entry.Act.Who);
        if (act is PersonAct.ChangeResource change)
        {
            ChangeResource(entry, change, principal, place.Region);
            Next(entry.Act.Who);
            return;
        }

        var session = new Sessions(_world).Issue(principal, SessionLength);
        var work = new PersonWork(new PersonClients(_gateway, session, place.Region), entry.Act.Who);
        var prepared = act is PersonAct.Deploy deploy ? _scene.Deployments[deploy] : null;
        // A change set that was executed keeps its name, also from run to run of kept accounts.
        var name =
            act is PersonAct.ChangeStack
                ? string.Create(CultureInfo.InvariantCulture, $"by-hand-{++_changed}-{_world.Now.ToUnixTimeSeconds()}")
            : prepared is null ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"{entry.Act.Who}-{++_started}-{_world.Now.ToUnixTimeSeconds()}");
        _byPeople.Add(name);
        var now = _world.Now;
        entry.State = EntryState.Acting;
        entry.Work = work;
        var actor = _world.StartActor(
            RoleName(entry.Act.Who),
            async _ =>
            {
                var problem = act is PersonAct.Decide decision
                    ? await work.Decide(_gateway, http => _scene.Decides(decision, new PersonConnection(entry.Act.Who, session, http, now)))
                    : await work.Do(act, execution, name, prepared);
                return () =>
                {
                    // AWS answers for an execution that has ended since as for one that it stops:
                    // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html lists no error for it.
                    entry.End(problem ?? (act is PersonAct.Stop && !_stopped.Contains(execution!) ? HadEnded(number) : null));
                    Next(entry.Act.Who);
                };
            },
            new ActorSettings
            {
                Pace = Pace,
                AccessKeys = [session.AccessKeyId],
                SeesPresent = true,
            }
        );
        _acting[actor.Name] = entry;
    }

    private void ChangeResource(Entry entry, PersonAct.ChangeResource change, Principal principal, string region)
    {
        string? problem = null;
        try
        {
            _cloudFormation.ChangeResource(principal, region, change.Stack, change.Resource, change.Properties);
        }
        catch (Exception refusal) when (refusal is ApiException or AmazonServiceException or TemplateException)
        {
            problem = refusal is ApiException { Code: var code } ? $"{code}: {refusal.Message}" : refusal.Message;
        }

        // The same request by which Cloud Control API changes a resource.
        entry.Requests.Add(("cloudformation:UpdateResource", Seconds()));
        entry.Answer = problem ?? "OK";
        entry.End(problem);
    }

    private void Next(string who)
    {
        _waiting[who].Dequeue();
        if (_waiting[who].TryPeek(out var next))
        {
            Act(next);
        }
    }

    private double Seconds() => Math.Round((_world.Now - _began).TotalSeconds, 3);

    private static string RoleName(string who) => $"person-{who}";

    /// <summary>The role under whose sessions a person acts in an account.</summary>
    private void MakeRole(Person person, string account)
    {
        var roles = new Roles(_world);
        var actions = string.Join(',', (person.Actions ?? []).Select(action => $"\"{action}\""));
        var role = new Role
        {
            Account = account,
            Name = RoleName(person.Name),
            TrustPolicy = $$$"""
                {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                "Principal":{"AWS":"arn:aws:iam::{{{account}}}:root"},"Action":"sts:AssumeRole"}}
                """,
        };
        if (person.Actions is null)
        {
            role.ManagedPolicies.Add("arn:aws:iam::aws:policy/AdministratorAccess");
        }
        else
        {
            role.InlinePolicies["may"] =
                $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[{{actions}}],"Resource":"*"}]}""";
        }

        if (roles.Find(account, role.Name) is null)
        {
            roles.Create(role);
        }
        else
        {
            roles.Update(role);
        }
    }

    private static ActReport Report(Entry entry) =>
        new(
            entry.Act.Who,
            entry.Act.Do.Words,
            entry.Act.When.ToString(),
            entry.Outcome,
            entry.BeganAt,
            [
                .. entry.Requests.Select(
                    (request, index) =>
                        new RequestReport(
                            request.Operation,
                            request.Seconds,
                            entry.Answer ?? (entry.Work is { } work && index < work.Answers.Count ? work.Answers[index] : "no answer")
                        )
                ),
            ],
            entry.Problem
        );

    private enum EntryState
    {
        /// <summary>Its trigger has not come.</summary>
        Untriggered,

        /// <summary>Its trigger has come; it waits, or its person is busy.</summary>
        Due,

        /// <summary>Its requests are made.</summary>
        Acting,

        /// <summary>It is over.</summary>
        Ended,
    }

    /// <summary>A line of the schedule and what has become of it.</summary>
    private sealed class Entry(ScheduledAct act)
    {
        private readonly Dictionary<string, int> _counted = new(StringComparer.Ordinal);

        public ScheduledAct Act => act;

        public EntryState State { get; set; }

        public double? BeganAt { get; set; }

        public PersonWork? Work { get; set; }

        /// <summary>The answer to what is done without a client.</summary>
        public string? Answer { get; set; }

        public List<(string Operation, double Seconds)> Requests { get; } = [];

        public string? Problem { get; private set; }

        public ActOutcome Outcome =>
            (State, Problem) switch
            {
                (EntryState.Ended, null) => ActOutcome.Done,
                (EntryState.Ended, _) => ActOutcome.Refused,
                _ when BeganAt is null => ActOutcome.NeverHappened,
                _ => ActOutcome.NotEnded,
            };

        /// <summary>Counts what its trigger counts, for an invocation or an execution.</summary>
        /// <returns>How often that was.</returns>
        public int Count(string what) => _counted[what] = _counted.GetValueOrDefault(what) + 1;

        public void End(string? problem)
        {
            State = EntryState.Ended;
            Problem = problem;
        }
    }
}
