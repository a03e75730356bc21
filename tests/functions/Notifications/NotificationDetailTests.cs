using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec;

namespace Deployer.Functions.Tests.Notifications;

public sealed class NotificationDetailTests
{
    private static readonly Settings Settings = new("prod", "table", "bucket", string.Empty, string.Empty, new HashSet<string>())
    {
        Region = "us-east-1",
    };

    private static Notification Whole(string filler, int times) =>
        new()
        {
            Kind = NotificationKind.Failed,
            Subject = "inventory-prod-1",
            Service = "inventory",
            Target = "prod",
            Account = "333333333333",
            Region = "us-east-1",
            Execution = new ExecutionArn(Desk.Arn("inventory-prod-1")),
            Number = 7,
            By = "jane",
            Pipeline = new PipelineExecution("inventory", "0b1c"),
            Revision = "0123abcd",
            Verdict = NotificationVerdict.Failed,
            Error = "StackFailedException",
            Cause = string.Concat(Enumerable.Repeat(filler, times)),
            Plan = new NotifiedPlan("plan-1", "d1e2", "joe") { NeedsApproval = [.. Enumerable.Repeat($"group: {filler}", times)] },
            Runs = [.. Enumerable.Range(0, times).Select(number => new RunningStep($"step{number}", filler, "inventory-prod-0"))],
            Changes = [.. Enumerable.Repeat(filler, times)],
            Events = [.. Enumerable.Repeat(new OutsideChange("stack", "UPDATE_COMPLETE", "Console-1", DateTimeOffset.UnixEpoch), times)],
            Next = new NextAction("Continue:", "deployer redrive ARN"),
        };

    [Fact]
    public void The_text_has_what_is_read_first_first_and_commands_and_links_on_lines_of_their_own()
    {
        var detail = NotificationDetail.From(
            Whole("Table orders failed; it exists already", 1) with
            {
                Plan = new NotifiedPlan("plan-1", "d1e2", "joe"),
                Changes = [],
                Events = [],
                Runs = [new RunningStep("ions", "abc", "inventory-prod-0")],
            },
            Settings
        );

        detail.Title.ShouldBe("inventory to prod: failed: StackFailedException");
        detail.Text.ShouldBe(
            """
            inventory to prod: failed

            Cause
              StackFailedException
              Table orders failed; it exists already

            Next
              Continue:

              deployer redrive ARN

            What runs now
              ions: abc (deployment inventory-prod-0)

            By: jane
            Pipeline: inventory
            Revision: 0123abcd
            Account: 333333333333, us-east-1
            Stage: prod
            Deployment: inventory-prod-1
            Number: 7
            Plan: plan-1
            Digest: d1e2
            Approved by: joe
            Execution: https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/EXECUTION
            Pipeline's execution: PIPELINE
            """.Replace("\r\n", "\n", StringComparison.Ordinal).Replace(
                "EXECUTION",
                Desk.Arn("inventory-prod-1"),
                StringComparison.Ordinal
            ).Replace(
                "PIPELINE",
                "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/inventory/executions/0b1c/visualization"
                    + "?region=us-east-1",
                StringComparison.Ordinal
            )
        );
    }

    /// <summary>Characters that JSON writes as six bytes each.</summary>
    [Fact]
    public void The_largest_is_far_below_what_an_event_holds()
    {
        var detail = NotificationDetail.From(Whole("ü€<", 3_000), Settings);
        var text = JsonSerializer.Serialize(detail, NotificationDetailDocuments.Default.NotificationDetail);

        Encoding.UTF8.GetByteCount(text).ShouldBeLessThan(150_000);
        detail.Cause!.Length.ShouldBe(Notification.MostOfCause);
        detail.Changes[^1].ShouldBe("and 2970 more");
        detail.Title.All(character => character is >= ' ' and <= '~').ShouldBeTrue();
    }

    [Fact]
    public void A_long_name_leaves_a_subject_that_SNS_takes() =>
        NotificationDetail.From(Whole("x", 1) with { Service = new string('é', 200) }, Settings).Title.Length.ShouldBeLessThan(100);

    /// <summary>The document that is published says what is sent: each member, its type, each kind and each verdict.</summary>
    [Fact]
    public void Every_member_every_kind_and_every_verdict_is_described()
    {
        var schema = JsonNode.Parse(Repository.Text("docs/notification.schema.json"))!;
        var detail = JsonNode.Parse(
            JsonSerializer.Serialize(
                NotificationDetail.From(Whole("x", 1), Settings),
                NotificationDetailDocuments.Default.NotificationDetail
            )
        )!;

        schema["properties"]!["kind"]!["enum"]!.AsArray().Select(kind => (string?)kind).ShouldBe(NotificationKinds.Names);
        schema["properties"]!["verdict"]!["enum"]!
            .AsArray()
            .Select(verdict => (string?)verdict)
            .ShouldBe(Enum.GetValues<NotificationVerdict>().Select(verdict => verdict.Text()));
        Undescribed(detail.AsObject(), schema.AsObject(), string.Empty).ShouldBeEmpty();
        schema["required"]!.AsArray().Select(name => (string)name!).Where(name => !detail.AsObject().ContainsKey(name)).ShouldBeEmpty();
        schema["properties"]!
            .AsObject()
            .Select(member => member.Key)
            .Except(detail.AsObject().Select(member => member.Key))
            .ShouldBeEmpty();
    }

