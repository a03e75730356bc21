using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Deployer.Rehearsal.EventBridge.Patterns;
using Deployer.Rehearsal.Json;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>EventBridge's API: buses, rules, targets and events.</summary>
public sealed class EventBridgeService : ModelService
{
    private const int EntriesPerCall = 10;
    private readonly EventBuses _buses;
    private readonly EventRules _rules;
    private readonly EventRouter _router;

    /// <summary>A service of this world.</summary>
    public EventBridgeService(RehearsalWorld world, EventRouter router)
        : base(EventBridgeModel.Service)
    {
        _buses = new EventBuses(world);
        _rules = new EventRules(world);
        _router = router;
        On<CreateEventBusRequest, CreateEventBusResponse>(
            "CreateEventBus",
            CreateEventBus,
            (call, request) => [new EventBus(call.Account, call.Region, request.Name, Policy: null).Arn]
        );
        On<DescribeEventBusRequest, DescribeEventBusResponse>(
            "DescribeEventBus",
            DescribeEventBus,
            (call, request) => [BusArn(call, request.Name)]
        );
        On<PutPermissionRequest, PutPermissionResponse>(
            "PutPermission",
            PutPermission,
            (call, request) => [BusArn(call, request.EventBusName)]
        );
        On<PutRuleRequest, PutRuleResponse>("PutRule", PutRule, (call, request) => [RuleArn(call, request.EventBusName, request.Name)]);
        On<DescribeRuleRequest, DescribeRuleResponse>(
            "DescribeRule",
            DescribeRule,
            (call, request) => [RuleArn(call, request.EventBusName, request.Name)]
        );
        On<DeleteRuleRequest, DeleteRuleResponse>(
            "DeleteRule",
            DeleteRule,
            (call, request) => [RuleArn(call, request.EventBusName, request.Name)]
        );
        On<ListRulesRequest, ListRulesResponse>("ListRules", ListRules, (call, request) => [RuleArn(call, request.EventBusName, "*")]);
        On<PutTargetsRequest, PutTargetsResponse>(
            "PutTargets",
            PutTargets,
            (call, request) => [RuleArn(call, request.EventBusName, request.Rule)]
        );
        On<ListTargetsByRuleRequest, ListTargetsByRuleResponse>(
            "ListTargetsByRule",
            ListTargetsByRule,
            (call, request) => [RuleArn(call, request.EventBusName, request.Rule)]
        );
        On<RemoveTargetsRequest, RemoveTargetsResponse>(
            "RemoveTargets",
            RemoveTargets,
            (call, request) => [RuleArn(call, request.EventBusName, request.Rule)]
        );

        On<TestEventPatternRequest, TestEventPatternResponse>("TestEventPattern", TestEventPattern, (_, _) => ["*"]);

        // Each entry names its own bus, whose policy may let other accounts in: judged bus by bus below.
        On<PutEventsRequest, PutEventsResponse>("PutEvents", PutEvents, (_, _) => []);
    }

    private static EventTarget Read(Target target)
    {
        // What services take that are simulated by their schema has no effect, as their targets have none.
        SimulatedMembers.Only(
            target,
            "Id",
            "Arn",
            "RoleArn",
            "Input",
            "InputPath",
            "InputTransformer",
            "RetryPolicy",
            "DeadLetterConfig",
            "AppSyncParameters",
            "BatchParameters",
            "HttpParameters",
            "KinesisParameters",
            "RedshiftDataParameters",
            "RunCommandParameters",
            "SageMakerPipelineParameters",
            "SqsParameters"
        );
        return new EventTarget(target.Id, target.Arn)
        {
            RoleArn = target.RoleArn,
            Input = target.Input,
            InputPath = target.InputPath,
            InputPaths = target.InputTransformer?.InputPathsMap,
            InputTemplate = target.InputTransformer?.InputTemplate,
            DeadLetterQueue = target.DeadLetterConfig?.Arn,
        };
    }

    private static Target Write(EventTarget target) =>
        new()
        {
            Id = target.Id,
            Arn = target.Arn,
            RoleArn = target.RoleArn,
            Input = target.Input,
            InputPath = target.InputPath,
            InputTransformer = target.InputTemplate is null
                ? null
                : new InputTransformer { InputTemplate = target.InputTemplate, InputPathsMap = target.InputPaths?.ToDictionary() },
            DeadLetterConfig = target.DeadLetterQueue is null ? null : new DeadLetterConfig { Arn = target.DeadLetterQueue },
        };

    private static RuleState State(EventRule rule) => rule.Enabled ? RuleState.ENABLED : RuleState.DISABLED;

