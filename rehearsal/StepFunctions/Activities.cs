using System.Globalization;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>The activities of every account and the tasks that wait for a worker. Errors are Step Functions'.</summary>
public sealed class Activities
{
    private const string PollEndKind = "states/poll-end";
    private readonly RehearsalWorld _world;
    private readonly Table<ActivityRecord> _activities;

    /// <summary>The workers whose requests are open, the oldest first. No request outlives the process.</summary>
    private readonly Dictionary<string, ActivityPoll> _polls = [];
    private int _polled;

    /// <summary>The activities of a world.</summary>
    public Activities(RehearsalWorld world)
    {
        _world = world;
        _activities = world.Store.VersionedTable<ActivityRecord>("states/activities", activity => activity);
        world.OnDue(PollEndKind, EndPoll, failed: (id, _) => EndPoll(id));
    }

    /// <summary>How long a worker's request is held open when no task waits.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetActivityTask.html</remarks>
    internal TimeSpan PollTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The activity, or null.</summary>
    public ActivityRecord? Find(string arn) => _activities.Get(arn);

    /// <summary>The activity.</summary>
    /// <exception cref="ApiException">ActivityDoesNotExist.</exception>
    public ActivityRecord Get(string arn) =>
        Find(arn) ?? throw new ApiException("ActivityDoesNotExist", $"Activity Does Not Exist: '{arn}'");

    /// <summary>The activities of an account and region, by name.</summary>
    public IEnumerable<ActivityRecord> All(string account, string region) =>
        _activities.WithPrefix(StatesArn.Activity(account, region, "")).Select(a => a.Value);

    /// <summary>Creates an activity, or gives back the one that is there.</summary>
    /// <exception cref="ApiException">InvalidName.</exception>
    public ActivityRecord Create(string account, string region, string name)
    {
        StateMachines.CheckName(name);
        var arn = StatesArn.Activity(account, region, name);
        if (Find(arn) is { } existing)
        {
            return existing;
        }

        var created = new ActivityRecord(arn, name, _world.Now);
        _activities.Put(arn, created);
        return created;
    }

    /// <summary>Deletes an activity; one that is not there is fine.</summary>
    public void Delete(string arn) => _activities.Remove(arn);

    /// <summary>Holds a worker's request open until a task comes or the time is over.</summary>
    /// <param name="arn">The activity.</param>
    /// <param name="worker">The worker's name.</param>
    /// <param name="clientDisconnected">For a client from outside: its time is on the wall clock, and it may go.</param>
    /// <returns>The task; null when none has come.</returns>
    internal Task<CalledTask?> Poll(string arn, string? worker, CancellationToken? clientDisconnected)
    {
        var id = (++_polled).ToString("D9", CultureInfo.InvariantCulture);
        var poll = new ActivityPoll(id, arn, worker, clientDisconnected ?? CancellationToken.None);
        _polls.Add(id, poll);
        if (clientDisconnected is null)
        {
            _world.Schedule(PollTime, PollEndKind, id);
        }
        else
        {
            _world.AfterWallTime(PollTime, () => EndPoll(id));
        }

        return poll.Answer.Task;
    }

    /// <summary>The oldest open request for tasks of an activity; null when there is none.</summary>
    internal ActivityPoll? OpenPoll(string arn)
    {
        foreach (var gone in _polls.Values.Where(poll => poll.Disconnected.IsCancellationRequested).ToList())
        {
            EndPoll(gone.Id);
        }

        return _polls.Values.Where(poll => poll.Activity == arn).MinBy(poll => poll.Id, StringComparer.Ordinal);
    }

    /// <summary>Answers an open request.</summary>
    internal void AnswerPoll(ActivityPoll poll, CalledTask task)
    {
        _polls.Remove(poll.Id);
        poll.Answer.SetResult(task);
    }

    /// <summary>Answers an open request without a task.</summary>
    internal void EndPoll(string id)
    {
        if (_polls.Remove(id, out var poll))
        {
            poll.Answer.SetResult(null);
        }
    }

    internal void Enqueue(CalledTask task)
    {
        var activity = Get(task.Resource);
        activity.Waiting.Add(task.Id);
        _activities.Put(activity.Arn, activity);
    }

    /// <summary>Takes the oldest waiting task; null when none waits.</summary>
    internal string? Take(string arn)
    {
        var activity = Get(arn);
        if (activity.Waiting.Count == 0)
        {
            return null;
        }

        var task = activity.Waiting[0];
        activity.Waiting.RemoveAt(0);
        _activities.Put(arn, activity);
        return task;
    }
}
