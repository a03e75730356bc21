using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.CloudFormation.Model;
using Amazon.DynamoDBv2.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Spec;
using Deployer.Spec.Ions;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Cli.Rehearsals;

/// <summary>Tells what a deployment did, from what it left in the played accounts: records, stacks, deployments, histories.</summary>
internal sealed class ReportBuilder(
    AccountClients tools,
    AccountClients target,
    ServiceSpec spec,
    TargetSpec targetSpec,
    ISourceFolder source,
    string stage
)
{
    /// <summary>What a step's tasks may have done; of several the last one here is told: a group may be turned on to be removed.</summary>
    private static readonly string[] Actions = ["on", "off", "created", "updated", "replaced", "released", "injected", "removed"];

    /// <summary>The steps that something happened to since a moment, in the order in which they began.</summary>
    public IReadOnlyList<StepReport> Steps(IReadOnlyList<HistoryEvent> history, DateTimeOffset since, IReadOnlyList<TaskRecord> records)
    {
        var spans = new Dictionary<string, (DateTime First, DateTime Last)>(StringComparer.Ordinal);
        var stepOfEvent = new Dictionary<long, string>();
        foreach (var happened in history)
        {
            var step = NamedStep(happened) ?? stepOfEvent.GetValueOrDefault(happened.PreviousEventId ?? 0);
            if (step is null || happened.Timestamp is not { } at)
            {
                continue;
            }

            stepOfEvent[happened.Id ?? 0] = step;
            if (new DateTimeOffset(at.ToUniversalTime()) < since)
            {
                continue;
            }

            spans[step] = spans.TryGetValue(step, out var span) ? (span.First, at) : (at, at);
        }

        return
        [
            .. spans
                .OrderBy(span => span.Value.First)
                .ThenBy(span => span.Key)
                .Select(span => new StepReport(
                    span.Key,
                    spec.Step(span.Key)!.Kind,
                    Action(span.Key, records),
                    (span.Value.Last - span.Value.First).TotalSeconds
                )),
        ];
    }

    /// <summary>The stacks of the steps that ran.</summary>
    public async Task<IReadOnlyList<StackReport>> Stacks(IReadOnlyList<StepReport> steps)
    {
        var found = new List<StackReport>();
        foreach (var step in steps)
        {
            if (spec.Step(step.Name) is StackStep stack)
            {
                var name = stack.Stack.Evaluate(spec.Resolver(targetSpec)).Value!;
                var described = await Describe(name);
                found.Add(new StackReport(name, step.Action, described?.StackStatus?.Value ?? "NONE"));
            }
        }

        return found;
    }

    /// <summary>What runs in the compute groups of the ions steps that ran; a group that was removed runs nothing.</summary>
    public async Task<IReadOnlyList<IonsReport>> Ions(IReadOnlyList<StepReport> steps, IReadOnlyList<TaskRecord> records)
    {
        var found = new List<IonsReport>();
        foreach (var step in steps)
        {
            if (
                spec.Step(step.Name) is not IonsStep ions
                || Record(records, step.Name, PushWork.TaskName)?.Fact(PushWork.NameFact) is not { } revision
                || Record(records, step.Name, "deploy")?.Fact("group") is not { } group
                || await Describe(group) is null
            )
            {
                continue;
            }

            var config = IonApplication.Read(source, ions.Folder).Application!.Config;
            var runs = new IonGroup(target.CodeDeploy, target.AutoScaling, config.AppName, group);
            found.Add(
                new IonsReport(
                    group,
                    revision,
                    await ExecutionStatusOf($"datomic-{group}"),
                    (await runs.Deployment(revision))?.Status?.Value.ToUpperInvariant(),
                    [.. (await runs.Revisions()).Select(run => new InstanceReport(run.Key, run.Value))],
                    [.. config.Lambdas.Select(lambda => lambda.FunctionName(group))]
                )
            );
        }

        return found;
    }

    /// <summary>The functions that were given an endpoint's variables.</summary>
    public IReadOnlyList<EndpointReport> Endpoints(IReadOnlyList<StepReport> steps, IReadOnlyList<TaskRecord> records)
    {
        var found = new List<EndpointReport>();
        foreach (var step in steps)
        {
            if (
                spec.Step(step.Name) is not EndpointStep endpoint
                || Record(records, step.Name, EndpointWork.ResolveTask) is not { } resolved
                || resolved.Fact("functions") is not { } functions
            )
            {
                continue;
            }

            var injected = records
                .Where(record => record.Step == step.Name && record.Task.StartsWith("inject-", StringComparison.Ordinal))
                .SelectMany(record => record.Facts)
                .ToDictionary();
            found.AddRange(
                JsonSerializer
                    .Deserialize<string[]>(functions)!
                    .Select(function => new EndpointReport(
                        function,
                        [.. endpoint.Variables.Keys.Order(StringComparer.Ordinal)],
                        resolved.Fact("dns")!,
                        injected.GetValueOrDefault(function) ?? "none"
                    ))
            );
        }

        return found;
    }

    /// <summary>The records of a deployment's tasks.</summary>
    public async Task<IReadOnlyList<TaskRecord>> Records(string deployment)
    {
        var items = await tools.DynamoDB.QueryAsync(
            new QueryRequest
            {
                TableName = $"deployer-{stage}",
                KeyConditionExpression = "pk = :pk AND begins_with(sk, :sk)",
                ExpressionAttributeValues = new() { [":pk"] = new($"DEPLOYMENT#{deployment}"), [":sk"] = new("STEP#") },
            }
        );
        return [.. (items.Items ?? []).Select(item => JsonSerializer.Deserialize<TaskRecord>(item["document"].S, Documents)!)];
    }

    /// <summary>How many locks are held and how many tokens are kept.</summary>
    public async Task<(int Locks, int Waits)> Leftovers()
    {
        var (locks, waits) = (0, 0);
        Dictionary<string, AttributeValue>? start = null;
        do
        {
            var page = await tools.DynamoDB.ScanAsync(new ScanRequest { TableName = $"deployer-{stage}", ExclusiveStartKey = start });
            foreach (var item in page.Items ?? [])
            {
                waits += item["pk"].S.StartsWith("WAIT#", StringComparison.Ordinal) ? 1 : 0;
                locks += item["sk"].S == "LOCK" && JsonNode.Parse(item["document"].S)!["owner"] is not null ? 1 : 0;
            }

            start = page.LastEvaluatedKey is { Count: > 0 } next ? next : null;
        } while (start is not null);
        return (locks, waits);
    }

    /// <summary>The record of a deployment, or <see langword="null"/> when it never got one.</summary>
    public async Task<DeploymentRecord?> Deployment(string deployment)
    {
        var item = await tools.DynamoDB.GetItemAsync(
            $"deployer-{stage}",
            new() { ["pk"] = new($"DEPLOYMENT#{deployment}"), ["sk"] = new("RECORD") }
        );
        return item.Item is { Count: > 0 } found ? JsonSerializer.Deserialize<DeploymentRecord>(found["document"].S, Documents) : null;
    }

    /// <summary>An execution's whole history.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> History(string execution)
    {
        var events = new List<HistoryEvent>();
        string? next = null;
        do
        {
            var page = await tools.StepFunctions.GetExecutionHistoryAsync(
                new GetExecutionHistoryRequest
                {
                    ExecutionArn = execution,
                    MaxResults = 1000,
                    NextToken = next,
                }
            );
            events.AddRange(page.Events ?? []);
            next = page.NextToken;
        } while (next is not null);
        return events;
    }

    private static JsonSerializerOptions Documents { get; } =
        new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    private static TaskRecord? Record(IReadOnlyList<TaskRecord> records, string step, string task) =>
        records.FirstOrDefault(record => record.Step == step && record.Task == task);

    /// <summary>What a step did once all that it began is done: the most telling of its tasks' actions.</summary>
    private static string Action(string step, IReadOnlyList<TaskRecord> records)
    {
        var own = records.Where(record => record.Step == step).ToList();
        if (own.Exists(record => record.State != TaskState.Succeeded))
        {
            return "none";
        }

        var did = own.Select(record => Array.IndexOf(Actions, record.Action)).DefaultIfEmpty(-1).Max();
        return did < 0 ? "none" : Actions[did];
    }

    /// <summary>The step that an event names: in the input of an entered state, or in what a task hands its function (a redriven task is not entered anew).</summary>
    private static string? NamedStep(HistoryEvent happened)
    {
        var document =
            happened.StateEnteredEventDetails?.Input is { } input ? JsonNode.Parse(input)
            : happened.TaskScheduledEventDetails?.Parameters is { } parameters ? JsonNode.Parse(parameters)?["Payload"]
            : null;
        return document is JsonObject named && named["step"] is JsonValue step ? step.GetValue<string>() : null;
    }

    private async Task<Stack?> Describe(string name)
    {
        try
        {
            return (
                await target.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })
            ).Stacks?.SingleOrDefault();
        }
        catch (Amazon.CloudFormation.AmazonCloudFormationException)
        {
            return null;
        }
    }

    private async Task<string?> ExecutionStatusOf(string machine)
    {
        var executions = await target.StepFunctions.ListExecutionsAsync(
            new ListExecutionsRequest
            {
                StateMachineArn = $"arn:aws:states:{targetSpec.Region}:{targetSpec.Account}:stateMachine:{machine}",
            }
        );
        return executions.Executions?.MaxBy(execution => execution.StartDate)?.Status?.Value;
    }
}