    private string BusArn(Call call, string? name) => _buses.Get(call.Account, call.Region, name).Arn;

    private string RuleArn(Call call, string? bus, string rule) =>
        new EventRule(call.Account, call.Region, _buses.Get(call.Account, call.Region, bus).Name, rule).Arn;

    private EventBus Bus(Call call, string? name) => _buses.Get(call.Account, call.Region, name);

    private CreateEventBusResponse CreateEventBus(Call call, CreateEventBusRequest request)
    {
        SimulatedMembers.Only(request, "Name", "Description", "Tags");
        return new CreateEventBusResponse { EventBusArn = _buses.Create(call.Account, call.Region, request.Name).Arn };
    }

    private DescribeEventBusResponse DescribeEventBus(Call call, DescribeEventBusRequest request)
    {
        var bus = Bus(call, request.Name);
        return new DescribeEventBusResponse
        {
            Name = bus.Name,
            Arn = bus.Arn,
            Policy = bus.Policy,
        };
    }

    private PutPermissionResponse PutPermission(Call call, PutPermissionRequest request)
    {
        var bus = Bus(call, request.EventBusName);
        if (request.Policy is { } policy)
        {
            if (request is not { Action: null, Principal: null, StatementId: null, Condition: null })
            {
                throw new ApiException(
                    "ValidationException",
                    "Policy cannot be given together with Action, Principal, StatementId or Condition."
                );
            }

            _buses.SetPolicy(bus, policy);
            return new PutPermissionResponse();
        }

        Permission.Check(request);
        var statement = new JsonObject
        {
            ["Effect"] = "Allow",
            ["Principal"] = request.Principal == "*" ? "*" : new JsonObject { ["AWS"] = $"arn:aws:iam::{request.Principal}:root" },
            ["Action"] = request.Action,
            ["Resource"] = bus.Arn,
        };
        if (request.Condition is { } condition)
        {
            statement["Condition"] = new JsonObject { [condition.Type] = new JsonObject { [condition.Key] = condition.Value } };
        }

        _buses.PutStatement(bus, request.StatementId, statement);
        return new PutPermissionResponse();
    }

    private PutRuleResponse PutRule(Call call, PutRuleRequest request)
    {
        SimulatedMembers.Only(
            request,
            "Name",
            "ScheduleExpression",
            "EventPattern",
            "State",
            "Description",
            "RoleArn",
            "Tags",
            "EventBusName"
        );
        if (request.State is { } state && state != RuleState.ENABLED && state != RuleState.DISABLED)
        {
            throw new ApiException("ValidationException", $"The rehearsal does not simulate rules of the state {state}.");
        }

        var wanted = new EventRule(call.Account, call.Region, Bus(call, request.EventBusName).Name, request.Name)
        {
            Pattern = request.EventPattern,
            Schedule = request.ScheduleExpression,
            Enabled = request.State != RuleState.DISABLED,
            Description = request.Description,
            RoleArn = request.RoleArn,
            Tags = request.Tags?.ToDictionary(tag => tag.Key, tag => tag.Value),
        };
        if (request.RoleArn is { } role)
        {
            call.World.Api.CheckPassRole(call, role, "events.amazonaws.com", sourceArn: wanted.Arn);
        }

        var rule = _rules.Put(wanted);
        return new PutRuleResponse { RuleArn = rule.Arn };
    }

    private DescribeRuleResponse DescribeRule(Call call, DescribeRuleRequest request)
    {
        var rule = _rules.Get(Bus(call, request.EventBusName), request.Name);
        return new DescribeRuleResponse
        {
            Name = rule.Name,
            Arn = rule.Arn,
            EventPattern = rule.Pattern,
            ScheduleExpression = rule.Schedule,
            State = State(rule),
            Description = rule.Description,
            RoleArn = rule.RoleArn,
            EventBusName = rule.Bus,
            CreatedBy = rule.Account,
        };
    }

    private DeleteRuleResponse DeleteRule(Call call, DeleteRuleRequest request)
    {
        _rules.Delete(Bus(call, request.EventBusName), request.Name);
        return new DeleteRuleResponse();
    }

    private ListRulesResponse ListRules(Call call, ListRulesRequest request)
    {
        SimulatedMembers.Only(request, "NamePrefix", "EventBusName", "Limit");
        return new ListRulesResponse
        {
            Rules =
            [
                .. _rules
                    .Of(Bus(call, request.EventBusName))
                    .Where(rule => rule.Name.StartsWith(request.NamePrefix ?? string.Empty, StringComparison.Ordinal))
                    .Select(rule => new Rule
                    {
                        Name = rule.Name,
                        Arn = rule.Arn,
                        EventPattern = rule.Pattern,
                        ScheduleExpression = rule.Schedule,
                        State = State(rule),
                        Description = rule.Description,
                        RoleArn = rule.RoleArn,
                        EventBusName = rule.Bus,
                    }),
            ],
        };
    }

