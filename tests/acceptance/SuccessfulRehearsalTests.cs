using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>The example rehearsed, rehearsed again, and rehearsed elsewhere.</summary>
public sealed class SuccessfulRehearsal : IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();

    public CommandResult First { get; private set; } = null!;

    public string HistoryDocument { get; private set; } = string.Empty;

    public string ReleasesDocument { get; private set; } = string.Empty;

    public CommandResult Again { get; private set; } = null!;

    public CommandResult SameSeed { get; private set; } = null!;

    public CommandResult OtherSeed { get; private set; } = null!;

    public IReadOnlyList<HistoryEvent> History { get; private set; } = [];

    public IReadOnlyList<string> Secrets { get; private set; } = [];

    public IReadOnlyList<string> Log { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        First = await CommandLine.Rehearse("--state", _state.Path);
        await using (var accounts = await SimulatedAccounts.Open(_state.Path))
        {
            History = await accounts.History(First.Report.Deployment!);
            Secrets = await accounts.Secrets();
            Log = await accounts.FunctionLog();
        }

        HistoryDocument = await CommandLine.Document("history", CommandLine.Inventory, "--target", "dev", "--rehearsed", _state.Path);
        ReleasesDocument = await CommandLine.Document("releases", CommandLine.Inventory, "--rehearsed", _state.Path);
        Again = await CommandLine.Rehearse("--state", _state.Path);
        SameSeed = await CommandLine.Rehearse();
        OtherSeed = await CommandLine.Rehearse("--seed", "2");
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SuccessfulRehearsalTests(SuccessfulRehearsal rehearsal) : IClassFixture<SuccessfulRehearsal>
{
    private static readonly Regex Commit = new("^[0-9a-f]{40}$");
    private static readonly Regex Instance = new("^i-[0-9a-f]{17}$");

    [Fact]
    public void It_succeeds()
    {
        rehearsal.First.ExitCode.ShouldBe(0);
        var report = rehearsal.First.Report;
        report.Verdict.ShouldBe(Verdict.Succeeded);
        report.Error.ShouldBeNull();
        report.Cause.ShouldBeNull();
        report.Service.ShouldBe("inventory");
        report.Target.ShouldBe("dev");
        report.Revision.ShouldNotBeNull().ShouldMatch(Commit.ToString());
        report
            .Deployment.ShouldNotBeNull()
            .ShouldStartWith("arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:inventory-dev-");
        report.Host.ShouldBe("in-process");
        report.LambdaInvocations.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void The_document_has_the_fields_of_the_contract_and_no_other()
    {
        var document = JsonNode.Parse(rehearsal.First.Json)!;
        Fields(document)
            .ShouldBe([
                "verdict",
                "error",
                "cause",
                "service",
                "target",
                "revision",
                "deployment",
                "notifications",
                "host",
                "pipeline",
                "steps",
                "stacks",
                "ions",
                "endpoints",
                "executions",
                "calls",
                "transitions",
                "lambdaInvocations",
                "clock",
                "locksHeld",
                "waitsOpen",
            ]);
        Fields(document["notifications"]![0]!).ShouldBe(["kind", "id", "sent"]);
        Fields(document["pipeline"]!).ShouldBe(["job", "jobId", "summary", "variables"]);
        Fields(document["steps"]![0]!).ShouldBe(["name", "kind", "action", "virtualSeconds"]);
        Fields(document["stacks"]![0]!).ShouldBe(["name", "action", "status"]);
        Fields(document["ions"]![0]!).ShouldBe(["group", "revision", "deployStatus", "codeDeployStatus", "instances", "lambdas"]);
        Fields(document["ions"]![0]!["instances"]![0]!).ShouldBe(["id", "revision"]);
        Fields(document["endpoints"]![0]!).ShouldBe(["function", "variables", "dns", "action"]);
        Fields(document["executions"]![0]!).ShouldBe(["arn", "machine", "status", "transitions", "redrives"]);
        Fields(document["calls"]![0]!).ShouldBe(["account", "role", "service", "operation", "count"]);
        Fields(document["clock"]!).ShouldBe(["virtualSeconds", "wallSeconds"]);
    }

    [Fact]
    public void The_document_is_the_approved_one_as_a_whole() =>
        rehearsal.First.Json.ShouldBeApproved("tests/acceptance/Approved/succeeded.json");

    [Fact]
    public void The_documents_of_its_history_and_of_what_is_released_are_the_approved_ones()
    {
        rehearsal.HistoryDocument.ShouldBeApproved("tests/acceptance/Approved/history.json");
        rehearsal.ReleasesDocument.ShouldBeApproved("tests/acceptance/Approved/releases.json");
    }

    [Fact]
    public void Every_step_did_its_work()
    {
        rehearsal
            .First.Report.Steps.ToDictionary(step => step.Name, step => (step.Kind, step.Action))
            .ShouldBe(
                new Dictionary<string, (string, StepAction)>
                {
                    ["group"] = ("stack", StepAction.Updated),
                    ["ions"] = ("ions", StepAction.Released),
                    ["network"] = ("stack", StepAction.Created),
                    ["api"] = ("stack", StepAction.Created),
                    ["endpoint"] = ("endpoint", StepAction.Injected),
                },
                ignoreOrder: true
            );
        rehearsal.First.Report.Steps.ShouldAllBe(step => step.VirtualSeconds > 0);
        rehearsal
            .First.Report.Stacks.Select(stack => (stack.Name, stack.Action, stack.Status))
            .ShouldBe([
                ("inventory-dev", StepAction.Updated, "UPDATE_COMPLETE"),
                ("inventory-dev-network", StepAction.Created, "CREATE_COMPLETE"),
                ("inventory-dev-api", StepAction.Created, "CREATE_COMPLETE"),
            ]);
    }

    [Fact]
    public void The_revision_is_live_on_every_instance()
    {
        var ions = rehearsal.First.Report.Ions.ShouldHaveSingleItem();
        ions.Group.ShouldBe("inventory-dev");
        ions.Revision.ShouldBe(rehearsal.First.Report.Revision);
        ions.DeployStatus.ShouldBe("SUCCEEDED");
        ions.CodeDeployStatus.ShouldBe("SUCCEEDED");
        ions.Instances.Count.ShouldBe(2);
        ions.Instances.ShouldAllBe(instance => Instance.IsMatch(instance.Id) && instance.Revision == ions.Revision);
        ions.Lambdas.ShouldBe(["inventory-dev-get-item", "inventory-dev-add-item"]);
    }

    [Fact]
    public void The_consumers_have_the_endpoint()
    {
        var endpoints = rehearsal.First.Report.Endpoints;
        endpoints.Select(endpoint => endpoint.Function).ShouldBe(["inventory-consumer-dev-orders", "inventory-consumer-dev-reports"]);
        endpoints.ShouldAllBe(endpoint =>
            endpoint.Action == StepAction.Injected
            && endpoint.Dns.StartsWith("vpce-")
            && endpoint.Dns.EndsWith(".us-east-1.vpce.amazonaws.com")
        );
        foreach (var endpoint in endpoints)
        {
            endpoint.Variables.ShouldBe(["DATOMIC_ENDPOINT", "DATOMIC_SYSTEM_NAME"]);
        }
    }

    [Fact]
    public void The_executions_are_those_of_the_deployer_and_of_Datomic()
    {
        rehearsal
            .First.Report.Executions.Select(execution => (execution.Machine, execution.Status, execution.Redrives))
            .ShouldBe([("deployer-dev-deploy", "SUCCEEDED", 0), ("datomic-inventory-dev", "SUCCEEDED", 0)]);
        rehearsal.First.Report.Executions[0].Arn.ShouldBe(rehearsal.First.Report.Deployment);
        rehearsal.First.Report.Transitions.ShouldBe(rehearsal.First.Report.Executions[0].Transitions);
        rehearsal.First.Report.Transitions.ShouldBeInRange(20, 100);
    }

    [Fact]
    public void Calls_are_counted_for_each_role()
    {
        rehearsal.First.Report.Calls.ShouldAllBe(call =>
            call.Count > 0 && call.Account.Length == 12 && call.Role.Length > 0 && call.Service.Length > 0 && call.Operation.Length > 0
        );
        rehearsal.First.Count("StartBuild").ShouldBe(2);
        rehearsal.First.Count("ExecuteChangeSet", "deployer-dev-target").ShouldBe(3);
        rehearsal.First.Count("CreateDeployment").ShouldBe(1);
        rehearsal.First.Count("UpdateFunctionConfiguration", "deployer-dev-target").ShouldBe(2);
    }

    [Fact]
    public void The_end_is_reported_to_the_pipeline_once()
    {
        rehearsal.First.ShouldReportToThePipelineOnce("succeeded");
        rehearsal.First.Report.Pipeline!.Variables.ShouldBe(
            new Dictionary<string, string>
            {
                ["Deployment"] = rehearsal.First.Report.Deployment!.Split(':')[^1],
                ["Outcome"] = "succeeded",
            },
            ignoreOrder: true
        );
    }

    [Fact]
    public void It_takes_at_least_twenty_simulated_minutes() =>
        rehearsal.First.Report.Clock.VirtualSeconds.ShouldBeGreaterThanOrEqualTo(20 * 60);

    [Fact]
    public void One_wait_outlives_two_heartbeats()
    {
        var waits = new List<int>();
        var heartbeats = 0;
        foreach (var happened in rehearsal.History.Where(happened => happened.IsOf("UpdateStack", rehearsal.History)))
        {
            // AWS records an expired heartbeat under the general name, and the state's timeout is longer than its heartbeat.
            heartbeats += happened.TaskTimedOutEventDetails?.Error == "States.Timeout" ? 1 : 0;
            if (happened.Type == HistoryEventType.TaskStateExited)
            {
                waits.Add(heartbeats);
                heartbeats = 0;
            }
        }

        waits.Max().ShouldBeGreaterThanOrEqualTo(2);
    }

    [Theory]
    [InlineData("PushIons")]
    [InlineData("UpdateStack")]
    public void An_event_ends_a_wait_before_its_heartbeat(string state) => rehearsal.History.EndsByAnEvent(state).ShouldBeTrue();

    [Fact]
    public void Nothing_is_left_behind()
    {
        rehearsal.First.ShouldLeaveNothingBehind();
        rehearsal.Again.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void Every_line_of_the_functions_is_JSON_with_its_request_and_deployment_and_holds_nothing_secret()
    {
        var lines = rehearsal.Log.Select(line => JsonNode.Parse(line)!.AsObject()).Where(line => !line.ContainsKey("_aws")).ToList();
        var written = lines.Where(line => line.ContainsKey("function")).ToList();
        var deployment = rehearsal.First.Report.Deployment!.Split(':')[^1];

        written.Count.ShouldBeGreaterThan(20);
        written.ShouldAllBe(line => line.ContainsKey("requestId") && line.ContainsKey("account") && line.ContainsKey("message"));
        written
            .Where(line => line.ContainsKey("step"))
            .ShouldAllBe(line => (string?)line["deployment"] == deployment && (string?)line["account"] == "111111111111");
        written.ShouldAllBe(line => (string?)line["deployment"] == deployment);
        foreach (var function in new[] { "Begin", "Plan", "UpdateStack", "Resume", "Prove", "Finish", "Settle" })
        {
            written.ShouldContain(line => (string?)line["function"] == $"deployer-dev-{function}", function);
        }

        written.Where(line => (string?)line["level"] == "ERROR").ShouldBeEmpty();

        // The runtime itself writes what a handler throws, with the request alone, of which the function has a line.
        lines.Except(written).ShouldAllBe(line => written.Any(other => (string?)other["requestId"] == (string?)line["requestId"]));
        rehearsal.Log.ShouldAllBe(line => !rehearsal.Secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)));
        var counted = rehearsal.Log.Where(line => line.Contains("DeploymentsSucceeded", StringComparison.Ordinal)).ShouldHaveSingleItem();
        ((int)JsonNode.Parse(counted)!["DeploymentsSucceeded"]!).ShouldBe(1);
    }

    [Fact]
    public void Nothing_secret_is_reported() => rehearsal.First.ShouldHoldNone(rehearsal.Secrets);

    [Fact]
    public void Again_there_is_nothing_to_do()
    {
        rehearsal.Again.ExitCode.ShouldBe(0);
        rehearsal.Again.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        rehearsal.Again.Report.Transitions.ShouldBeInRange(1, 15);
        rehearsal.Again.Report.Revision.ShouldBe(rehearsal.First.Report.Revision);
        rehearsal.Again.Report.Steps.ShouldBeEmpty();
        rehearsal.Again.Report.Executions.ShouldHaveSingleItem().Arn.ShouldNotBe(rehearsal.First.Report.Deployment);
        rehearsal.Again.ShouldChangeNothing();
        rehearsal.Again.ShouldReportToThePipelineOnce("succeeded");
        rehearsal.Again.Report.Pipeline!.Variables["Outcome"].ShouldBe("nothing-to-do");
    }

    [Fact]
    public void Again_each_step_has_no_changes_and_what_it_made_runs()
    {
        string[] steps = ["group", "ions", "network", "api", "endpoint"];
        foreach (var step in steps)
        {
            rehearsal.Again.Terminal.ShouldContain($"\n  ✓ {step, -8}  no changes\n");
        }

        rehearsal
            .Again.Report.Stacks.Select(stack => (stack.Name, stack.Action, stack.Status))
            .ShouldBe([
                ("inventory-dev", StepAction.None, "UPDATE_COMPLETE"),
                ("inventory-dev-network", StepAction.None, "CREATE_COMPLETE"),
                ("inventory-dev-api", StepAction.None, "CREATE_COMPLETE"),
            ]);
        var ions = rehearsal.Again.Report.Ions.ShouldHaveSingleItem();
        ions.Group.ShouldBe("inventory-dev");
        ions.Instances.ShouldAllBe(instance => instance.Revision == rehearsal.First.Report.Revision);
        rehearsal.Again.Terminal.ShouldContain($"\n  group inventory-dev: revision {rehearsal.First.Report.Revision} on ");
    }

    [Fact]
    public void The_same_seed_gives_the_same_document() => rehearsal.SameSeed.RepeatableJson().ShouldBe(rehearsal.First.RepeatableJson());

    [Fact]
    public void Another_seed_gives_another_document_of_the_same_outcome()
    {
        rehearsal.OtherSeed.ExitCode.ShouldBe(0);
        rehearsal.OtherSeed.RepeatableJson().ShouldNotBe(rehearsal.First.RepeatableJson());
        rehearsal.OtherSeed.Report.Deployment.ShouldNotBe(rehearsal.First.Report.Deployment);
        rehearsal.OtherSeed.Report.Revision.ShouldBe(rehearsal.First.Report.Revision);
    }

    private static IEnumerable<string> Fields(JsonNode node) => node.AsObject().Select(field => field.Key);
}
