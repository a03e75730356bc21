using Deployer.Cli.Progress;
using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Cli.Tests.Progress;

public sealed class ExecutionProgressTests
{
    private const string Execution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:inventory-dev-1";

    private static readonly DateTimeOffset Began = DateTimeOffset.UnixEpoch;

    private readonly RecordedProgress _view = new();
    private readonly ExecutionProgress _progress;
    private long _id;

    public ExecutionProgressTests() => _progress = new ExecutionProgress(_view, Began);

    [Fact]
    public void Steps_are_shown_from_their_tasks_to_their_ends()
    {
        Add("ExecutionStarted");
        Add("TaskStateExited", name: "Plan", output: """{"plan":{"waves":[{"steps":[{"name":"group"}]},{"steps":[{"name":"ions"}]}]}}""");
        Add("MapIterationStarted", name: "Steps", index: 0);
        Add("ChoiceStateEntered", name: "Kind", input: """{"step":"group"}""");
        Add("TaskScheduled", parameters: Task("UpdateStack", "group"));
        Add("TaskTimedOut");
        Add("TaskScheduled", parameters: Task("UpdateStack", "group"));
        Add("MapIterationSucceeded", name: "Steps", index: 0);
        Add("TaskScheduled", parameters: """{"FunctionName":"arn:aws:lambda:us-east-1:2:function:deployer-dev-Finish","Payload":{}}""");
        Add("ExecutionSucceeded");

        _view
            .Seen.Select(Words)
            .ShouldBe(["began inventory-dev-1", "planned group,ions", "group update stack", "group Succeeded", "ended Succeeded"]);
    }

    /// <summary>Nothing was deployed.</summary>
    [Fact]
    public void A_step_of_a_plan_is_planned_and_not_succeeded()
    {
        var plan = Execution.Replace("-deploy:", "-plan:", StringComparison.Ordinal);
        foreach (
            var (id, type, name, input, index) in new (long, string, string?, string?, int?)[]
            {
                (1, "ExecutionStarted", null, null, null),
                (2, "MapIterationStarted", "Steps", null, 0),
                (3, "TaskStateEntered", "PlanStep", """{"step":"group"}""", null),
                (4, "MapIterationSucceeded", "Steps", null, 0),
            }
        )
        {
            _progress.Add(
                plan,
                TimelineEvent.From(
                    new HistoryEvent
                    {
                        Id = id,
                        PreviousEventId = id - 1,
                        Type = type,
                        Name = name,
                        Input = input,
                        Index = index,
                        Timestamp = Began,
                    }
                )
            );
        }

        _view.Seen.Select(Words).ShouldBe(["began inventory-dev-1", "group Planned"]);
    }

    [Fact]
    public void A_step_that_is_aborted_is_distinguished_from_the_one_that_failed()
    {
        Add("ExecutionStarted");
        var first = Add("MapIterationStarted", name: "Steps", index: 0);
        Add("ChoiceStateEntered", name: "Kind", input: """{"step":"network"}""", previous: first);
        var second = Add("MapIterationStarted", name: "Steps", index: 1);
        Add("ChoiceStateEntered", name: "Kind", input: """{"step":"ions"}""", previous: second);
        var failed = Add("TaskFailed");
        Add("MapIterationFailed", name: "Steps", index: 1, previous: failed);
        Add("MapIterationAborted", name: "Steps", index: 0, previous: failed);
        Add("ExecutionFailed");

        _view.Seen.Select(Words).ShouldBe(["began inventory-dev-1", "ions Failed", "network Stopped", "ended Failed"]);
    }

