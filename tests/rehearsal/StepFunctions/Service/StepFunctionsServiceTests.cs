using System.Text.Json.Nodes;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.StepFunctions.Service;

public sealed class StepFunctionsServiceTests
{
    private const string Task = """
        { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
          "Parameters": { "FunctionName": "work", "Payload.$": "$" }, "ResultSelector": { "got.$": "$.Payload" }, "End": true } } }
        """;

    private const string Callback = """
        { "StartAt": "Wait", "States": { "Wait": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
          "HeartbeatSeconds": 300,
          "Parameters": { "FunctionName": "work", "Payload": { "token.$": "$$.Task.Token" } }, "End": true } } }
        """;

    private const string First = """{ "StartAt": "First", "States": { "First": { "Type": "Pass", "End": true } } }""";

    [Fact]
    public async Task A_task_calls_its_function_under_the_machines_role()
    {
        await using var states = await SimulatedStates.Start();
        var execution = await states.Execution(await states.Machine(Task), """{"n":1}""", "first");

        var ended = await states.Ended(execution);

        execution.ShouldBe("arn:aws:states:us-east-1:222222222222:execution:machine:first");
        ended.Status.ShouldBe(ExecutionStatus.SUCCEEDED);
        ended.Output.ShouldBe("""{"got":{"n":1}}""");
        ended.RedriveStatusReason.ShouldBe("Execution is SUCCEEDED and cannot be redriven");
        var invocation = states.Functions.Invocations.ShouldHaveSingleItem();
        (invocation.Principal.Role, invocation.Function, invocation.Payload).ShouldBe(("machine", "work", """{"n":1}"""));
        var history = await states.History(execution);
        history
            .Select(e => e.Type.Value)
            .ShouldBe([
                "ExecutionStarted",
                "TaskStateEntered",
                "TaskScheduled",
                "TaskStarted",
                "TaskSucceeded",
                "TaskStateExited",
                "ExecutionSucceeded",
            ]);
        history[2].TaskScheduledEventDetails.Parameters.ShouldBe("""{"FunctionName":"work","Payload":{"n":1}}""");
        history[0].ExecutionStartedEventDetails.RoleArn.ShouldBe(SimulatedStates.Role);
    }

    [Fact]
    public async Task A_thrown_exception_fails_the_task_under_its_own_name()
    {
        await using var states = await SimulatedStates.Start();
        states.Functions.Answer = (_, _) => SimulatedFunctions.Threw("StackFailedException", "no luck");
        var ended = await states.Ended(await states.Execution(await states.Machine(Task)));

        ended.Status.ShouldBe(ExecutionStatus.FAILED);
        ended.Error.ShouldBe("StackFailedException");
        ended.Cause.ShouldBe("""{"errorType":"StackFailedException","errorMessage":"no luck"}""");
        ended.RedriveStatus.ShouldBe(ExecutionRedriveStatus.REDRIVABLE);
    }

    [Fact]
    public async Task A_call_that_Lambda_refuses_fails_the_task()
    {
        await using var states = await SimulatedStates.Start();
        var ended = await states.Ended(await states.Execution(await states.Machine(Task.Replace("\"work\"", "\"missing\""))));

        ended.Error.ShouldBe("Lambda.ResourceNotFoundException");
        ended.Cause.ShouldStartWith("Function not found: missing (Service: Lambda, Status Code: 404, Request ID: ");
    }

    [Fact]
    public async Task Starting_twice_under_one_name_starts_once()
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(Callback);
        var first = await states.Execution(machine, """{ "a": 1 }""", "name");

