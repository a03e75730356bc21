using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>Reads one state of a definition.</summary>
sealed class StateReader(DefinitionReader reader, string name, JsonObject node, string location, QueryLanguage inherited)
{
    const int MaximumNameLength = 80;

    static readonly string[] PathFields = ["InputPath", "OutputPath", "ResultPath", "Parameters", "ResultSelector"];

    readonly FieldReader fields = new(reader, node, location);

    public StateDefinition? Read()
    {
        if (name.Length > MaximumNameLength)
        {
            fields.Fault($"State name '{name}' is longer than {MaximumNameLength} characters");
        }
        if (inherited == QueryLanguage.Jsonata && fields.Text("QueryLanguage") == "JSONPath")
        {
            fields.Fault("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
            return null;
        }
        var language = fields.Language(inherited);
        if (language == QueryLanguage.Jsonata)
        {
            foreach (var field in PathFields.Where(fields.Has))
            {
                fields.Fault($"Field '{field}' is not supported when 'QueryLanguage' is 'JSONata'", field);
            }
        }
        var type = fields.Text("Type");
        if (type is not ("Choice" or "Succeed" or "Fail" or null) && fields.Has("Next") == fields.Flag("End"))
        {
            fields.Fault("These fields are required: [Next]");
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
                Error = fields.ValueOrPath("Error", language, intrinsic: true),
                Cause = fields.ValueOrPath("Cause", language, intrinsic: true),
            },
            "Parallel" => Parallel(language),
            "Map" => Map(language),
            _ => null,
        };
        if (type is null)
        {
            fields.Require("Type");
        }
        else if (state is null && type is not ("Task" or "Map"))
        {
            fields.Fault("Value is not valid. It must be one of [Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait]", "Type");
        }
        return state is null ? null : state with
        {
            Next = type is "Choice" or "Succeed" or "Fail" ? null : fields.Text("Next"),
            InputPath = language == QueryLanguage.JsonPath ? fields.Path("InputPath") : "$",
            OutputPath = language == QueryLanguage.JsonPath ? fields.Path("OutputPath") : "$",
            Assign = fields.Template("Assign", language)?.Value as JsonObject,
            Output = language == QueryLanguage.Jsonata ? fields.Template("Output", language) : null,
        };
    }

    PassState Pass(QueryLanguage language) => new()
    {
        Name = name,
        Language = language,
        Result = fields.Template("Result", language, literal: true),
        Parameters = fields.Template("Parameters", language),
        ResultPath = fields.Path("ResultPath", reference: true),
    };

    WaitState Wait(QueryLanguage language)
    {
        var seconds = fields.ValueOrPath("Seconds", language);
        var timestamp = fields.ValueOrPath("Timestamp", language);
        if ((seconds is null) == (timestamp is null))
        {
            fields.Fault("Exactly one of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath]");
        }
        var dynamic = language == QueryLanguage.Jsonata && JsonataText.TryExpression(timestamp?.Value, out _);
        if (timestamp is { Path: null } && !dynamic && !(StateData.TryString(timestamp.Value, out var text) && Timestamps.TryParse(text, out _)))
        {
            fields.Fault("String does not match RFC3339 timestamp", "Timestamp");
        }
        if (seconds is { Path: null } && !(language == QueryLanguage.Jsonata && JsonataText.TryExpression(seconds.Value, out _)))
        {
            fields.Number("Seconds");
        }
        return new() { Name = name, Language = language, Seconds = seconds, Timestamp = timestamp };
    }

    ChoiceState Choice(QueryLanguage language)
    {
        fields.Require("Choices");
        return new()
        {
            Name = name,
            Language = language,
            Rules = [.. new ChoiceReader(fields, language).Rules()],
            Default = fields.Text("Default"),
        };
    }

