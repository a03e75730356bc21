using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Amazon.EventBridge.Model;
using Amazon.Runtime;
using Amazon.StepFunctions;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec;
using NSubstitute;

namespace Deployer.Functions.Tests.Notifications;

public sealed class NotifierTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private static Notification Failed(int occurrence = 0) =>
        new()
        {
            Kind = NotificationKind.Failed,
            Subject = "one",
            Occurrence = occurrence,
            Service = "inventory",
            Target = "dev",
            Verdict = NotificationVerdict.Failed,
            Execution = new ExecutionArn(Desk.Arn("one")),
        };

    [Fact]
    public async Task One_event_of_our_own_source_is_put_on_the_default_bus()
    {
        await _desk.Notifier.Send(Failed(), wanted: null);

        var entry = _desk.Events.ShouldHaveSingleItem();
        (entry.Source, entry.DetailType, entry.EventBusName).ShouldBe(("deployer", "Deployer Notification", null));
        entry.Resources.ShouldBe([Desk.Arn("one")]);
        var detail = JsonNode.Parse(entry.Detail)!;
        ((string?)detail["version"], (string?)detail["id"], (string?)detail["kind"]).ShouldBe(("1", "one/failed/0", "failed"));
    }

    [Fact]
    public async Task The_same_is_sent_once_and_another_failure_after_a_redrive_again()
    {
        for (var time = 0; time < 3; time++)
        {
            await _desk.Notifier.Send(Failed(), wanted: null);
        }

        await _desk.Notifier.Send(Failed(occurrence: 1), wanted: null);
        await _desk.Notifier.SendNoted("one");
        await _desk.Notifier.Sweep(Now);
        await _desk.Notifier.Send(Failed(), wanted: null);
        await _desk.Notifier.Sweep(Now + TimeSpan.FromMinutes(5));

        _desk.Events.Count.ShouldBe(2);
        (await _desk.Ledger.Query(NotedNotification.All)).ShouldBeEmpty();
        (await _desk.Ledger.Query(SentNotification.About("one"))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_the_target_does_not_want_to_hear_of_is_neither_noted_nor_sent()
    {
        await _desk.Notifier.Send(Failed(), [NotificationKind.Succeeded]);
        await _desk.Notifier.Send(Failed() with { Kind = NotificationKind.Started }, wanted: null);
        await _desk.Notifier.Send(Failed() with { Kind = NotificationKind.NothingToDo }, wanted: null);

        _desk.Events.ShouldBeEmpty();
        (await _desk.Ledger.Query(NotedNotification.All)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_noted_before_its_sender_died_is_sent_by_the_second_sweep_that_sees_it()
    {
        await _desk.Notifier.Note(Failed(), wanted: null);

        (await _desk.Notifier.Sweep(Now)).ShouldBeEmpty();
        _desk.Events.ShouldBeEmpty();
        (await _desk.Notifier.Sweep(Now + TimeSpan.FromMinutes(5))).ShouldBeEmpty();
        _desk.Events.ShouldHaveSingleItem();
        (await _desk.Ledger.Query(NotedNotification.All)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_request_is_no_failure_of_who_tells_and_the_next_sweep_tries_again()
    {
        _desk.PutEvents = _ =>
            throw new AmazonServiceException("no", ErrorType.Sender, "AccessDenied", "id", System.Net.HttpStatusCode.Forbidden);
        await _desk.Notifier.Send(Failed(), wanted: null);

        (await _desk.Ledger.Query(NotedNotification.All)).ShouldHaveSingleItem().Problem.ShouldNotBeNull().ShouldContain("AccessDenied");
        (await _desk.Notifier.Sweep(Now)).ShouldHaveSingleItem().ShouldStartWith("notification one/failed/0 could not be sent: Aws");

        _desk.PutEvents = _ => new PutEventsResponse { Entries = [new PutEventsResultEntry { EventId = "event" }] };
        (await _desk.Notifier.Sweep(Now)).ShouldBeEmpty();
        (await _desk.Ledger.Query(SentNotification.About("one"))).ShouldHaveSingleItem().EventId.ShouldBe("event");
    }

    [Fact]
    public async Task An_answer_that_took_none_of_the_entries_is_a_failure()
    {
        _desk.PutEvents = _ => new PutEventsResponse
        {
            FailedEntryCount = 1,
            Entries = [new PutEventsResultEntry { ErrorCode = "ThrottlingException", ErrorMessage = "too many" }],
        };
        await _desk.Notifier.Send(Failed(), wanted: null);

        (await _desk.Ledger.Query(NotedNotification.All)).ShouldHaveSingleItem().Problem.ShouldBe("ThrottlingException: too many");
        (await _desk.Ledger.Query(SentNotification.About("one"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deployment_that_failed_is_noted_when_it_is_settled_by_whomever_and_sent_by_who_hears_of_its_end()
    {
        var one = await _desk.Deployment("one");
        await _desk.Ledger.Put(DeploymentRecord.Key(new("one")), one with { Error = "StackFailedException", Cause = "Table failed" });
        await _desk.Ledger.Put(
            ReleasedStep.Key("inventory", "dev", "group"),
            new ReleasedStep
            {
                Step = "group",
                Deployment = new("zero"),
                Inputs = "digest",
                Resource = "stack-1",
            }
        );
        _desk.Close("one", ExecutionStatus.FAILED);
        await _desk.Settling.Settle(one.Execution);
        _desk.Events.ShouldBeEmpty();

        await _desk.Notifier.SendNoted("one");

        var detail = JsonNode.Parse(_desk.Events.ShouldHaveSingleItem().Detail)!;
        ((string?)detail["kind"], (string?)detail["error"], (string?)detail["cause"]).ShouldBe(
            ("failed", "StackFailedException", "Table failed")
        );
        ((string?)detail["runs"]![0]!["step"], (string?)detail["runs"]![0]!["resource"]).ShouldBe(("group", "stack-1"));
        ((string?)detail["next"]!["command"]).ShouldBe($"deployer redrive {Desk.Arn("one")}");
        ((string?)detail["link"]).ShouldBe(one.Execution.ConsoleLink);
    }

    /// <summary>Who is asked to approve, or hears of drift or of another's change, has to know it too.</summary>
    [Fact]
    public async Task What_runs_now_is_said_of_every_kind()
    {
        await _desk.Ledger.Put(
            ReleasedStep.Key("inventory", "dev", "group"),
            new ReleasedStep
            {
                Step = "group",
                Deployment = new("zero"),
                Inputs = "digest",
                Resource = "stack-1",
            }
        );
        var kinds = Enum.GetValues<NotificationKind>();
        foreach (var kind in kinds)
        {
            await _desk.Notifier.Send(Failed() with { Kind = kind }, kinds);
        }

        var told = _desk.Events.Select(entry => JsonNode.Parse(entry.Detail)!).ToList();
        told.Select(detail => (string?)detail["kind"]).ShouldBe(NotificationKinds.Names);
        told.ShouldAllBe(detail => (string?)detail["runs"]!.AsArray().Single()!["resource"] == "stack-1");
        told.ShouldAllBe(detail => ((string?)detail["text"])!.Contains("What runs now\n  group: stack-1 (deployment zero)\n"));
    }

    [Theory]
    [InlineData("SupersededException", "superseded", "superseded")]
    [InlineData("ABORTED", "failed", "stopped")]
    public async Task A_deployment_that_was_superseded_or_stopped_says_so(string error, string kind, string verdict)
    {
        var one = await _desk.Deployment("one");
        await _desk.Ledger.Put(DeploymentRecord.Key(new("one")), one with { Error = error, Cause = "why" });
        _desk.Close("one", ExecutionStatus.FAILED);
        await _desk.Settling.Settle(one.Execution);
        await _desk.Notifier.SendNoted("one");

        var detail = JsonNode.Parse(_desk.Events.ShouldHaveSingleItem().Detail)!;
        ((string?)detail["kind"], (string?)detail["verdict"]).ShouldBe((kind, verdict));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""", "steps": "api", "revision": 12""")]
    public async Task An_execution_that_never_got_a_record_is_told_of_by_what_can_be_read_of_its_input(string unreadable)
    {
        _desk.Close("one", ExecutionStatus.FAILED);
        _desk.Inputs[Desk.Arn("one")] = $$"""{"service":"inventory","target":"prod","by":"jane"{{unreadable}}}""";
        await _desk.Settling.Settle(new ExecutionArn(Desk.Arn("one")));
        await _desk.Notifier.SendNoted("one");

        var detail = JsonNode.Parse(_desk.Events.ShouldHaveSingleItem().Detail)!;
        ((string?)detail["service"], (string?)detail["target"], (string?)detail["by"]).ShouldBe(("inventory", "prod", "jane"));
    }

    /// <summary>
    /// The table takes no key that long: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    /// </summary>
    [Fact]
    public async Task What_was_refused_and_names_what_cannot_be_a_service_is_told_of_without_a_look_at_what_runs()
    {
        var aws = Substitute.For<IAws>();
        aws.DynamoDB.GetItemAsync(default, default, default, default).ReturnsForAnyArgs(new GetItemResponse());
        var notifier = new Notifier(aws, _desk.Settings, new LedgerTable(aws, _desk.Settings));

        var noted = await notifier.Note(Failed() with { Service = new string('x', 3_000) }, wanted: null);

        noted.ShouldNotBeNull().Notification.Runs.ShouldBeEmpty();
        await aws.DynamoDB.DidNotReceiveWithAnyArgs().QueryAsync(default!, default);
    }
}