    /// <summary>Whoever continues it sees which steps are over and what runs, and nothing of the past twice.</summary>
    [Fact]
    public void An_execution_that_was_interrupted_is_shown_as_it_stands_and_goes_on_from_there()
    {
        HistoryEvent[] past =
        [
            new()
            {
                Id = 1,
                Type = "ExecutionStarted",
                Timestamp = Began,
            },
            new()
            {
                Id = 2,
                Type = "TaskStateExited",
                Name = "Plan",
                Timestamp = Began,
                Output = """{"plan":{"waves":[{"steps":[{"name":"network"},{"name":"group"}]}]}}""",
            },
            new()
            {
                Id = 3,
                Type = "MapIterationStarted",
                Name = "Steps",
                Timestamp = Began,
                Index = 0,
            },
            new()
            {
                Id = 4,
                PreviousEventId = 3,
                Type = "TaskScheduled",
                Timestamp = Began,
                Parameters = Task("UpdateStack", "network"),
            },
            new()
            {
                Id = 5,
                PreviousEventId = 4,
                Type = "MapIterationSucceeded",
                Name = "Steps",
                Timestamp = Began,
                Index = 0,
            },
            new()
            {
                Id = 6,
                PreviousEventId = 2,
                Type = "TaskScheduled",
                Timestamp = Began,
                Parameters = Task("FindTargetGroup", "group"),
            },
        ];
        _id = 6;

        _progress.Continue(Execution, past.Select(TimelineEvent.From));
        Add("TaskScheduled", parameters: Task("UpdateStack", "group"));
        Add("ExecutionSucceeded");

        _view
            .Seen.Select(Words)
            .ShouldBe([
                "continued inventory-dev-1",
                "planned network,group",
                "network Succeeded",
                "group find target group",
                "group update stack",
                "ended Succeeded",
            ]);
        _view.Seen.OfType<ProgressEvent.ExecutionBegan>().ShouldHaveSingleItem().Arn.ShouldBe(Execution);
    }

    /// <summary>It may wait for the lock of the earlier one, or not; what it has done meanwhile is shown then.</summary>
    [Fact]
    public void What_began_while_an_earlier_one_is_shown_is_shown_when_that_has_ended()
    {
        const string Own = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:inventory-dev-2";
        _progress.Continue(
            Execution,
            [TimelineEvent.From(new HistoryEvent { Type = "ExecutionStarted", Timestamp = Began })],
            isEarlier: true
        );
        _progress.Add(Own, TimelineEvent.From(new HistoryEvent { Type = "ExecutionStarted", Timestamp = Began.AddSeconds(1) }));
        _progress.Add(
            Own.Replace("dev-2", "dev-3", StringComparison.Ordinal),
            TimelineEvent.From(new HistoryEvent { Type = "ExecutionStarted", Timestamp = Began.AddSeconds(2) })
        );

        Add("ExecutionSucceeded");
        _progress.Add(Own, TimelineEvent.From(new HistoryEvent { Type = "ExecutionSucceeded", Timestamp = Began.AddMinutes(1) }));

        _view.Seen.Select(Words).ShouldBe(["continued inventory-dev-1", "ended Succeeded", "began inventory-dev-2", "ended Succeeded"]);
    }

    [Fact]
    public void A_redriven_task_is_shown_though_its_state_is_not_entered_anew()
    {
        _id = 40;
        Add("ExecutionRedriven");
        Add("TaskScheduled", parameters: Task("DeployIons", "ions"), previous: 12);

        _view.Seen.Select(Words).ShouldBe(["redriven inventory-dev-1", "ions deploy ions"]);
    }

    [Theory]
    [InlineData("ExecutionAborted", "ended Stopped")]
    [InlineData("ExecutionTimedOut", "ended TimedOut")]
    public void An_execution_that_was_stopped_or_took_too_long_has_not_failed(string type, string shown)
    {
        Add("ExecutionStarted");
        Add(type);

        _view.Seen.Select(Words).ShouldBe(["began inventory-dev-1", shown]);
    }

    [Fact]
    public void A_redrive_of_the_execution_that_is_shown_is_shown_with_its_task()
    {
        Add("ExecutionStarted");
        Add("TaskScheduled", parameters: Task("DeployIons", "ions"));
        Add("ExecutionAborted");
        Add("ExecutionRedriven");
        Add("TaskScheduled", parameters: Task("DeployIons", "ions"));

        _view
            .Seen.Select(Words)
            .ShouldBe(["began inventory-dev-1", "ions deploy ions", "ended Stopped", "redriven inventory-dev-1", "ions deploy ions"]);
    }

