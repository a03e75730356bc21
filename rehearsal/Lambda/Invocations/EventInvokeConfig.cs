using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>What Lambda does with asynchronous invocations of a function that fail.</summary>
/// <param name="OnFailure">ARN of the queue that takes those that failed for good; <see langword="null"/> for none.</param>
/// <param name="MaximumRetryAttempts">How often an error of the function is tried again, 0 to 2.</param>
/// <param name="MaximumEventAge">For how long at most an event waits.</param>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html</remarks>
internal sealed record EventInvokeConfig(string? OnFailure, int? MaximumRetryAttempts, TimeSpan? MaximumEventAge);

/// <summary>These configurations, by function and qualifier.</summary>
internal sealed class EventInvokeConfigs(RehearsalWorld world)
{
    private const string Latest = "$LATEST";
    private readonly Table<EventInvokeConfig> _configs = world.Store.Table<EventInvokeConfig>("lambda/event-invoke-configs");

    /// <summary>That of a function; one that is invoked without a qualifier has that of the unpublished version.</summary>
    public EventInvokeConfig? Find(FunctionReference function) => _configs.Get(Key(function));

    /// <summary>Makes it, or replaces it.</summary>
    public void Put(FunctionReference function, EventInvokeConfig config) => _configs.Put(Key(function), config);

    /// <summary>Takes it away.</summary>
    public void Remove(FunctionReference function) => _configs.Remove(Key(function));

    private static string Key(FunctionReference function) => $"{function.Key}/{function.Qualifier ?? Latest}";
}
