using Amazon.Lambda;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda;

/// <summary>AWS Lambda: functions and their configuration, policies, versions, and invocations in one of three hosts.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html</remarks>
public sealed partial class LambdaService : ModelService, ITagSource, IAsyncDisposable
{
    private readonly RehearsalWorld _world;
    private readonly FunctionStore _functions;
    private readonly FunctionVersions _versions;
    private readonly ResourcePolicies _policies;
    private readonly LambdaInvoker _invoker;

    /// <inheritdoc/>
    public IEnumerable<TaggedResource> Tagged(string account, string region) =>
        _functions.List(account, region).Where(function => function.Tags.Count > 0).Select(one => new TaggedResource(one.Arn, one.Tags));

    /// <summary>Lambda of one world.</summary>
    public LambdaService(RehearsalWorld world)
        : base(LambdaModel.Service)
    {
        _world = world;
        _policies = new ResourcePolicies(world);
        _functions = new FunctionStore(world, _policies);
        _versions = new FunctionVersions(world, _functions);
        _invoker = new LambdaInvoker(world, _functions, _versions, _policies);
        AddFunctionOperations();
        AddPolicyOperations();
        AddVersionOperations();
        AddInvocation();
    }

    /// <summary>How other services call functions.</summary>
    public ILambdaInvoker Invoker => _invoker;

    /// <summary>
    /// Runs the functions that name their handler in <c>ANNOTATIONS_HANDLER</c>; set before the first of them is called. Disposed with the
    /// service.
    /// </summary>
    public ILambdaHost? Host
    {
        get => _invoker.Host;
        set => _invoker.Host = value;
    }

    /// <summary>Simulates the functions whose code is not here.</summary>
    public SimulatedFunctions Simulated => _invoker.Simulated;

    /// <summary>Takes what functions write, where their role may write it.</summary>
    public Action<FunctionLog>? Log
    {
        get => _invoker.Log;
        set => _invoker.Log = value;
    }

    /// <summary>Invocations begun in this run, each try of an asynchronous one included.</summary>
    public int Invocations => _invoker.Invocations;

    /// <summary>What ran functions in this run: <c>native</c>, <c>executable</c>, <c>in-process</c>, <c>simulated</c>.</summary>
    public IReadOnlyCollection<string> Hosts => _invoker.Hosts;

    /// <summary>
    /// Reports failure to the callers of invocations that were under way when a stored world was left. Called once at start-up, when
    /// all services have registered, on the world's thread.
    /// </summary>
    public void Resume() => _invoker.Resume();

    /// <summary>
    /// Starts the functions whose code is here ahead of their first invocation, beside what goes on: a start takes no
    /// simulated time, only a person's. On the world's thread.
    /// </summary>
    /// <param name="which">Which, by ARN.</param>
    public void Warm(Func<string, bool> which) => _invoker.Warm(which);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _invoker.DisposeAsync();

    private static FunctionReference Reference(Call call, string function, string? qualifier = null) =>
        FunctionReference.Parse(
            function
                ?? throw new ApiException(
                    "ValidationException",
                    "1 validation error detected: Value at 'functionName' failed to satisfy constraint: Member must not be null"
                ),
            call.Account,
            call.Region,
            qualifier
        );

    private static IEnumerable<string> Arn(Call call, string function, string? qualifier = null) =>
        [Reference(call, function, qualifier).QualifiedArn];

    /// <summary>What is not simulated is refused by name, never taken and forgotten.</summary>
    private static void Refuse(string feature, bool isUsed)
    {
        if (isUsed)
        {
            throw new ApiException("InvalidParameterValueException", $"The rehearsal does not simulate Lambda's {feature}.");
        }
    }
}
