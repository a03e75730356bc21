using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>Reads one state of a definition.</summary>
internal sealed class StateReader(DefinitionReader reader, string name, JsonObject node, string location, QueryLanguage inherited)
{
    /// <summary>
    /// The largest number of seconds of a wait, a time-out, a heartbeat or an interval:
    /// https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html.
    /// </summary>
    internal const int LongestSeconds = 99_999_999;

    private const int MaximumNameLength = 80;

    private static readonly string[] PathFields = ["InputPath", "OutputPath", "ResultPath", "Parameters", "ResultSelector"];

    private readonly FieldReader _fields = new(reader, node, location);

    public StateDefinition? Read()
    {
        if (name.Length > MaximumNameLength)
        {
            _fields.Fault($"State name '{name}' is longer than {MaximumNameLength} characters");
        }

        if (inherited == QueryLanguage.Jsonata && _fields.Text("QueryLanguage") == "JSONPath")
        {
            _fields.Fault("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
            return null;
        }

        var language = _fields.Language(inherited);
        if (language == QueryLanguage.Jsonata)
        {
            foreach (var field in PathFields.Where(_fields.Has))
            {
                _fields.Fault($"Field '{field}' is not supported when 'QueryLanguage' is 'JSONata'", field);
            }
        }

        var type = _fields.Text("Type");
        if (type is not ("Choice" or "Succeed" or "Fail" or null) && _fields.Has("Next") == _fields.Flag("End"))
        {
            _fields.Fault("These fields are required: [Next]");
        }

        StateDefinition? state = type switch
        {
            "Pass" => Pass(language),
            "Task" => Task(language),
            "Wait" => Wait(language),
            "Choice" => Choice(language),
            "Succeed" => new SucceedState { Name = name, Language = language },
            "Fail" => new FailState
            {
                Name = name,
                Language = language,
                Error = _fields.ValueOrPath("Error", language, intrinsic: true),
                Cause = _fields.ValueOrPath("Cause", language, intrinsic: true),
            },
            "Parallel" => Parallel(language),
            "Map" => Map(language),
            _ => null,
        };
        if (type is null)
        {
            _fields.Require("Type");
        }
        else if (state is null && type is not ("Task" or "Map"))
        {
            _fields.Fault("Value is not valid. It must be one of [Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait]", "Type");
        }

        return state is null
            ? null
            : state with
            {
                Next = type is "Choice" or "Succeed" or "Fail" ? null : _fields.Text("Next"),
                InputPath = language == QueryLanguage.JsonPath ? _fields.Path("InputPath") : "$",
                OutputPath = language == QueryLanguage.JsonPath ? _fields.Path("OutputPath") : "$",
                Assign = _fields.Template("Assign", language)?.Value as JsonObject,
                Output = language == QueryLanguage.Jsonata ? _fields.Template("Output", language) : null,
            };
    }

    private PassState Pass(QueryLanguage language) =>
        new()
        {
            Name = name,
            Language = language,
            Result = _fields.Template("Result", language, literal: true),
            Parameters = _fields.Template("Parameters", language),
            ResultPath = _fields.Path("ResultPath", reference: true),
        };

    private WaitState Wait(QueryLanguage language)
    {
        var seconds = _fields.ValueOrPath("Seconds", language);
        var timestamp = _fields.ValueOrPath("Timestamp", language);
        if ((seconds is null) == (timestamp is null))
        {
            _fields.Fault("Exactly one of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath]");
        }

        var dynamic = language == QueryLanguage.Jsonata && JsonataText.TryExpression(timestamp?.Value, out _);
        if (
            timestamp is { Path: null }
            && !dynamic
            && !(StateData.TryString(timestamp.Value, out var text) && Timestamps.TryParse(text, out _))
        )
        {
            _fields.Fault("String does not match RFC3339 timestamp", "Timestamp");
        }

        if (seconds is { Path: null } && !(language == QueryLanguage.Jsonata && JsonataText.TryExpression(seconds.Value, out _)))
        {
            _fields.Number("Seconds", LongestSeconds);
        }

        return new()
        {
            Name = name,
            Language = language,
            Seconds = seconds,
            Timestamp = timestamp,
        };
    }

    private ChoiceState Choice(QueryLanguage language)
    {
        _fields.Require("Choices");
        return new()
        {
            Name = name,
            Language = language,
            Rules = [.. new ChoiceReader(_fields, language).Rules()],
            Default = _fields.Text("Default"),
        };
    }

    private TaskState? Task(QueryLanguage language)
    {
        _fields.Require("Resource");
        var arn = _fields.Text("Resource");
        var resource = arn is null ? null : TaskResource.Parse(arn);
        if (resource is null)
        {
            if (arn is not null)
            {
                _fields.Fault("Value is not a valid resource ARN", "Resource");
            }

            return null;
        }

        if (reader.IsExpress && resource.Pattern == TaskPattern.WaitForTaskToken)
        {
            _fields.Fault("Express state machine does not support '.waitForTaskToken' service integration ", "Resource");
        }

        if (reader.IsExpress && resource.Pattern == TaskPattern.RunJob)
        {
            _fields.Fault("Express state machine does not support '.sync' service integration", "Resource");
        }

        if (
            _fields.Object("Credentials") is { } credentials
            && !credentials.ContainsKey("RoleArn")
            && !credentials.ContainsKey("RoleArn.$")
        )
        {
            _fields.Fault("The field 'RoleArn' is required but was missing", "Credentials");
        }

        var timeout = _fields.ValueOrPath("TimeoutSeconds", language);
        var heartbeat = _fields.ValueOrPath("HeartbeatSeconds", language);
        if (StateData.TryNumber(timeout?.Value, out var limit) && StateData.TryNumber(heartbeat?.Value, out var beat) && beat >= limit)
        {
            _fields.Fault("'HeartbeatSeconds' must be less than 'TimeoutSeconds'");
        }

        foreach (var limited in new[] { timeout, heartbeat }.Where(given => StateData.TryNumber(given?.Value, out _)))
        {
            _fields.Number(limited!.Name, LongestSeconds);
        }

        return Work(
                new TaskState
                {
                    Name = name,
                    Language = language,
                    Resource = resource,
                    Timeout = timeout,
                    Heartbeat = heartbeat,
                    Credentials = _fields.Template("Credentials", language),
                    Location = _fields.Location,
                }
            ) as TaskState;
    }

    private StateDefinition Parallel(QueryLanguage language)
    {
        _fields.Require("Branches");
        return Work(
            new ParallelState
            {
                Name = name,
                Language = language,
                Branches =
                [
                    .. _fields.Objects("Branches").Select(b => reader.Graph(b.Node, b.Location, Inner(language))).OfType<StateGraph>(),
                ],
            }
        );
    }

    private StateDefinition? Map(QueryLanguage language)
    {
        var field = _fields.Has("Iterator") ? "Iterator" : "ItemProcessor";
        _fields.Require(field);
        if (_fields.Object(field) is not { } processor || reader.Graph(processor, $"{location}/{field}", Inner(language)) is not { } graph)
        {
            return null;
        }

        var selector = _fields.Has("ItemSelector") ? "ItemSelector" : "Parameters";
        return Work(
            new MapState
            {
                Name = name,
                Language = language,
                Processor = graph,
                IsDistributed = StateData.TryString(processor["ProcessorConfig"]?["Mode"], out var mode) && mode == "DISTRIBUTED",
                ItemsPath = _fields.Path("ItemsPath"),
                Items = _fields.Template("Items", language),
                ItemSelector = _fields.Template(selector, language),
                MaxConcurrency = _fields.ValueOrPath("MaxConcurrency", language),
                ToleratedFailureCount = _fields.ValueOrPath("ToleratedFailureCount", language),
                ToleratedFailurePercentage = _fields.ValueOrPath("ToleratedFailurePercentage", language),
                ItemBatcher = _fields.Object("ItemBatcher"),
                Unsupported = [.. new[] { "ItemReader", "ResultWriter" }.Where(_fields.Has), .. Unbatched(_fields.Object("ItemBatcher"))],
            }
        );
    }

    /// <summary>The fields of ItemBatcher that are not simulated: batches are of a fixed number of items.</summary>
    private static IEnumerable<string> Unbatched(JsonObject? batcher) =>
        (batcher ?? [])
            .Where(field =>
                field.Key switch
                {
                    "MaxItemsPerBatch" => !StateData.TryNumber(field.Value, out var size) || size < 1,
                    "BatchInput" => false,
                    _ => true,
                }
            )
            .Select(field => $"ItemBatcher/{field.Key}");

    /// <summary>The states inside inherit the machine's language, not that of the state around them.</summary>
    private QueryLanguage Inner(QueryLanguage own) => inherited == QueryLanguage.Jsonata ? own : inherited;

    private StateDefinition Work(RetryableState state) =>
        state with
        {
            Parameters =
                state is MapState
                    ? null
                    : _fields.Template(state.Language == QueryLanguage.Jsonata ? "Arguments" : "Parameters", state.Language),
            ResultSelector = _fields.Template("ResultSelector", state.Language),
            ResultPath = _fields.Path("ResultPath", reference: true),
            Retry = [.. _fields.Objects("Retry").Select(Retry)],
            Catch = [.. _fields.Objects("Catch").Select(c => Catch(c, state.Language))],
        };

    private static RetryRule Retry(FieldReader rule) =>
        new(
            rule.Texts("ErrorEquals"),
            rule.Number("IntervalSeconds", LongestSeconds) ?? 1,
            (int)(rule.Number("MaxAttempts", LongestSeconds) ?? 3),
            rule.Number("BackoffRate") ?? 2,
            rule.Number("MaxDelaySeconds"),
            rule.Text("JitterStrategy") == "FULL"
        );

    private static CatchRule Catch(FieldReader rule, QueryLanguage language)
    {
        rule.Require("Next");
        return new(
            rule.Texts("ErrorEquals"),
            rule.Text("Next") ?? "",
            language == QueryLanguage.JsonPath ? rule.Path("ResultPath", reference: true) : "$",
            rule.Template("Assign", language)?.Value as JsonObject,
            language == QueryLanguage.Jsonata ? rule.Template("Output", language) : null
        );
    }
}
