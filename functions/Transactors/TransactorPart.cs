using Amazon.ECS.Model;
using Deployer.Functions.Services;

namespace Deployer.Functions.Transactors;

/// <summary>A task with a transactor.</summary>
/// <param name="Task">The task, which runs.</param>
/// <param name="Signs">What its log says.</param>
internal sealed record TransactorTask(Amazon.ECS.Model.Task Task, TransactorSigns Signs)
{
    /// <summary>The task's id.</summary>
    public string Id => Task.Id();

    /// <summary>The interval of its heartbeats, by the revision that it runs.</summary>
    public TimeSpan Heartbeat { get; init; } = TransactorDefinition.UsualHeartbeat;

    /// <summary>Whether it is proven that it works: it stands by, or is active.</summary>
    public bool IsProven => Signs.IsProven;
}

/// <summary>One of the two services of a transactor, with the tasks that run.</summary>
/// <param name="Service">The service.</param>
/// <param name="Tasks">Its tasks that run.</param>
internal sealed record TransactorPart(Service Service, IReadOnlyList<TransactorTask> Tasks)
{
    /// <summary>The service's name.</summary>
    public string Name => Service.ServiceName;

    /// <summary>The newest deployment.</summary>
    public Deployment Primary => Service.Primary();

    /// <summary>How many tasks it is to have.</summary>
    public int Desired => Service.DesiredCount ?? 0;

    /// <summary>Whether one of its tasks is the active transactor.</summary>
    public bool IsActive => Active is not null;

    /// <summary>Whether one of its tasks does not say in its log what it is.</summary>
    public bool IsSilent => Tasks.Any(task => task.Signs.Role == TransactorRole.Unknown);

    /// <summary>Whether a former task still runs there and does not say in its log what it is, so that it may be the active one.</summary>
    /// <param name="accepted">The revisions that already have what the step says.</param>
    public bool HasSilentFormer(IReadOnlyList<string> accepted) =>
        Tasks.Any(task => task.Signs.Role == TransactorRole.Unknown && !accepted.Contains(task.Task.TaskDefinitionArn));

    /// <summary>Whether one of its tasks is a standby that has seen heartbeats of another one.</summary>
    public bool StandsBy => Tasks.Any(task => task.Signs.StandsBy);

    /// <summary>The task that is the active transactor; <see langword="null"/> when none of its own is.</summary>
    public TransactorTask? Active => Tasks.FirstOrDefault(task => task.Signs.Role == TransactorRole.Active);

    /// <summary>That the newest deployment is another one than that of the step, for a cause.</summary>
    /// <param name="own">The step's; <see langword="null"/> where it is not known.</param>
    public string ReplacedBy(string? own) =>
        (
            own is null || own == Primary.Id
                ? $"another deployment took the place of what was deployed to service {Name}"
                : $"deployment {own} of service {Name} was replaced; another deployment took its place"
        ) + $", {Primary.Id} with {WantedDefinition.Name(Primary.TaskDefinition)}";

    /// <summary>
    /// That somebody has deployed another revision since the roll was decided on, for a cause; <see langword="null"/> where nobody has.
    /// </summary>
    /// <param name="decided">When the roll was decided on, by AWS's clock; <see langword="null"/> where that is not known.</param>
    /// <param name="own">The revisions that the roll itself may deploy.</param>
    public string? Overtaken(DateTime? decided, IEnumerable<string> own) =>
        Primary.CreatedAt > decided && !own.Contains(Primary.TaskDefinition) ? ReplacedBy(null) : null;

    /// <summary>What runs there, for a sentence.</summary>
    public string Runs =>
        Tasks.Count == 0
            ? $"{Name} runs no transactor (its desired count is {Desired})"
            : $"{Name} runs "
                + string.Join(
                    " and ",
                    Tasks.Select(task =>
                        $"{WantedDefinition.Name(task.Task.TaskDefinitionArn)} ("
                        + task.Signs.Role switch
                        {
                            TransactorRole.Active => "active)",
                            TransactorRole.Standby when task.Signs.StandsBy => "standby)",
                            TransactorRole.Standby => "looks for another one's heartbeats)",
                            _ => "without a word in its log)",
                        }
                    )
                );
}
