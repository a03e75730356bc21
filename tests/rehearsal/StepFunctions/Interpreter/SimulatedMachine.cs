using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Rehearsal.Tests.StepFunctions.Interpreter;

/// <summary>One machine whose functions answer what a test says.</summary>
internal sealed class SimulatedMachine
{
    public const string Function = "arn:aws:lambda:us-east-1:111111111111:function:";
    private const string Arn = "arn:aws:states:us-east-1:111111111111:stateMachine:machine";

    private readonly Dictionary<string, Queue<Func<TaskCall, bool>>> _answers = [];

    public SimulatedMachine(string definition, string input = "{}", bool keepsInMemory = false)
    {
        World = new SimulatedWorld { OnInvoke = Answer, KeepsInMemory = keepsInMemory };
        _definition = JsonNode.Parse(definition)!;
        _input = JsonNode.Parse(input);
    }

    private readonly JsonNode _definition;
    private readonly JsonNode? _input;

    public SimulatedWorld World { get; }

    public string Execution { get; private set; } = "";

    public ExecutionState State => World[Execution].State;

    public IReadOnlyList<HistoryEvent> History => World[Execution].History;

    public IEnumerable<string> Types => History.Select(e => e.Name is null ? e.Type : $"{e.Type} {e.Name}");

    public List<string> Called { get; } = [];

    public List<TaskCall> Waiting { get; } = [];

    public SimulatedMachine Returns(string function, string output) => Then(function, call => call.Answered(JsonNode.Parse(output)));

    public SimulatedMachine Throws(string function, string error, string? cause = null) =>
        Then(function, call => call.Refused(error, cause));

    public SimulatedMachine Waits(string function) => Then(function, Waiting.Add);

    public SimulatedMachine Run(TimeSpan? limit = null)
    {
        if (Execution.Length == 0)
        {
            Execution = World.Start(Arn, _definition, _input, "run");
        }

        World.Run(limit);
        return this;
    }

    public SimulatedMachine Redrive()
    {
        World.Call(
            Execution,
            i =>
            {
                i.Redrive();
                return true;
            }
        );
        return Run();
    }

    private SimulatedMachine Then(string function, Action<TaskCall> answer)
    {
        _answers.TryAdd(function, []);
        _answers[function]
            .Enqueue(call =>
            {
                answer(call);
                return true;
            });
        return this;
    }

    private void Answer(TaskCall call)
    {
        var name = call.Task.Resource.Arn.Split(':')[^1].Split('.')[0];
        Called.Add(name);
        call.Started();
        var known = _answers.GetValueOrDefault(name) ?? throw new InvalidOperationException($"The test has no answer for {name}.");
        (known.Count > 1 ? known.Dequeue() : known.Peek())(call);
    }
}