    /// <summary>
    /// Whoever reads version 1 reads what is listed here: another name, another type or a lack of one of them is another version. What is
    /// new is added to the list, and stays from then on.
    /// </summary>
    [Fact]
    public void The_members_of_version_1_stay()
    {
        NotificationDetail.CurrentVersion.ShouldBe("1");
        var schema = JsonNode.Parse(Repository.Text("docs/notification.schema.json"))!.AsObject();

        Members(schema, string.Empty)
            .ShouldBe(
                [
                    "version: 1",
                    "id: string",
                    "kind: started, waitingForApproval, succeeded, nothingToDo, failed, superseded, drifted, stackChanged, instanceRemoved",
                    "stage: string",
                    "service: string",
                    "target: string",
                    "account: string",
                    "region: string",
                    "title: string",
                    "text: string",
                    "verdict: running, waiting-for-approval, succeeded, nothing-to-do, failed, stopped, superseded, drifted, changed, "
                        + "removed",
                    "error: string",
                    "cause: string",
                    "deployment: string",
                    "execution: string",
                    "link: string",
                    "number: integer",
                    "redrives: integer",
                    "by: string",
                    "pipeline: object",
                    "pipeline.name: string",
                    "pipeline.execution: string",
                    "pipelineLink: string",
                    "revision: string",
                    "plan: object",
                    "plan.id: string",
                    "plan.digest: string",
                    "plan.approvedBy: string",
                    "plan.needsApproval: array of string",
                    "runs: array of object",
                    "runs.step: string",
                    "runs.resource: string",
                    "runs.deployment: string",
                    "changes: array of string",
                    "events: array of object",
                    "events.resource: string",
                    "events.what: string",
                    "events.operation: string",
                    "events.at: string",
                    "next: object",
                    "next.reason: string",
                    "next.command: string",
                ],
                ignoreOrder: true
            );
        schema["required"]!
            .AsArray()
            .Select(name => (string?)name)
            .ShouldBe(
                ["version", "id", "kind", "stage", "service", "target", "title", "text", "verdict", "redrives", "runs", "changes"],
                ignoreOrder: true
            );
    }

    /// <summary>The members that a schema describes, each with its type or its values.</summary>
    private static IEnumerable<string> Members(JsonObject schema, string path)
    {
        foreach (var (name, value) in schema["properties"]!.AsObject())
        {
            var member = value!.AsObject();
            yield return $"{path}{name}: "
                + (
                    member["const"] is { } only ? (string?)only
                    : member["enum"] is JsonArray values ? string.Join(", ", values.Select(one => (string?)one))
                    : Type(member)
                );
            var of = member["items"]?.AsObject() ?? member;
            foreach (var inner in of.ContainsKey("properties") ? Members(of, $"{path}{name}.") : [])
            {
                yield return inner;
            }
        }
    }

    /// <summary>The type that a schema names; that of a list with that of its items.</summary>
    private static string? Type(JsonObject schema) =>
        (string?)schema["type"] is "array" ? $"array of {schema["items"]!["type"]}" : (string?)schema["type"];

    private static string Type(JsonNode? value) =>
        value switch
        {
            JsonObject => "object",
            JsonArray list => $"array of {list.Select(Type).Distinct().Single()}",
            not null when value.GetValueKind() == JsonValueKind.String => "string",
            not null when value.GetValueKind() == JsonValueKind.Number => "integer",
            _ => "something else",
        };

    private static IEnumerable<string> Undescribed(JsonObject document, JsonObject schema, string path)
    {
        foreach (var (name, value) in document)
        {
            if (schema["properties"]?[name] is not JsonObject described)
            {
                yield return $"{path}{name}";
                continue;
            }

            if (Type(described) is { } type && type != Type(value))
            {
                yield return $"{path}{name}: {type} expected, {Type(value)} found";
                continue;
            }

            var item = value is JsonArray list ? list.FirstOrDefault() : value;
            if (item is JsonObject inner)
            {
                var of = value is JsonArray ? described["items"]!.AsObject() : described;
                foreach (var missing in Undescribed(inner, of, $"{path}{name}."))
                {
                    yield return missing;
                }
            }
        }
    }
}
