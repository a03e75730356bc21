namespace Deployer.Functions.Steps;

/// <summary>The kinds of step that the deployer has an implementation of.</summary>
public sealed class StepKindRegistry
{
    private readonly Dictionary<string, IStepKind> _kinds;
    private readonly Dictionary<(string Kind, string Task), IStepWork> _waitingTasks;
    private readonly IReadOnlyList<EventSource> _events;
    private readonly IReadOnlyList<WatchedSource> _watched;

    /// <summary>Registers kinds.</summary>
    /// <exception cref="ArgumentException">Two have the same key, or one has two tasks of the same name.</exception>
    public StepKindRegistry(IEnumerable<IStepKind> kinds)
    {
        _kinds = kinds.ToDictionary(kind => kind.Key, StringComparer.Ordinal);
        _waitingTasks = _kinds
            .Values.SelectMany(kind => kind.WaitingTasks.Select(work => (kind.Key, Work: work)))
            .ToDictionary(task => (task.Key, task.Work.Task), task => task.Work);
        _events = [.. _waitingTasks.Values.SelectMany(work => work.Events).Distinct()];
        _watched = [.. _kinds.Values.SelectMany(kind => kind.WatchedSources).Distinct()];
    }

    /// <summary>All kinds.</summary>
    public IEnumerable<IStepKind> All => _kinds.Values;

    /// <summary>The parts of a plan that steps of some kinds have.</summary>
    public IReadOnlyList<PlanPart> PlanParts => [.. All.SelectMany(kind => kind.PlanParts)];

    /// <summary>The kind that a key stands for; a step of any other kind is refused when the file is read.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public IStepKind Find(string key) =>
        _kinds.GetValueOrDefault(key) ?? throw new InvalidOperationException($"no implementation of the kind '{key}' is registered");

    /// <summary>The work behind a task that waits; <see langword="null"/> when steps of the kind have no such task.</summary>
    /// <param name="kind">The kind's key.</param>
    /// <param name="task">The task's name.</param>
    public IStepWork? WaitingTask(string kind, string task) => _waitingTasks.GetValueOrDefault((kind, task));

    /// <summary>The resources that an event is about, as tasks of the kinds wait for them; none for an event of no interest.</summary>
    public IEnumerable<string> ResourcesOf(SettledEvent settled) =>
        _events.Select(source => source.ResourceOf(settled)).OfType<string>().Distinct();

    /// <summary>What an event says of something that a step may own or read; <see langword="null"/> for an event of no interest.</summary>
    public OutsideEvent? Outside(SettledEvent happened) =>
        _watched.Select(source => source.Read(happened)).OfType<OutsideEvent>().FirstOrDefault();
}