    TaskState? Task(QueryLanguage language)
    {
        fields.Require("Resource");
        var arn = fields.Text("Resource");
        var resource = arn is null ? null : TaskResource.Parse(arn);
        if (resource is null)
        {
            if (arn is not null)
            {
                fields.Fault("Value is not a valid resource ARN", "Resource");
            }
            return null;
        }
        if (reader.IsExpress && resource.Pattern == TaskPattern.WaitForTaskToken)
        {
            fields.Fault("Express state machine does not support '.waitForTaskToken' service integration ", "Resource");
        }
        if (reader.IsExpress && resource.Pattern == TaskPattern.RunJob)
        {
            fields.Fault("Express state machine does not support '.sync' service integration", "Resource");
        }
        if (fields.Object("Credentials") is { } credentials && !credentials.ContainsKey("RoleArn") && !credentials.ContainsKey("RoleArn.$"))
        {
            fields.Fault("The field 'RoleArn' is required but was missing", "Credentials");
        }
        var timeout = fields.ValueOrPath("TimeoutSeconds", language);
        var heartbeat = fields.ValueOrPath("HeartbeatSeconds", language);
        if (StateData.TryNumber(timeout?.Value, out var limit) && StateData.TryNumber(heartbeat?.Value, out var beat) && beat >= limit)
        {
            fields.Fault("'HeartbeatSeconds' must be less than 'TimeoutSeconds'");
        }
        return Work(new TaskState
        {
            Name = name,
            Language = language,
            Resource = resource,
            Timeout = timeout,
            Heartbeat = heartbeat,
            Credentials = fields.Template("Credentials", language),
        }) as TaskState;
    }

    StateDefinition Parallel(QueryLanguage language)
    {
        fields.Require("Branches");
        return Work(new ParallelState
        {
            Name = name,
            Language = language,
            Branches = [.. fields.Objects("Branches").Select(b => reader.Graph(b.Node, b.Location, Inner(language))).OfType<StateGraph>()],
        });
    }

    StateDefinition? Map(QueryLanguage language)
    {
        var field = fields.Has("Iterator") ? "Iterator" : "ItemProcessor";
        fields.Require(field);
        if (fields.Object(field) is not { } processor || reader.Graph(processor, $"{location}/{field}", Inner(language)) is not { } graph)
        {
            return null;
        }
        var selector = fields.Has("ItemSelector") ? "ItemSelector" : "Parameters";
        return Work(new MapState
        {
            Name = name,
            Language = language,
            Processor = graph,
            IsDistributed = StateData.TryString(processor["ProcessorConfig"]?["Mode"], out var mode) && mode == "DISTRIBUTED",
            ItemsPath = fields.Path("ItemsPath"),
            Items = fields.Template("Items", language),
            ItemSelector = fields.Template(selector, language),
            MaxConcurrency = fields.ValueOrPath("MaxConcurrency", language),
            ToleratedFailureCount = fields.ValueOrPath("ToleratedFailureCount", language),
            ToleratedFailurePercentage = fields.ValueOrPath("ToleratedFailurePercentage", language),
            ItemBatcher = fields.Object("ItemBatcher"),
            Unsupported = [.. new[] { "ItemReader", "ResultWriter" }.Where(fields.Has)],
        });
    }

    /// <summary>The states inside inherit the machine's language, not that of the state around them.</summary>
    QueryLanguage Inner(QueryLanguage own) => inherited == QueryLanguage.Jsonata ? own : inherited;

    StateDefinition Work(RetryableState state) => state with
    {
        Parameters = state is MapState ? null : fields.Template(state.Language == QueryLanguage.Jsonata ? "Arguments" : "Parameters", state.Language),
        ResultSelector = fields.Template("ResultSelector", state.Language),
        ResultPath = fields.Path("ResultPath", reference: true),
        Retry = [.. fields.Objects("Retry").Select(Retry)],
        Catch = [.. fields.Objects("Catch").Select(c => Catch(c, state.Language))],
    };

    static RetryRule Retry(FieldReader rule) => new(
        rule.Texts("ErrorEquals"),
        rule.Number("IntervalSeconds") ?? 1,
        (int)(rule.Number("MaxAttempts") ?? 3),
        rule.Number("BackoffRate") ?? 2,
        rule.Number("MaxDelaySeconds"),
        rule.Text("JitterStrategy") == "FULL");

    static CatchRule Catch(FieldReader rule, QueryLanguage language)
    {
        rule.Require("Next");
        return new(
            rule.Texts("ErrorEquals"),
            rule.Text("Next") ?? "",
            language == QueryLanguage.JsonPath ? rule.Path("ResultPath", reference: true) : "$",
            rule.Template("Assign", language)?.Value as JsonObject,
            language == QueryLanguage.Jsonata ? rule.Template("Output", language) : null);
    }
}
