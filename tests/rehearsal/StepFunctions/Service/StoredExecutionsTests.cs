using System.Text.Json.Nodes;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.StepFunctions.Interpreter;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.StepFunctions.Service;

public sealed class StoredExecutionsTests
{
    private const string Definition = """
        { "StartAt": "Call", "States": {
          "Call": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:222222222222:function:work", "Next": "Later" },
          "Later": { "Type": "Wait", "Seconds": 600, "Next": "Token" },
          "Token": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters": { "FunctionName": "work", "Payload": { "token.$": "$$.Task.Token" } }, "End": true } } }
        """;

    [Fact]
    public async Task An_execution_goes_on_in_a_world_that_was_closed_at_any_of_its_waits()
    {
        var folder = Directory.CreateTempSubdirectory("states-").FullName;
        try
        {
            var arn = await InWorld(
                folder,
                (world, machines, executions) =>
                {
                    SimulatedStates.AddRole(world, "machine", """{"Effect":"Allow","Action":"*","Resource":"*"}""");
                    var machine = machines.Create(
                        world.Api.CallAs(Principal.Root(TestAws.Tools), "us-east-1", "states", "CreateStateMachine"),
                        new StateMachineRecord(
                            StatesArn.Machine(TestAws.Tools, "us-east-1", "m"),
                            "m",
                            Definition,
                            SimulatedStates.Role,
                            world.Now,
                            null,
                            []
                        )
                    );
                    return executions.Start(machine, "run", new JsonObject()).Arn;
                }
            );
            await Until(folder, executions => executions.History(arn).Any(e => e.Type == "LambdaFunctionStarted"));
            await Until(folder, executions => executions.History(arn).Any(e => e.Type == "WaitStateEntered"));
            await Until(folder, executions => executions.History(arn).Any(e => e.Type == "TaskSubmitted"));

            await InWorld(
                folder,
                (world, _, executions) =>
                {
                    var token = world.Store.Table<TaskToken>("states/tokens").WithPrefix("").Single();
                    executions.Answer(token.Value.Task, (i, key) => i.TaskSucceeded(key, "7")).ShouldBeTrue();
                    var ended = executions.Get(arn);
                    (ended.Status, ended.Output, ended.Transitions).ShouldBe((ExecutionStatus.Succeeded, "7", 3));
                    executions.History(arn).Select(e => e.Id).ShouldBe(Enumerable.Range(1, 15).Select(n => (long)n));
                    world.Store.Table<CalledTask>("states/tasks").Count.ShouldBe(0);
                    return true;
                }
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task Until(string folder, Func<Executions, bool> condition) => InWorld(folder, (_, _, _) => true, condition);

    private static async Task<T> InWorld<T>(
        string folder,
        Func<RehearsalWorld, StateMachines, Executions, T> act,
        Func<Executions, bool>? until = null
    )
    {
        await using var world = new RehearsalWorld(new RehearsalOptions { StateDirectory = folder });
        var executions = await world.Do(() =>
        {
            world.Api.Authorizer = new Authorizer(world);
            return new Executions(world, new Activities(world), new SimulatedFunctions(world), new NoEvents());
        });
        var result = await world.Do(() => act(world, new StateMachines(world), executions));
        if (until is not null)
        {
            await world.RunUntil(() => until(executions));
        }

        return result;
    }
}
