using System.Text.Json;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.StepFunctions.Service;

/// <summary>Functions that answer after a second of virtual time with what a test says.</summary>
internal sealed class SimulatedFunctions : ILambdaInvoker
{
    private readonly RehearsalWorld _world;
    private readonly Dictionary<string, Action<string, LambdaResult>> _handlers = [];

    public SimulatedFunctions(RehearsalWorld world)
    {
        _world = world;
        world.OnDue(
            "test/lambda",
            payload =>
            {
                var call = JsonSerializer.Deserialize<string[]>(payload)!;
                _handlers[call[0]](call[1], Answer(call[2], call[3]));
            }
        );
    }

    /// <summary>Gives a function's answer to a payload.</summary>
    public Func<string, string, LambdaResult> Answer { get; set; } = (_, payload) => Returned(payload);

    public List<LambdaInvocation> Invocations { get; } = [];

    /// <summary>Whether the functions' own code runs here.</summary>
    public bool HasCode { get; set; }

    public static LambdaResult Returned(string payload) => new("request", "$LATEST", payload, null, "simulated");

    public static LambdaResult Threw(string type, string message) =>
        new("request", "$LATEST", JsonSerializer.Serialize(new { errorType = type, errorMessage = message }), "Unhandled", "simulated");

    public void OnResult(string kind, Action<string, LambdaResult> handle) => _handlers[kind] = handle;

    public void Invoke(LambdaInvocation invocation, string kind, string key)
    {
        Invocations.Add(invocation);
        if (invocation.Function.EndsWith("missing"))
        {
            throw new ApiException("ResourceNotFoundException", $"Function not found: {invocation.Function}", 404);
        }

        if (invocation.Function == "broken")
        {
            throw new InvalidOperationException("broken on purpose");
        }

        _world.Schedule(
            TimeSpan.FromSeconds(1),
            "test/lambda",
            JsonSerializer.Serialize(new[] { kind, key, invocation.Function, invocation.Payload })
        );
    }

    public bool RunsCode(string function) => HasCode;

    public string Enqueue(LambdaInvocation invocation) => throw new NotSupportedException();
}
