using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>The activities of every account and the tasks that wait for a worker. Errors are Step Functions'.</summary>
public sealed class Activities(RehearsalWorld world)
{
    private readonly Table<ActivityRecord> _activities = world.Store.Table<ActivityRecord>("states/activities");

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

        var created = new ActivityRecord(arn, name, world.Now);
        _activities.Put(arn, created);
        return created;
    }

    /// <summary>Deletes an activity; one that is not there is fine.</summary>
    public void Delete(string arn) => _activities.Remove(arn);

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
