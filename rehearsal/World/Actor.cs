namespace Deployer.Rehearsal.World;

/// <summary>
/// Somebody who acts in the world from outside it: an invocation of a function, a build. It computes on the wall clock, and what it does
/// next (a request, its end) takes effect at a moment that was fixed when it began to compute: how long that really takes changes
/// nothing.
/// </summary>
public sealed class Actor
{
    internal Actor(string name, ActorSettings settings, DateTimeOffset startedAt)
    {
        Name = name;
        Settings = settings;
        StartedAt = startedAt;
    }

    /// <summary>
    /// What it is called, unique in a run: what kind of actor it is and the how manieth, such as <c>deployer-begin#2</c>.
    /// </summary>
    public string Name { get; }

    /// <summary>When it was started, in simulated time.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Which request it prepares, or has under way: from 1.</summary>
    public long RequestNumber { get; internal set; } = 1;

    internal ActorSettings Settings { get; }

    internal ActorState State { get; set; } = ActorState.Computing;

    /// <summary>The request that it has under way.</summary>
    internal ActorRequest? Request { get; set; }

    /// <summary>
    /// Requests that it sent after others whose senders are gone: each has its turn when those before it have had theirs, so that the order
    /// is not that of the wall clock.
    /// </summary>
    internal Queue<ActorRequest> NextRequests { get; } = [];

    /// <summary>How much longer than it was drawn the answer to its request takes.</summary>
    internal TimeSpan AnswerDelay { get; set; }

    /// <summary>
    /// The call of an SDK whose request had no answer last, and how often in a row: its next one is an attempt more, also where the
    /// client's own transport sends it again and does not count it.
    /// </summary>
    internal (string? Invocation, int Times) Unanswered { get; set; }

    /// <summary>How much longer than it was drawn it computes once its request is over, before it does anything more.</summary>
    internal TimeSpan Slowness { get; set; }

    /// <summary>What its end does in the world, once it has come to it.</summary>
    internal Action? Result { get; set; }

    /// <summary>When it began to compute, on the wall clock.</summary>
    internal long ComputingSince { get; set; }

    internal CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The moments that belong to it.</summary>
    internal List<ActorMoment> Moments { get; } = [];

    /// <summary>It computes, and the world does not know yet what it does next.</summary>
    internal bool IsUnknown => State == ActorState.Computing && Request is null && Result is null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Where an actor stands.</summary>
internal enum ActorState
{
    /// <summary>It computes; its next act has a moment already.</summary>
    Computing,

    /// <summary>Its request is with the world.</summary>
    Waiting,

    /// <summary>
    /// It has computed beyond every patience on the wall clock: it does nothing any more until its simulated time is over.
    /// </summary>
    Stuck,

    /// <summary>It has ended, or was killed: what still comes from it is neither heard nor answered.</summary>
    Ended,
}

/// <summary>How an actor is treated.</summary>
public sealed record ActorSettings
{
    /// <summary>Its delays.</summary>
    public ActorPace Pace { get; init; } = ActorPace.Immediate;

    /// <summary>How long it may live in simulated time; then it is killed.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>
    /// What a kill by <see cref="Limit"/> or by the watchdog does in the world; without it the watchdog fails the rehearsal.
    /// </summary>
    public Action? Killed { get; init; }

    /// <summary>What a crash of its process does in the world; without it the actor cannot crash.</summary>
    public Action? Crashed { get; init; }

    /// <summary>
    /// What breaking a rule of the rehearsal does in a world that serves; without it, it is as a crash (<see cref="Crashed"/>) or a kill.
    /// </summary>
    public Action<ActorException>? RuleBroken { get; init; }

    /// <summary>How long it may compute at a stretch on the wall clock, if that is less than the world's own limit.</summary>
    public TimeSpan? WallLimit { get; init; }

    /// <summary>
    /// Whether it is one request of a client of <c>serve</c>: it ends with its answer, and its client's patience is on the wall clock.
    /// </summary>
    internal bool IsClient { get; init; }

    /// <summary>
    /// Whether its reads and the policies by which it is judged are those of the present: a person's role is the rehearsal's own, and not
    /// something that was just made in the accounts.
    /// </summary>
    public bool SeesPresent { get; init; }

    /// <summary>
    /// How long its client waits for the answer to one attempt of a request, in simulated time; then the connection is closed.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = Durations.ClientTimeout.Longest;

    /// <summary>The access keys whose requests are its own.</summary>
    public IReadOnlyList<string> AccessKeys { get; init; } = [];
}

/// <summary>A request of an actor.</summary>
/// <param name="What">What the reports call it, such as <c>POST states</c>.</param>
/// <param name="Attempt">Its client's attempt, from 1: before each further one an SDK's pause passes.</param>
/// <param name="Arrive">
/// Has its effect, on the world's thread; the task is the answer to come, which completes on the world's thread, or
/// <see langword="null"/> when the answer is there.
/// </param>
/// <param name="Answer">Hands the answer to the client.</param>
/// <param name="Abandon">Informs the client that there is no answer: its time-out, or a connection that is lost.</param>
internal sealed record ActorRequest(string What, int Attempt, Func<Task?> Arrive, Action Answer, Action Abandon)
{
    /// <summary>Completes when who sent it is gone: a program that was killed, whose connection the machine has closed.</summary>
    internal Task SenderGone { get; init; } = Never;

    private static readonly Task Never = new TaskCompletionSource().Task;

    /// <summary>
    /// Which call of an SDK it is an attempt of (<c>amz-sdk-invocation-id</c>); <see langword="null"/> where the client does not say it.
    /// </summary>
    internal string? Invocation { get; init; }

    /// <summary>Whether its connection is lost once it has had, or missed, its effect.</summary>
    internal Func<bool> IsLost { get; init; } = () => false;

    /// <summary>The pause before a further attempt has passed.</summary>
    internal bool Paused { get; set; }
}

/// <summary>An actor broke a rule of the rehearsal, such as that of one request at a time.</summary>
public sealed class ActorException(string message) : Exception(message);