    [Theory]
    [InlineData("deploy", """{"service":"inventory","target":"dev","source":{"bucket":"b","key":"k"}}""", "deploying")]
    [InlineData("deploy", """{"service":"inventory","target":"dev","rollbackTo":"abcdef1"}""", "rolling back")]
    [InlineData("deploy", """{"service":"inventory","target":"dev","capacity":"off"}""", "turning groups off")]
    [InlineData("deploy", """{"service":"inventory","target":"dev","capacity":"on"}""", "turning groups on")]
    [InlineData("deploy", """{"service":"inventory","target":"dev","instance":"a","remove":true}""", "removing the development instance")]
    [InlineData("deploy", """{"service":"inventory"}""", "running")]
    [InlineData("deploy", "[1]", "running")]
    [InlineData("plan", """{"service":"inventory","target":"dev","source":{"bucket":"b","key":"k"}}""", "planning")]
    public void What_an_execution_does_is_said_as_it_is(string machine, string input, string work)
    {
        _progress.Add(
            $"arn:aws:states:us-east-1:222222222222:execution:deployer-dev-{machine}:one",
            TimelineEvent.From(
                new HistoryEvent
                {
                    Id = 1,
                    Type = "ExecutionStarted",
                    Timestamp = Began,
                    Input = input,
                }
            )
        );

        _view.Seen.ShouldHaveSingleItem().ShouldBeOfType<ProgressEvent.ExecutionBegan>().Work.ShouldBe(work);
    }

    [Fact]
    public void Executions_of_other_machines_are_not_shown()
    {
        _progress.Add(
            "arn:aws:states:us-east-1:111111111111:execution:datomic-inventory-dev:inventory-dev-1",
            TimelineEvent.From(new HistoryEvent { Type = "ExecutionStarted", Timestamp = Began })
        );

        _view.Seen.ShouldBeEmpty();
    }

    /// <summary>A stage with <c>OnFailure: RETRY</c> starts another deployment of the same.</summary>
    [Theory]
    [InlineData("0a1b2c3d", "ExecutionFailed", true)]
    [InlineData("0a1b2c3d", "ExecutionSucceeded", false)]
    [InlineData("4e5f6a7b", "ExecutionFailed", false)]
    public void A_deployment_that_a_pipeline_starts_again_is_shown_after_the_one_that_failed(string revision, string end, bool isShown)
    {
        Add("ExecutionStarted", input: Input("0a1b2c3d"));
        Add("TaskScheduled", parameters: Task("UpdateStack", "group"));
        Add(end);
        foreach (var (type, input) in new[] { ("ExecutionStarted", Input(revision)), ("ExecutionSucceeded", null) })
        {
            _progress.Add(
                Execution.Replace("inventory-dev-1", "inventory-dev-2", StringComparison.Ordinal),
                TimelineEvent.From(
                    new HistoryEvent
                    {
                        Id = 1,
                        Type = type,
                        Timestamp = Began.AddMinutes(1),
                        Input = input,
                    }
                )
            );
        }

        _view.Seen.Select(Words).Skip(3).ShouldBe(isShown ? ["began inventory-dev-2", "ended Succeeded"] : []);

        static string Input(string revision) =>
            $$"""
                {"service":"inventory","target":"dev","source":{"bucket":"b","key":"k"},"revision":"{{revision}}","by":"CodePipeline"}
                """;
    }

    private static string Task(string function, string step) =>
        $$$"""
            {"FunctionName":"arn:aws:lambda:us-east-1:222222222222:function:deployer-dev-{{{function}}}","Payload":{"step":"{{{step}}}"}}
            """;

    private static string Words(ExecutionBeginning beginning) =>
        beginning == ExecutionBeginning.Started ? "began" : beginning.ToString().ToLowerInvariant();

    private static string Words(ProgressEvent happened) =>
        happened switch
        {
            ProgressEvent.ExecutionBegan began => $"{Words(began.Beginning)} {began.Execution}",
            ProgressEvent.StepsOrdered planned => $"planned {string.Join(',', planned.Steps)}",
            ProgressEvent.TaskBegan began => $"{began.Step} {began.Task}",
            ProgressEvent.StepEnded ended => $"{ended.Step} {ended.End}",
            ProgressEvent.ExecutionEnded ended => $"ended {ended.End}",
            _ => happened.ToString(),
        };

    private long Add(
        string type,
        string? name = null,
        string? input = null,
        string? parameters = null,
        string? output = null,
        int? index = null,
        long? previous = null
    )
    {
        _id++;
        _progress.Add(
            Execution,
            TimelineEvent.From(
                new HistoryEvent
                {
                    Id = _id,
                    PreviousEventId = previous ?? _id - 1,
                    Type = type,
                    Timestamp = Began.AddSeconds(_id),
                    Name = name,
                    Input = input,
                    Parameters = parameters,
                    Output = output,
                    Index = index,
                }
            )
        );
        return _id;
    }
}
