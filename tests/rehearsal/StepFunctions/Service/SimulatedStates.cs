using System.Text.Json.Nodes;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.StepFunctions.Service;

/// <summary>Step Functions in a world, with its client.</summary>
internal sealed class SimulatedStates : IAsyncDisposable, IEventSource
{
    public const string Role = "arn:aws:iam::222222222222:role/machine";

    private TestAws _aws = null!;

    public SimulatedFunctions Functions { get; private set; } = null!;

    public Activities Activities { get; private set; } = null!;

    public Executions Executions { get; private set; } = null!;

    public IAmazonStepFunctions Client { get; private set; } = null!;

    public List<(string Type, JsonObject Detail)> Events { get; } = [];

    public RehearsalWorld World => _aws.World;

    public static async Task<SimulatedStates> Start(
        string statements = """{"Effect":"Allow","Action":"*","Resource":"*"}""",
        params string[] faults
    )
    {
        var simulated = new SimulatedStates();
        simulated._aws = await TestAws.Start(
            new RehearsalOptions { Faults = new Faults([.. faults.Select(Faults.Parse)]) },
            world =>
            {
                simulated.Functions = new SimulatedFunctions(world);
                simulated.Activities = new Activities(world);
                simulated.Executions = new Executions(world, simulated.Activities, simulated.Functions, simulated);
                return new StepFunctionsService(new StateMachines(world), simulated.Executions, simulated.Activities);
            }
        );
        await simulated.World.Do(() => AddRole(simulated.World, "machine", statements));
        simulated.Client = simulated.As(TestAws.Tools);
        return simulated;
    }

    public static void AddRole(RehearsalWorld world, string name, string statements) =>
        new Roles(world).Create(
            new Role
            {
                Account = TestAws.Tools,
                Name = name,
                TrustPolicy = """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                "Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"}}
                """,
                InlinePolicies = { ["policy"] = $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""" },
            }
        );

    public IAmazonStepFunctions As(string account) =>
        new AmazonStepFunctionsClient(TestAws.Root(account), _aws.Configure(new AmazonStepFunctionsConfig()));

    public async Task<IAmazonStepFunctions> AsRole(string role, string statements) =>
        new AmazonStepFunctionsClient(await _aws.Session(TestAws.Tools, role, statements), _aws.Configure(new AmazonStepFunctionsConfig()));

    public async Task<string> Machine(string definition, string name = "machine") =>
        (
            await Client.CreateStateMachineAsync(
                new()
                {
                    Name = name,
                    Definition = definition,
                    RoleArn = Role,
                }
            )
        ).StateMachineArn;

    public async Task<string> Execution(string machine, string input = "{}", string? name = null) =>
        (
            await Client.StartExecutionAsync(
                new()
                {
                    StateMachineArn = machine,
                    Input = input,
                    Name = name,
                }
            )
        ).ExecutionArn;

    public async Task<DescribeExecutionResponse> Ended(string execution)
    {
        await World.RunUntil(() => World.Store.Table<ExecutionRecord>("states/executions").Get(execution)!.State.StoppedAt is not null);
        return await Client.DescribeExecutionAsync(new() { ExecutionArn = execution });
    }

    public async Task<List<HistoryEvent>> History(string execution) =>
        (await Client.GetExecutionHistoryAsync(new() { ExecutionArn = execution })).Events;

    /// <summary>Lets time pass until a function was called with a token, and gives the token.</summary>
    public async Task<string> Token()
    {
        await World.RunUntil(() => Functions.Invocations.Count > 0);
        return JsonNode.Parse(Functions.Invocations[^1].Payload)!["token"]!.GetValue<string>();
    }

    public void Publish(
        string account,
        string region,
        string source,
        string detailType,
        IReadOnlyList<string> resources,
        JsonObject detail
    ) => Events.Add((detailType, detail));

    public ValueTask DisposeAsync() => _aws.DisposeAsync();
}
