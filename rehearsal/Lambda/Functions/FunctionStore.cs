using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Functions;

/// <summary>The functions of every account, and how they pass from one state to the next over time.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html</remarks>
internal sealed class FunctionStore
{
    private const string Settled = "lambda/settled";

    private readonly RehearsalWorld _world;
    private readonly Table<Function> _functions;
    private readonly ResourcePolicies _policies;

    public FunctionStore(RehearsalWorld world, ResourcePolicies policies)
    {
        _world = world;
        _policies = policies;
        _functions = world.Store.VersionedTable<Function>("lambda/functions", function => function);
        world.OnDue(Settled, Settle, failed: Fail);
    }

    /// <summary>The function, or null.</summary>
    public Function? Find(FunctionReference reference) => _functions.Get(reference.Key);

    /// <summary>The function.</summary>
    /// <exception cref="ApiException">ResourceNotFoundException.</exception>
    public Function Get(FunctionReference reference) =>
        Find(reference) ?? throw new ApiException("ResourceNotFoundException", $"Function not found: {reference.QualifiedArn}", 404);

    /// <summary>Every function.</summary>
    public IEnumerable<Function> All() => _functions.WithPrefix(string.Empty).Select(pair => pair.Value);

    /// <summary>The functions of an account and region, by name.</summary>
    public IEnumerable<Function> List(string account, string region) =>
        _functions.WithPrefix(RegionalKey.Prefix(account, region)).Select(pair => pair.Value);

    /// <summary>Makes a function; it can be called once it is active.</summary>
    /// <exception cref="ApiException">ResourceConflictException, or what the settings break.</exception>
    public Function Create(FunctionReference reference, FunctionSettings settings, IReadOnlyDictionary<string, string> tags)
    {
        if (Find(reference) is not null)
        {
            throw new ApiException("ResourceConflictException", $"Function already exist: {reference.Name}", 409);
        }

        Check(settings);
        var function = new Function
        {
            Account = reference.Account,
            Region = reference.Region,
            Name = reference.Name,
            Settings = settings,
            Serving = settings,
            State = "Pending",
            LastUpdateStatus = "Successful",
            RevisionId = _world.Random.Uuid(),
            LastModified = _world.Now,
            Tags = new SortedDictionary<string, string>(tags.ToDictionary(), StringComparer.Ordinal),
        };
        _functions.Put(function.Key, function);
        ScheduleSettling(function);
        return function;
    }

    /// <summary>Changes settings; invocations keep the old ones until the update has succeeded.</summary>
    /// <param name="reference">The function.</param>
    /// <param name="revisionId">The revision that the caller read; null for any.</param>
    /// <param name="change">Makes the new settings of the old ones.</param>
    /// <exception cref="ApiException">PreconditionFailedException, ResourceConflictException, or what the settings break.</exception>
    public Function Update(FunctionReference reference, string? revisionId, Func<FunctionSettings, FunctionSettings> change)
    {
        var function = Get(reference);
        CheckRevision(function.RevisionId, revisionId);
        CheckIdle(function);
        var settings = change(function.Settings);
        Check(settings);
        var updated = function with
        {
            Settings = settings,
            LastUpdateStatus = "InProgress",
            RevisionId = _world.Random.Uuid(),
            LastModified = _world.Now,
        };
        _functions.Put(updated.Key, updated);
        ScheduleSettling(updated);
        return updated;
    }

    /// <summary>Changes what is neither code nor configuration (tags, a reservation): no update runs for it.</summary>
    public Function Amend(FunctionReference reference, Func<Function, Function> change)
    {
        var amended = change(Get(reference));
        _functions.Put(amended.Key, amended);
        return amended;
    }

    /// <summary>Removes the function and its policy.</summary>
    /// <exception cref="ApiException">ResourceNotFoundException.</exception>
    public void Delete(FunctionReference reference)
    {
        var function = Get(reference);
        _functions.Remove(function.Key);
        _policies.Delete(function);
    }

    /// <summary>Refuses a change that was made without seeing the newest one.</summary>
    /// <exception cref="ApiException">PreconditionFailedException.</exception>
    public static void CheckRevision(string latest, string? given)
    {
        if (given is not null && given != latest)
        {
            throw new ApiException(
                "PreconditionFailedException",
                "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the "
                    + "latest Revision Id",
                412
            );
        }
    }

    /// <summary>Refuses a change while another one is under way.</summary>
    /// <exception cref="ApiException">ResourceConflictException.</exception>
    public static void CheckIdle(Function function)
    {
        if (function.LastUpdateStatus == "InProgress")
        {
            throw new ApiException(
                "ResourceConflictException",
                $"The operation cannot be performed at this time. An update is in progress for resource: {function.Arn}",
                409
            );
        }

        CheckActive(function);
    }

    /// <summary>Refuses what a function that is still made cannot do.</summary>
    /// <exception cref="ApiException">ResourceConflictException.</exception>
    public static void CheckActive(Function function)
    {
        if (function.State != "Active")
        {
            throw new ApiException(
                "ResourceConflictException",
                $"The operation cannot be performed at this time. The function is currently in the following state: {function.State}",
                409
            );
        }
    }

    private static void Check(FunctionSettings settings)
    {
        if (settings.Timeout is < 1 or > 900)
        {
            throw Invalid(settings.Timeout, "timeout", settings.Timeout < 1 ? "greater than or equal to 1" : "less than or equal to 900");
        }

        if (settings.MemorySize is < 128 or > 10240)
        {
            throw Invalid(
                settings.MemorySize,
                "memorySize",
                settings.MemorySize < 128 ? "greater than or equal to 128" : "less than or equal to 10240"
            );
        }

        if (settings.Environment is { } environment)
        {
            EnvironmentRules.Check(environment);
        }
    }

    private static ApiException Invalid(int value, string member, string constraint) =>
        new(
            "ValidationException",
            $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have value {constraint}"
        );

    private void ScheduleSettling(Function function)
    {
        var duration = function.Settings.Network is null ? Durations.FunctionUpdate : Durations.FunctionUpdateInNetwork;
        _world.Schedule(duration.Draw(_world.Random), Settled, $"{function.Key} {function.RevisionId}");
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html: InternalError.</summary>
    private void Fail(string payload, string reason)
    {
        var parts = payload.Split(' ');
        if (_functions.Get(parts[0]) is { } function && function.RevisionId == parts[1])
        {
            _functions.Put(
                function.Key,
                function with
                {
                    State = function.State == "Pending" ? "Failed" : function.State,
                    LastUpdateStatus = "Failed",
                    Failure = reason,
                    RevisionId = _world.Random.Uuid(),
                }
            );
        }
    }

    /// <summary>The update of one revision is done; a function that was deleted and made anew meanwhile is another one.</summary>
    private void Settle(string payload)
    {
        var parts = payload.Split(' ');
        if (_functions.Get(parts[0]) is { } function && function.RevisionId == parts[1])
        {
            _functions.Put(
                function.Key,
                function with
                {
                    State = "Active",
                    LastUpdateStatus = "Successful",
                    Failure = null,
                    Serving = function.Settings,
                    RevisionId = _world.Random.Uuid(),
                }
            );
        }
    }
}