        (await states.Execution(machine, """{"a":1}""", "name")).ShouldBe(first);
        await Should.ThrowAsync<ExecutionAlreadyExistsException>(() => states.Execution(machine, """{"a":2}""", "name"));
        await states.Client.StopExecutionAsync(
            new()
            {
                ExecutionArn = first,
                Error = "Halt",
                Cause = "by hand",
            }
        );
        await Should.ThrowAsync<ExecutionAlreadyExistsException>(() => states.Execution(machine, """{"a":1}""", "name"));
        var stopped = await states.Client.DescribeExecutionAsync(new() { ExecutionArn = first });
        (stopped.Status.Value, stopped.Error, stopped.Cause).ShouldBe(("ABORTED", "Halt", "by hand"));
    }

    [Fact]
    public async Task A_token_answers_its_task_once()
    {
        await using var states = await SimulatedStates.Start();
        var execution = await states.Execution(await states.Machine(Callback));
        var token = await states.Token();
        await states.Client.SendTaskHeartbeatAsync(new() { TaskToken = token });
        await Should.ThrowAsync<InvalidOutputException>(() =>
            states.Client.SendTaskSuccessAsync(new() { TaskToken = token, Output = "no json" })
        );

        await states.Client.SendTaskSuccessAsync(new() { TaskToken = token, Output = "\"done\"" });

        (await states.Ended(execution)).Output.ShouldBe("\"done\"");
        (
            await Should.ThrowAsync<TaskTimedOutException>(() =>
                states.Client.SendTaskSuccessAsync(new() { TaskToken = token, Output = "1" })
            )
        ).Message.ShouldBe("Task Timed Out: 'Provided task does not exist anymore'");
        (
            await Should.ThrowAsync<InvalidTokenException>(() => states.Client.SendTaskFailureAsync(new() { TaskToken = "unknown" }))
        ).Message.ShouldBe("Invalid Token: 'Invalid token'");
    }

    [Fact]
    public async Task A_token_works_in_its_own_account_only()
    {
        await using var states = await SimulatedStates.Start();
        await states.Execution(await states.Machine(Callback));
        var token = await states.Token();

        await Should.ThrowAsync<AmazonStepFunctionsException>(() =>
            states.As(TestAws.Prod).SendTaskSuccessAsync(new() { TaskToken = token, Output = "1" })
        );
    }

    [Fact]
    public async Task Who_answers_a_token_needs_permission_on_its_machine()
    {
        await using var states = await SimulatedStates.Start();
        await states.Execution(await states.Machine(Callback));
        var token = await states.Token();
        var other = await states.AsRole(
            "other",
            """
            {"Effect":"Allow","Action":"states:SendTaskSuccess",
            "Resource":"arn:aws:states:us-east-1:222222222222:stateMachine:another"}
            """
        );
        var right = await states.AsRole(
            "right",
            """
            {"Effect":"Allow","Action":"states:SendTaskSuccess",
            "Resource":"arn:aws:states:us-east-1:222222222222:stateMachine:machine"}
            """
        );

        await Should.ThrowAsync<AmazonStepFunctionsException>(() => other.SendTaskSuccessAsync(new() { TaskToken = token, Output = "1" }));
        await right.SendTaskSuccessAsync(new() { TaskToken = token, Output = "1" });
    }

    [Fact]
    public async Task A_missed_heartbeat_times_the_task_out()
    {
        await using var states = await SimulatedStates.Start();
        var execution = await states.Execution(await states.Machine(Callback));
        var token = await states.Token();

        var ended = await states.Ended(execution);

        ended.Error.ShouldBe("States.Timeout");
        ended.Cause.ShouldBeNull();
        (ended.StopDate - ended.StartDate).ShouldNotBeNull().ShouldBe(TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<TaskTimedOutException>(() => states.Client.SendTaskHeartbeatAsync(new() { TaskToken = token }));
    }

    /// <summary>https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception</summary>
    [Theory]
    [InlineData("server-error:lambda:Invoke", "Lambda.ServiceException", 1)]
    [InlineData("throttled:lambda:Invoke", "Lambda.TooManyRequestsException", 1)]
    [InlineData("connection-lost-before:lambda:Invoke", "Lambda.SdkClientException", 1)]
    [InlineData("connection-lost-after:lambda:Invoke", "Lambda.SdkClientException", 2)]
    [InlineData("throttled:lambda:Invoke:2", null, 1)]
    public async Task A_fault_strikes_the_request_of_a_task(string fault, string? error, int invocations)
    {
        await using var states = await SimulatedStates.Start(faults: fault);
        var definition = $$"""
            {"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
            "Parameters":{"FunctionName":"function"},"Retry":[{"ErrorEquals":["{{error ?? "Another"}}"]}],"End":true} } }
            """;

        var execution = await states.Execution(await states.Machine(definition));

        (await states.Ended(execution)).Status.Value.ShouldBe("SUCCEEDED");
        states.Functions.Invocations.Count.ShouldBe(invocations);
        (await states.History(execution))
            .Where(one => one.Type == HistoryEventType.TaskFailed)
            .Select(one => one.TaskFailedEventDetails.Error)
            .ShouldBe(error is null ? [] : [error]);
    }

    [Fact]
    public async Task The_answer_of_another_service_to_a_task_is_lost_as_well()
    {
        await using var states = await SimulatedStates.Start(faults: "connection-lost-after:states:StartExecution");
        var child = await states.Machine("""{"StartAt":"Pass","States":{"Pass":{"Type":"Pass","End":true} } }""", "child");
        var definition = $$"""
            {"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution",
            "Parameters":{"StateMachineArn":"{{child}}"},"End":true} } }
            """;

        var ended = await states.Ended(await states.Execution(await states.Machine(definition)));

        (ended.Status.Value, ended.Error).ShouldBe(("FAILED", "StepFunctions.SdkClientException"));
        (await states.Client.ListExecutionsAsync(new() { StateMachineArn = child })).Executions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_execution_is_redriven_once_for_a_client_token()
    {
        await using var states = await SimulatedStates.Start();
        states.Functions.Answer = (_, _) => SimulatedFunctions.Threw("Broken", "no luck");
        var execution = await states.Execution(await states.Machine(Task));
        await states.Ended(execution);
        states.Functions.Answer = (_, _) => SimulatedFunctions.Returned("1");

        await states.Client.RedriveExecutionAsync(new() { ExecutionArn = execution, ClientToken = "token" });
        await states.Client.RedriveExecutionAsync(new() { ExecutionArn = execution, ClientToken = "token" });

        var ended = await states.Ended(execution);
        (ended.Status.Value, ended.Error, ended.RedriveCount).ShouldBe(("SUCCEEDED", null, 1));
        (
            await Should.ThrowAsync<ExecutionNotRedrivableException>(() =>
                states.Client.RedriveExecutionAsync(new() { ExecutionArn = execution })
            )
        ).Message.ShouldStartWith("Execution is SUCCEEDED and cannot be redriven");
        (
            await states.Client.ListExecutionsAsync(
                new() { StateMachineArn = ended.StateMachineArn, RedriveFilter = ExecutionRedriveFilter.NOT_REDRIVEN }
            )
        ).Executions.ShouldBeEmpty();
        states.Events.Select(e => e.Detail["status"]!.GetValue<string>()).ShouldBe(["RUNNING", "FAILED", "RUNNING", "SUCCEEDED"]);
        states.Events[1].Detail["error"]!.GetValue<string>().ShouldBe("Broken");
    }

    [Fact]
    public async Task A_redrive_uses_the_definition_of_the_start()
    {
        await using var states = await SimulatedStates.Start();
        states.Functions.Answer = (_, _) => SimulatedFunctions.Threw("Broken", "no luck");
        var machine = await states.Machine(Task);
        var execution = await states.Execution(machine);
        await states.Ended(execution);
        await states.Client.UpdateStateMachineAsync(
            new() { StateMachineArn = machine, Definition = """{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}""" }
        );
        states.Functions.Answer = (_, _) => SimulatedFunctions.Returned("1");

        await states.Client.RedriveExecutionAsync(new() { ExecutionArn = execution });

        (await states.Ended(execution)).Output.ShouldBe("""{"got":1}""");
    }

    [Fact]
    public async Task Lists_and_histories_come_in_pages()
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine("""{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}""");
        foreach (var name in new[] { "a", "b", "c" })
        {
            await states.Execution(machine, name: name);
        }

        var first = await states.Client.ListExecutionsAsync(
            new()
            {
                StateMachineArn = machine,
                MaxResults = 2,
                StatusFilter = ExecutionStatus.SUCCEEDED,
            }
        );
        var second = await states.Client.ListExecutionsAsync(
            new()
            {
                StateMachineArn = machine,
                MaxResults = 2,
                NextToken = first.NextToken,
            }
        );
        first.Executions.Concat(second.Executions).Select(e => e.Name).Order().ShouldBe(["a", "b", "c"]);
        second.NextToken.ShouldBeNull();

        var last = await states.Client.GetExecutionHistoryAsync(
            new()
            {
                ExecutionArn = first.Executions[0].ExecutionArn,
                ReverseOrder = true,
                MaxResults = 1,
                IncludeExecutionData = false,
            }
        );
        last.Events.ShouldHaveSingleItem().Type.ShouldBe(HistoryEventType.ExecutionSucceeded);
        last.Events[0].ExecutionSucceededEventDetails.Output.ShouldBeNull();
    }

    [Fact]
    public async Task A_job_waits_for_the_other_machines_end()
    {
        await using var states = await SimulatedStates.Start();
        await states.Machine(
            """
            {"StartAt":"Later","States":{"Later":{"Type":"Wait","Seconds":90,"Next":"Out"},"Out":{"Type":"Pass",
            "Result":{"x":1},"End":true}}}
            """,
            "child"
        );
        var parent = await states.Machine(
            """
            { "StartAt": "Job", "States": { "Job": { "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
              "Parameters": { "StateMachineArn": "arn:aws:states:us-east-1:222222222222:stateMachine:child",
                "Input": { "from": "parent" } },
              "ResultSelector": { "in.$": "$.Input.from", "out.$": "$.Output.x", "status.$": "$.Status" }, "End": true } } }
            """,
            "parent"
        );

        var ended = await states.Ended(await states.Execution(parent));

        ended.Output.ShouldBe("""{"in":"parent","out":1,"status":"SUCCEEDED"}""");
        (ended.StopDate - ended.StartDate).ShouldNotBeNull().ShouldBe(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_task_that_its_role_does_not_allow_fails()
    {
        await using var states = await SimulatedStates.Start("""{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}""");
        var machine = await states.Machine(
            """
            { "StartAt": "Look", "States": { "Look": { "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:describeStateMachine",
              "Parameters": { "StateMachineArn": "arn:aws:states:us-east-1:222222222222:stateMachine:machine" }, "End": true } } }
            """
        );

        var ended = await states.Ended(await states.Execution(machine));

        ended.Error.ShouldBe("Sfn.AccessDeniedException");
        ended.Cause.ShouldContain("is not authorized to perform: states:DescribeStateMachine");
    }

    [Fact]
    public async Task An_SDK_integration_gives_the_operations_answer()
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(
            """
            { "StartAt": "Look", "States": { "Look": { "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:describeStateMachine",
              "Parameters": { "StateMachineArn": "arn:aws:states:us-east-1:222222222222:stateMachine:machine" },
              "ResultSelector": { "name.$": "$.Name" }, "End": true } } }
            """
        );

        (await states.Ended(await states.Execution(machine))).Output.ShouldBe("""{"name":"machine"}""");
    }

    [Fact]
    public async Task The_SDK_integration_of_a_synchronous_invocation_gives_the_functions_answer_as_a_text()
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(
            """
            { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:lambda:invoke",
              "Parameters": { "FunctionName": "work", "Payload": "{\"n\":1}" }, "End": true } } }
            """
        );

        var ended = await states.Ended(await states.Execution(machine));

        ended.Output.ShouldBe("""{"ExecutedVersion":"$LATEST","Payload":"{\"n\":1}","StatusCode":200}""");
    }

    [Theory]
    [InlineData("aws-sdk:lambda:invoke", "Parameters", """{ "FunctionName": "work", "Paylod": "{}" }""", "Paylod")]
    [InlineData("aws-sdk:lambda:invoke", "Parameters", """{ "FunctionName": "work", "Paylod.$": "$" }""", "Paylod")]
    [InlineData("lambda:invoke", "Parameters", """{ "FunctionName": "work", "Input.$": "$" }""", "Input")]
    [InlineData("lambda:invoke", "Arguments", """{ "FunctionName": "work", "payload": {} }""", "payload")]
    [InlineData("states:startExecution", "Parameters", """{ "StateMachineArn": "a", "Inputs": {} }""", "Inputs")]
    [InlineData("aws-sdk:sfn:describeExecution", "Parameters", """{ "ExecutionArns": "a" }""", "ExecutionArns")]
    public async Task A_parameter_that_an_integration_does_not_take_is_refused_where_the_machine_is_created(
        string integration,
        string field,
        string parameters,
        string unknown
    )
    {
        await using var states = await SimulatedStates.Start();
        var language = field == "Arguments" ? "JSONata" : "JSONPath";

        var refused = await Should.ThrowAsync<InvalidDefinitionException>(() =>
            states.Machine(
                $$"""
                { "QueryLanguage": "{{language}}", "StartAt": "Call", "States": { "Call": { "Type": "Task", "End": true,
                  "Resource": "arn:aws:states:::{{integration}}", "{{field}}": {{parameters}} } } }
                """
            )
        );

        refused.Message.ShouldBe(
            $"Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The field \"{unknown}\" is not supported by Step Functions "
                + $"at /States/Call/{field}'"
        );
    }

    [Fact]
    public async Task The_SDK_integration_does_not_take_a_functions_error_for_its_own()
    {
        await using var states = await SimulatedStates.Start();
        states.Functions.Answer = (_, _) => SimulatedFunctions.Threw("Broken", "no luck");
        var machine = await states.Machine(
            """
            { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:lambda:invoke",
              "Parameters": { "FunctionName": "work" }, "ResultSelector": { "error.$": "$.FunctionError" }, "End": true } } }
            """
        );

        (await states.Ended(await states.Execution(machine))).Output.ShouldBe("""{"error":"Unhandled"}""");
    }

    [Theory]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(300)]
    public async Task Data_is_as_deep_as_it_is(int depth)
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(
            """
            { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": { "FunctionName": "work", "Payload.$": "$" }, "OutputPath": "$.Payload", "End": true } } }
            """
        );

        var ended = await states.Ended(await states.Execution(machine, Nested(depth)));

        ended.Output.ShouldBe(Nested(depth), ended.Cause);
        states.World.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Data_that_is_deeper_than_the_rehearsal_takes_is_refused_in_its_own_words()
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine("""{ "StartAt": "Pass", "States": { "Pass": { "Type": "Pass", "End": true } } }""");

        var refused = await Should.ThrowAsync<InvalidExecutionInputException>(() => states.Execution(machine, Nested(401)));

        refused.Message.ShouldBe(
            "Invalid State Machine Execution Input: 'the input is nested deeper than 400, more than the rehearsal takes'"
        );
    }

    private static string Nested(int depth) => $"{string.Concat(Enumerable.Repeat("{\"a\":", depth - 1))}{{}}{new string('}', depth - 1)}";

    [Fact]
    public async Task A_call_that_the_rehearsal_itself_fails_at_ends_its_task_and_the_world_goes_on()
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(
            """
            { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:lambda:invoke",
              "Parameters": { "FunctionName": "broken" }, "End": true } } }
            """
        );

        var ended = await states.Ended(await states.Execution(machine));

        ended.Error.ShouldBe("Rehearsal.Failed");
        ended.Cause.ShouldContain("broken on purpose");
        states.World.Problems.ShouldHaveSingleItem().ShouldContain("broken on purpose");
    }

    /// <summary>No other moment would ever advance such an execution.</summary>
    [Theory]
    [InlineData("WaitStateExited", """{ "StartAt": "Rest", "States": { "Rest": { "Type": "Wait", "Seconds": 5, "End": true } } }""")]
    [InlineData(
        "TaskTimedOut",
        """
            { "StartAt": "Call", "States": { "Call": { "Type": "Task", "TimeoutSeconds": 5,
              "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
              "Parameters": { "FunctionName": "work", "Payload": { "token.$": "$$.Task.Token" } }, "End": true } } }
            """
    )]
    public async Task An_execution_whose_timer_the_rehearsal_itself_fails_at_ends_and_the_world_goes_on(string at, string definition)
    {
        await using var states = await SimulatedStates.Start();
        states.Functions.Answer = (_, _) => SimulatedFunctions.Returned("{}");
        states.Executions.Observer = (_, happened) =>
        {
            if (happened.Type == at)
            {
                throw new InvalidOperationException("broken on purpose");
            }
        };
        var broken = await states.Execution(await states.Machine(definition));
        var other = await states.Execution(
            await states.Machine(
                """
                { "StartAt": "Rest", "States": { "Rest": { "Type": "Wait", "Seconds": 9, "Next": "End" }, "End": { "Type": "Succeed" } } }
                """,
                "other"
            )
        );
        var ended = await states.Ended(broken);
        states.Executions.Observer = null;

        (ended.Status, ended.Error).ShouldBe((ExecutionStatus.FAILED, "Rehearsal.Failed"));
        ended.Cause.ShouldContain("broken on purpose");
        states.World.Problems.ShouldHaveSingleItem().ShouldContain("broken on purpose");
        (await states.Ended(other)).Status.ShouldBe(ExecutionStatus.SUCCEEDED);
    }

    [Fact]
    public async Task An_execution_that_the_rehearsal_itself_fails_at_when_a_task_of_it_has_ended_ends()
    {
        await using var states = await SimulatedStates.Start();
        var child = await states.Machine("""{ "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }""", "child");
        var parent = await states.Machine(
            $$"""
            { "StartAt": "Run", "States": { "Run": { "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
              "Parameters": { "StateMachineArn": "{{child}}", "Input": {} }, "End": true } } }
            """
        );
        states.Executions.Observer = (_, happened) =>
        {
            if (happened.Type == "TaskSucceeded")
            {
                throw new InvalidOperationException("broken on purpose");
            }
        };

        var ended = await states.Ended(await states.Execution(parent));

        (ended.Status, ended.Error).ShouldBe((ExecutionStatus.FAILED, "Rehearsal.Failed"));
        states.World.Problems.ShouldHaveSingleItem().ShouldContain("broken on purpose");
    }

    [Theory]
    [InlineData("arn:aws:states:::lambda:invoke", """{"ExecutedVersion":"$LATEST","Payload":null,"StatusCode":200}""")]
    [InlineData("arn:aws:lambda:us-east-1:222222222222:function:work", "null")]
    public async Task A_function_that_returns_nothing_ends_its_task(string resource, string output)
    {
        await using var states = await SimulatedStates.Start();
        states.Functions.Answer = (_, _) => SimulatedFunctions.Returned(string.Empty);
        var machine = await states.Machine(
            $$"""
            { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "{{resource}}",
              "Parameters": { "FunctionName": "work" }, "End": true } } }
            """
        );

        var ended = await states.Ended(await states.Execution(machine));

        ended.Status.ShouldBe(ExecutionStatus.SUCCEEDED);
        JsonNode
            .DeepEquals(
                JsonNode.Parse(ended.Output) is JsonObject answer ? Without(answer, "SdkHttpMetadata", "SdkResponseMetadata") : null,
                JsonNode.Parse(output)
            )
            .ShouldBeTrue(ended.Output);
    }

    [Fact]
    public async Task An_answer_that_the_rehearsal_cannot_read_ends_its_task()
    {
        await using var states = await SimulatedStates.Start();
        states.Functions.Answer = (_, _) => SimulatedFunctions.Returned("no JSON");
        var machine = await states.Machine(
            """
            { "StartAt": "Call", "States": { "Call": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": { "FunctionName": "work" }, "End": true } } }
            """
        );

        var ended = await states.Ended(await states.Execution(machine));

        ended.Error.ShouldBe("Rehearsal.Failed");
        states.World.Problems.ShouldHaveSingleItem().ShouldContain("lambda:invoke");
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("100000000")]
    [InlineData("-1")]
    public async Task A_wait_that_is_longer_than_AWS_takes_fails_its_execution(string seconds)
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(
            """
            { "StartAt": "Long", "States": { "Long": { "Type": "Wait", "SecondsPath": "$.s", "End": true } } }
            """
        );

        var ended = await states.Ended(await states.Execution(machine, $$"""{"s":{{seconds}}}"""));

        (ended.Status, ended.Error).ShouldBe((ExecutionStatus.FAILED, "States.Runtime"));
        ended.Cause.ShouldContain("from 0 to 99999999");
    }

    [Theory]
    [InlineData("TimeoutSecondsPath", "1e300")]
    [InlineData("TimeoutSecondsPath", "0")]
    [InlineData("HeartbeatSecondsPath", "100000000")]
    [InlineData("HeartbeatSecondsPath", "-1")]
    public async Task A_time_out_that_AWS_does_not_take_fails_its_execution(string field, string seconds)
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(Task.Replace("\"End\"", $"\"{field}\": \"$.s\", \"End\"", StringComparison.Ordinal));

        var ended = await states.Ended(await states.Execution(machine, $$"""{"s":{{seconds}}}"""));

        (ended.Status, ended.Error).ShouldBe((ExecutionStatus.FAILED, "States.Runtime"));
        ended.Cause.ShouldContain("from 1 to 99999999");
        states.World.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"Timestamp\": \"9999-12-31T23:59:59Z\"")]
    [InlineData("\"TimestampPath\": \"$.until\"")]
    [InlineData("\"Seconds\": 99999999")]
    [InlineData("\"Seconds\": 31536001")]
    public async Task An_execution_ends_after_a_year_in_a_world_that_serves_and_goes_on(string until)
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine($$"""{ "StartAt": "Long", "States": { "Long": { "Type": "Wait", {{until}}, "End": true } } }""");
        var next = await states.Machine(
            """{ "StartAt": "Day", "States": { "Day": { "Type": "Wait", "Seconds": 86400, "End": true } } }""",
            "b"
        );
        var serving = states.World.Serve(TimeSpan.FromDays(1), clientPatience: TimeSpan.Zero);

        var ended = await Closed(states, await states.Execution(machine, """{"until":"9999-12-31T23:59:59Z"}"""));

        (ended.Status, ended.Error).ShouldBe((ExecutionStatus.TIMED_OUT, "States.Timeout"));
        (ended.StopDate - ended.StartDate)!.Value.TotalDays.ShouldBe(365, 0.001);
        ended.RedriveStatusReason.ShouldBe("Execution has exceeded the maximum open time of one year and cannot be redriven");
        (await Closed(states, await states.Execution(next))).Status.ShouldBe(ExecutionStatus.SUCCEEDED);
        serving.IsCompleted.ShouldBeFalse();
    }

    private static async Task<DescribeExecutionResponse> Closed(SimulatedStates states, string execution)
    {
        DescribeExecutionResponse described;
        do
        {
            await System.Threading.Tasks.Task.Delay(5, TestContext.Current.CancellationToken);
            described = await states.Client.DescribeExecutionAsync(new() { ExecutionArn = execution });
        } while (described.Status == ExecutionStatus.RUNNING);

        return described;
    }

    [Theory]
    [InlineData("ExecutionStarted")]
    [InlineData("PassStateEntered")]
    [InlineData("")]
    public async Task An_execution_whose_first_state_the_rehearsal_fails_at_has_started_and_failed(string at)
    {
        await using var states = await SimulatedStates.Start();
        states.Executions.Observer = (_, happened) =>
        {
            if (at.Length == 0 || happened.Type == at)
            {
                throw new InvalidOperationException("broken on purpose");
            }
        };

        var ended = await states.Ended(await states.Execution(await states.Machine(First)));

        (ended.Status, ended.Error).ShouldBe((ExecutionStatus.FAILED, "Rehearsal.Failed"));
        ended.Cause.ShouldContain("broken on purpose");
        states.World.Problems[0].ShouldContain("broken on purpose");
    }

    [Fact]
    public async Task An_execution_that_the_rehearsal_fails_at_when_a_client_answers_its_task_ends()
    {
        await using var states = await SimulatedStates.Start();
        states.Functions.Answer = (_, _) => SimulatedFunctions.Returned("{}");
        var execution = await states.Execution(await states.Machine(Callback));
        var token = await states.Token();
        states.Executions.Observer = (_, happened) =>
        {
            if (happened.Type == "TaskStateExited")
            {
                throw new InvalidOperationException("broken on purpose");
            }
        };

        await states.Client.SendTaskSuccessAsync(new() { TaskToken = token, Output = "1" });

        (await states.Ended(execution)).Error.ShouldBe("Rehearsal.Failed");
        states.World.Problems.ShouldHaveSingleItem().ShouldContain("broken on purpose");
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"a\":[\"x\\udc00y\"]}")]
    [InlineData("{\"\\ud83d\":1}")]
    public async Task Half_a_pair_of_surrogates_is_no_JSON(string text)
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(Task);
        var callback = await states.Machine(Callback, "callback");
        states.Functions.Answer = (_, _) => SimulatedFunctions.Returned("{}");
        await states.Execution(callback);
        var token = await states.Token();

        await Should.ThrowAsync<InvalidExecutionInputException>(() => states.Execution(machine, text));
        await Should.ThrowAsync<InvalidOutputException>(() =>
            states.Client.SendTaskSuccessAsync(new() { TaskToken = token, Output = text })
        );
        await Should.ThrowAsync<InvalidDefinitionException>(() =>
            states.Machine(First.Replace("\"Pass\"", $"\"Pass\", \"Result\": {text}", StringComparison.Ordinal), "first")
        );
        states.World.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_whole_pair_of_surrogates_is_a_text()
    {
        await using var states = await SimulatedStates.Start();

        var ended = await states.Ended(await states.Execution(await states.Machine(First), "\"\\ud83d\\ude00\""));

        JsonNode.Parse(ended.Output)!.GetValue<string>().ShouldBe("\U0001F600");
    }

    [Theory]
    [InlineData("{% $match($states.input, /^(a+)+$/) %}")]
    [InlineData("{% $contains($states.input, /^(a+)+$/) %}")]
    [InlineData("{% $replace($states.input, /^(a+)+$/, 'b') %}")]
    public async Task A_regular_expression_without_end_fails_its_state(string output)
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(
            $$"""
            { "QueryLanguage": "JSONata", "StartAt": "First",
              "States": { "First": { "Type": "Pass", "Output": "{{output}}", "End": true } } }
            """
        );

        var ended = await states.Ended(await states.Execution(machine, $"\"{new string('a', 60)}!\""));

        (ended.Status, ended.Error).ShouldBe((ExecutionStatus.FAILED, "States.QueryEvaluationError"));
        ended.Cause.ShouldContain("Expression evaluation timeout");
        states.World.Problems.ShouldBeEmpty();
    }

    private static JsonObject Without(JsonObject document, params string[] members)
    {
        foreach (var member in members)
        {
            document.Remove(member);
        }

        return document;
    }

    [Fact]
    public async Task A_wait_of_a_month_ends_in_a_world_that_serves()
    {
        await using var states = await SimulatedStates.Start();
        var machine = await states.Machine(
            """
            { "StartAt": "Month", "TimeoutSeconds": 90000000, "States": { "Month": { "Type": "Wait", "Seconds": 2592000, "End": true } } }
            """
        );
        var execution = await states.Execution(machine);

        _ = states.World.Serve(TimeSpan.FromDays(1), clientPatience: TimeSpan.Zero);

        var described = await Closed(states, execution);
        described.Status.ShouldBe(ExecutionStatus.SUCCEEDED);
        (described.StopDate - described.StartDate).ShouldBe(TimeSpan.FromDays(30));
    }

    [Fact]
    public async Task A_worker_takes_an_activitys_task_and_answers_it()
    {
        await using var states = await SimulatedStates.Start();
        var activity = (await states.Client.CreateActivityAsync(new() { Name = "work" })).ActivityArn;
        (await states.Client.GetActivityTaskAsync(new() { ActivityArn = activity })).TaskToken.ShouldBeNull();
        var execution = await states.Execution(
            await states.Machine(
                $$"""
                { "StartAt": "Work", "States": { "Work": { "Type": "Task", "Resource": "{{activity}}", "End": true } } }
                """
            ),
            """{"n":1}"""
        );

        var task = await states.Client.GetActivityTaskAsync(new() { ActivityArn = activity, WorkerName = "me" });
        task.Input.ShouldBe("""{"n":1}""");
        await states.Client.SendTaskFailureAsync(
            new()
            {
                TaskToken = task.TaskToken,
                Error = "Mine",
                Cause = "why",
            }
        );

        (await states.Ended(execution)).Error.ShouldBe("Mine");
        (await states.History(execution)).Select(e => e.Type.Value).ShouldContain("ActivityStarted");
    }

    [Theory]
    [InlineData("arn:aws:iam::222222222222:role/nobody")]
    [InlineData("arn:aws:iam::222222222222:role/distrustful")]
    public async Task A_role_that_Step_Functions_may_not_assume_is_refused(string role)
    {
        await using var states = await SimulatedStates.Start();
        await states.World.Do(() =>
            new Roles(states.World).Create(
                new Role
                {
                    Account = TestAws.Tools,
                    Name = "distrustful",
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                    "Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}
                    """,
                }
            )
        );
        var machine = await states.Machine(Task);

        foreach (
            var call in new Func<Task>[]
            {
                () =>
                    states.Client.CreateStateMachineAsync(
                        new()
                        {
                            Name = "other",
                            Definition = Task,
                            RoleArn = role,
                        }
                    ),
                () => states.Client.UpdateStateMachineAsync(new() { StateMachineArn = machine, RoleArn = role }),
            }
        )
        {
            var refused = await Should.ThrowAsync<AmazonStepFunctionsException>(call);
            refused.ErrorCode.ShouldBe("AccessDeniedException");
            refused.Message.ShouldBe(
                "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role."
            );
        }
    }

    [Theory]
    [InlineData("items.%.name", "operator %")]
    [InlineData("items@$i.name", "operator @")]
    [InlineData("items#$i.name", "operator #")]
    [InlineData("$formatNumber(1, '0')", "function $formatNumber")]
    public async Task A_part_of_JSONata_that_is_not_simulated_is_refused_by_name(string expression, string named)
    {
        await using var states = await SimulatedStates.Start();
        var machine = $$$"""
            { "QueryLanguage": "JSONata", "StartAt": "A", "States": { "A": { "Type": "Succeed",
            "Output": "{% {{{expression}}} %}" } } }
            """;

        (await Should.ThrowAsync<InvalidDefinitionException>(() => states.Machine(machine))).Message.ShouldContain(
            $"The rehearsal does not simulate the {named}"
        );
        var validated = await states.Client.ValidateStateMachineDefinitionAsync(new() { Definition = machine });
        validated.Diagnostics.ShouldContain(diagnostic => diagnostic.Message.Contains($"does not simulate the {named}"));
    }

    [Fact]
    public async Task A_batch_by_size_is_refused_by_name()
    {
        await using var states = await SimulatedStates.Start();

        (
            await Should.ThrowAsync<InvalidDefinitionException>(() =>
                states.Machine(
                    """
                    { "StartAt": "Each", "States": { "Each": { "Type": "Map", "End": true, "ItemBatcher": { "MaxInputBytesPerBatch": 1000 },
                      "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }, "StartAt": "One",
                        "States": { "One": { "Type": "Pass", "End": true } } } } } }
                    """
                )
            )
        ).Message.ShouldBe("The rehearsal does not simulate the field ItemBatcher/MaxInputBytesPerBatch of the Map Each");
    }

    [Fact]
    public async Task What_is_not_simulated_is_refused_by_name()
    {
        await using var states = await SimulatedStates.Start();
        (
            await Should.ThrowAsync<InvalidDefinitionException>(() => states.Machine(Task.Replace("lambda:invoke", "sqs:sendMessage")))
        ).Message.ShouldBe("The rehearsal does not simulate the integration arn:aws:states:::sqs:sendMessage");
        (
            await Should.ThrowAsync<InvalidDefinitionException>(() =>
                states.Machine(
                    """
                    { "StartAt": "Each", "States": { "Each": { "Type": "Map", "End": true,
                      "ItemReader": { "Resource": "arn:aws:states:::s3:getObject" },
                      "ItemProcessor": { "StartAt": "One", "States": { "One": { "Type": "Pass", "End": true } } } } } }
                    """
                )
            )
        ).Message.ShouldBe("The rehearsal does not simulate the field ItemReader of the Map Each");
        await Should.ThrowAsync<StateMachineTypeNotSupportedException>(() =>
            states.Client.CreateStateMachineAsync(
                new()
                {
                    Name = "e",
                    Definition = Task,
                    RoleArn = SimulatedStates.Role,
                    Type = StateMachineType.EXPRESS,
                }
            )
        );
    }
}