    private PutTargetsResponse PutTargets(Call call, PutTargetsRequest request)
    {
        var targets = request.Targets.Select(Read).ToList();
        var rule = _rules.Get(Bus(call, request.EventBusName), request.Rule);
        foreach (var role in targets.Select(target => target.RoleArn).OfType<string>())
        {
            call.World.Api.CheckPassRole(call, role, "events.amazonaws.com", sourceArn: rule.Arn);
        }

        _rules.PutTargets(rule, targets);
        return new PutTargetsResponse { FailedEntryCount = 0, FailedEntries = [] };
    }

    private ListTargetsByRuleResponse ListTargetsByRule(Call call, ListTargetsByRuleRequest request) =>
        new() { Targets = [.. _rules.Get(Bus(call, request.EventBusName), request.Rule).Targets.Select(Write)] };

    private RemoveTargetsResponse RemoveTargets(Call call, RemoveTargetsRequest request)
    {
        _rules.RemoveTargets(_rules.Get(Bus(call, request.EventBusName), request.Rule), request.Ids);
        return new RemoveTargetsResponse { FailedEntryCount = 0, FailedEntries = [] };
    }

    private static TestEventPatternResponse TestEventPattern(Call call, TestEventPatternRequest request)
    {
        try
        {
            using var document = JsonDocument.Parse(request.Event);
            return new TestEventPatternResponse { Result = EventPattern.Parse(request.EventPattern).Matches(document.RootElement.Clone()) };
        }
        catch (JsonException exception)
        {
            throw new ApiException("ValidationException", $"Event is not valid. Reason: {exception.Message}");
        }
        catch (Patterns.InvalidEventPatternException exception)
        {
            throw new Amazon.EventBridge.Model.InvalidEventPatternException(
                $"Event pattern is not valid. Reason: {exception.Message}",
                exception
            );
        }
    }

    private PutEventsResponse PutEvents(Call call, PutEventsRequest request)
    {
        if (request.Entries.Count is 0 or > EntriesPerCall)
        {
            throw new ApiException(
                "ValidationException",
                "1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed to satisfy constraint: Member must "
                    + $"have length less than or equal to {EntriesPerCall}"
            );
        }

        var buses = request.Entries.Select(entry => Bus(call, entry.EventBusName)).ToList();
        foreach (var (entry, bus) in request.Entries.Zip(buses))
        {
            _buses.CheckPutEvents(call.Principal, bus, entry.Source, entry.DetailType);
        }

        var entries = request.Entries.Zip(buses, (entry, bus) => PutEvent(call, entry, bus)).ToList();
        return new PutEventsResponse { FailedEntryCount = entries.Count(entry => entry.ErrorCode is not null), Entries = entries };
    }

    private PutEventsResultEntry PutEvent(Call call, PutEventsRequestEntry entry, EventBus bus)
    {
        if (string.IsNullOrEmpty(entry.Source) || string.IsNullOrEmpty(entry.DetailType) || string.IsNullOrEmpty(entry.Detail))
        {
            return Refused("InvalidArgument", "Parameters Source, DetailType and Detail are required.");
        }

        if (entry.Source.StartsWith("aws.", StringComparison.Ordinal))
        {
            return Refused("NotAuthorizedForSourceException", $"Not authorized for the source {entry.Source}.");
        }

        // "ErrorCode: The error code that indicates why the event submission failed", beside an answer of 200
        // (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html).
        if (bus.Name == EventBus.Default && call.World.Faults.Strikes("notification-fails"))
        {
            return Refused("InternalFailure", "The request processing has failed because of an unknown error, exception or failure.");
        }

        if (Detail(entry.Detail) is not { } detail)
        {
            return Refused("MalformedDetail", "Detail is malformed.");
        }

        var time = entry.Time is { } given ? new DateTimeOffset(given.ToUniversalTime()) : call.World.Now;
        return new PutEventsResultEntry
        {
            EventId = _router.Put(bus, call.Account, entry.Source, entry.DetailType, entry.Resources ?? [], detail, time),
        };
    }

    private static PutEventsResultEntry Refused(string code, string message) => new() { ErrorCode = code, ErrorMessage = message };

    private static JsonObject? Detail(string text)
    {
        try
        {
            return DeepJson.Node(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
