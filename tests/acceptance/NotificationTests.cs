using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Records;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Functions.Steps;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.EventBridge.Patterns;
using Deployer.Rehearsal.Sns;

namespace Deployer.Acceptance.Tests;

/// <summary>Deployments that are reported to people.</summary>
public sealed class ToldDeployments : IAsyncLifetime
{
    private const string Step = """
          logs:
            stack: inventory-${target}-logs
            template: stacks/logs.yaml
        """;

    private readonly TemporaryFolder _folder = new();

    private string _service = null!;

    private string State => Path.Combine(_folder.Path, "state");

    public CommandResult First { get; private set; } = null!;

    public CommandResult Again { get; private set; } = null!;

    public CommandResult NotSent { get; private set; } = null!;

    public string History { get; private set; } = null!;

    public CheckResult Doctor { get; private set; } = null!;

    /// <summary>What the functions wrote until a notification could not be sent.</summary>
    public IReadOnlyList<string> Log { get; private set; } = [];

    public CommandResult Failed { get; private set; } = null!;

    public CommandResult Redriven { get; private set; } = null!;

    public CommandResult Silent { get; private set; } = null!;

    public CommandResult Everything { get; private set; } = null!;

    public CommandResult EverythingAgain { get; private set; } = null!;

    public CommandResult Waiting { get; private set; } = null!;

    public CommandResult Newer { get; private set; } = null!;

    /// <summary>The execution of the pipeline that made the first deployment.</summary>
    public string PipelineExecution { get; private set; } = null!;

    /// <summary>The deployment to a development instance.</summary>
    public CommandResult Instance { get; private set; } = null!;

    /// <summary>How many stacks the instance had, and has once its time was over.</summary>
    public (int Before, int After) InstanceStacks { get; private set; }

    /// <summary>What the topic has taken by the end.</summary>
    public IReadOnlyList<PublishedMessage> Published { get; private set; } = [];

    /// <summary>Notifications that are noted at the end.</summary>
    public IReadOnlyList<NotedNotification> Left { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        _service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(_service, Step);
        await Logs(1);
        First = await Run("rehearse");
        await using (var open = await SimulatedAccounts.OpenService(_service, State))
        {
            var runs = await open.InTools<Amazon.CodePipeline.Model.ListPipelineExecutionsResponse>(
                new Amazon.CodePipeline.Model.ListPipelineExecutionsRequest { PipelineName = "inventory-pipeline-dev" }
            );
            PipelineExecution = runs.PipelineExecutionSummaries.Single().PipelineExecutionId;
        }

        Again = await Run("deploy");
        await Logs(3);
        NotSent = await Run("deploy", "--fault", "notification-fails");
        await using (var open = await SimulatedAccounts.OpenService(_service, State, "notification-fails"))
        {
            using var records = new DeployerRecords(open.Tools, stage => new InvalidInputException("DeployerNotFound", stage));
            var history = await records.History("inventory", "dev", "dev", most: 1, TestContext.Current.CancellationToken);
            History = string.Join('\n', history.Single().NotSent ?? []);
            Doctor = (await open.Doctor()).Checks.Single(check => check.Check == "notifications");
            Log = await open.FunctionLog();
        }

        await Logs(5);
        Failed = await Run("deploy", "--fault", "stack-rolls-back");
        Redriven = await CommandLine.InProcess("redrive", Failed.Report.Deployment!, "--rehearsed", State);
        await Target("instances: { steps: [ logs ], expireAfter: 1h }");
        Instance = await Run("deploy", "--instance", "x");
        await using (var open = await SimulatedAccounts.OpenService(_service, State))
        {
            var before = await Stacks(open);
            await open.Rehearsal.Pass(TimeSpan.FromMinutes(90));
            InstanceStacks = (before, await Stacks(open));
        }

        await Target("notifications: []");
        await Logs(7);
        Silent = await Run("deploy");
        await Target("notifications: [ started, succeeded, nothingToDo ]");
        await Logs(14);
        Everything = await Run("deploy");
        EverythingAgain = await Run("deploy");
        await Target("approval: true");
        await Logs(30);
        Waiting = await Run("deploy");
        await Logs(60);
        Newer = await Run("deploy");
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(20));
        Published = await accounts.Rehearsal.World.Do(() => SnsService.Messages(accounts.Rehearsal.World));
        Left = await accounts.Tools.Ledger("dev").Query(NotedNotification.All);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<CommandResult> Run(string command, params string[] options) =>
        CommandLine.InProcess([command, _service, "--target", "dev", "--state", State, .. options]);

    private static async Task<int> Stacks(SimulatedAccounts accounts) =>
        (await accounts.Target.CloudFormation.DescribeStacksAsync(new Amazon.CloudFormation.Model.DescribeStacksRequest())).Stacks.Count(
            stack => stack.StackName == "inventory-dev-x-logs"
        );

    private async Task Target(string member)
    {
        var file = Path.Combine(_service, "deployer.yaml");
        var lines = (await File.ReadAllLinesAsync(file)).Select(line =>
            line.StartsWith("  dev: ", StringComparison.Ordinal)
                ? $"  dev: {{ account: \"111111111111\", region: us-east-1, {member}, "
                    + "values: { system: datomic-dev, promotesFrom: \"\" } }"
                : line
        );
        await File.WriteAllLinesAsync(file, lines);
    }

    private Task Logs(int days) =>
        File.WriteAllTextAsync(
            Path.Combine(_service, "stacks", "logs.yaml"),
            $$"""
            Resources:
              Orders:
                Type: AWS::Logs::LogGroup
                Properties: { LogGroupName: !Sub "${AWS::StackName}-orders", RetentionInDays: {{days}} }
            """
        );
}

public sealed partial class NotificationTests(ToldDeployments told) : IClassFixture<ToldDeployments>
{
    [Fact]
    public void A_success_is_told_of_once_with_what_runs_now_and_the_next_command()
    {
        var notification = told.First.Report.Notifications.ShouldNotBeNull().ShouldHaveSingleItem();
        (notification.Kind, notification.Sent, notification.Problem).ShouldBe(("succeeded", true, null));

        var message = About(told.First).ShouldHaveSingleItem();
        message.Subject.ShouldBe("inventory to dev: succeeded");
        message.Messages["default"].ShouldContain($"deployer watch {told.First.Report.Deployment}");
        message.Messages["default"].ShouldContain("logs: arn:aws:cloudformation:us-east-1:111111111111:stack/inventory-dev-logs/");
        var detail = JsonNode.Parse(message.Messages["sqs"])!;
        ((string?)detail["account"], (string?)detail["region"]).ShouldBe(("111111111111", "us-east-1"));
        ((string?)detail["stage"], (string?)detail["revision"]).ShouldBe(("dev", told.First.Report.Revision));
    }

    [Fact]
    public void What_a_pipeline_deployed_is_told_of_with_the_links_to_both_executions()
    {
        var message = About(told.First).ShouldHaveSingleItem();
        var detail = JsonNode.Parse(message.Messages["sqs"])!;
        var (execution, pipeline) = ((string)detail["execution"]!, detail["pipeline"]!);
        ((string?)pipeline["name"], (string?)pipeline["execution"]).ShouldBe(("inventory-pipeline-dev", told.PipelineExecution));

        // The pages of both consoles, which are in the deployer's region.
        var links = new[]
        {
            $"https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/{execution}",
            "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/inventory-pipeline-dev/executions/"
                + $"{told.PipelineExecution}/visualization?region=us-east-1",
        };
        ((string?)detail["link"], (string?)detail["pipelineLink"]).ShouldBe((links[0], links[1]));
        message.Messages["default"].ShouldContain($"Execution: {links[0]}");
        message.Messages["default"].ShouldContain($"Pipeline's execution: {links[1]}");
        About(told.Again).ShouldBeEmpty();
        About(told.Failed)[0].Messages["default"].ShouldNotContain("codepipeline", Case.Insensitive, "no pipeline asked for it");
    }

    [Fact]
    public void The_removal_of_an_instance_whose_time_is_over_is_told_of_once()
    {
        told.Instance.Report.Verdict.ShouldBe(Verdict.Succeeded, told.Instance.Terminal);
        var removed = told
            .Published.Where(message => (string?)JsonNode.Parse(message.Messages["sqs"])!["target"] == "dev-x")
            .DistinctBy(message => (string?)JsonNode.Parse(message.Messages["sqs"])!["id"])
            .ToList();

        removed.Select(message => message.Attributes["kind"]).ShouldBe(["succeeded", "instanceRemoved"]);
        removed[1].Subject.ShouldBe("inventory to dev-x: expired and removed");
        removed[1].Messages["default"].ShouldContain("It was removed completely. Another deployment makes it again. The report:");
        var detail = JsonNode.Parse(removed[1].Messages["sqs"])!;
        ((string?)detail["verdict"], (string?)detail["by"]).ShouldBe(("removed", "expiry"));
        detail["runs"]!.AsArray().ShouldBeEmpty();
        told.InstanceStacks.ShouldBe((1, 0));
    }

    [Fact]
    public void Nothing_to_do_is_no_news_and_costs_no_transition_and_no_request()
    {
        told.Again.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        told.Again.Report.Notifications.ShouldBeNull();
        told.Again.Report.Transitions.ShouldBe(6);
        About(told.Again).ShouldBeEmpty();
        told.Again.Report.Calls.ShouldNotContain(call => call.Operation == "PutEvents");
    }

    [Fact]
    public void What_could_not_be_sent_fails_no_deployment_and_is_seen_until_it_is_sent()
    {
        told.NotSent.Report.Verdict.ShouldBe(Verdict.Succeeded);
        var notification = told.NotSent.Report.Notifications.ShouldNotBeNull().ShouldHaveSingleItem();
        notification.Sent.ShouldBeFalse();
        notification.Problem.ShouldNotBeNull().ShouldStartWith("InternalFailure: ");
        told.NotSent.Terminal.ShouldContain("the notification 'succeeded' could not be sent: InternalFailure");
        told.History.ShouldContain("the notification 'succeeded' could not be sent: InternalFailure");
        told.Doctor.Status.ShouldBe(CheckStatus.Notice);
        told.Doctor.Text.ShouldContain("InternalFailure");

        About(told.NotSent).ShouldHaveSingleItem().Subject.ShouldBe("inventory to dev: succeeded");
        told.Left.ShouldBeEmpty();
    }

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    /// </remarks>
    [Fact]
    public void The_alarm_hears_of_what_could_not_be_sent()
    {
        var alarm = TemplateText.Read(File.ReadAllText(Path.Combine(Repository.Root, "template.yaml")))["Resources"]![
            "NotificationsAlarm"
        ]!["Properties"]!;
        var name = alarm["MetricName"]!.ToString();

        var counted = told
            .Log.Where(line => line.Contains(name, StringComparison.Ordinal))
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .Where(line => line.ContainsKey("_aws"))
            .ToList();

        counted.ShouldContain(line => (int)line[name]! == 1);
        foreach (var line in counted)
        {
            var metrics = line["_aws"]!["CloudWatchMetrics"]!.AsArray().ShouldHaveSingleItem()!;
            metrics["Namespace"]!.ToString().ShouldBe(alarm["Namespace"]!.ToString());
            metrics["Metrics"]!.AsArray().ShouldHaveSingleItem()!["Name"]!.ToString().ShouldBe(name);
            var dimension = alarm["Dimensions"]![0]!["Name"]!.ToString();
            metrics["Dimensions"]![0]!.AsArray().Select(one => one!.ToString()).ShouldBe([dimension]);
            line[dimension]!.ToString().ShouldBe("dev");
        }
    }

    [Fact]
    public void A_failure_is_told_of_with_the_cause_of_the_report_and_the_redrive_is_told_of_too()
    {
        told.Failed.Report.Verdict.ShouldBe(Verdict.Failed);
        var messages = About(told.Failed);
        messages
            .Select(message => message.Subject)
            .ShouldBe(["inventory to dev: failed: StackFailedException", "inventory to dev: succeeded"]);
        var detail = JsonNode.Parse(messages[0].Messages["sqs"])!;
        ((string?)detail["error"], (string?)detail["cause"]).ShouldBe((told.Failed.Report.Error, told.Failed.Report.Cause));
        ((string?)detail["next"]!["command"]).ShouldBe($"deployer redrive {told.Failed.Report.Deployment}");
        told.Redriven.Report.Verdict.ShouldBe(Verdict.Succeeded);
    }

    [Fact]
    public void A_target_chooses_what_it_hears_of()
    {
        told.Silent.Report.Verdict.ShouldBe(Verdict.Succeeded);
        told.Silent.Report.Notifications.ShouldBeNull();
        About(told.Silent).ShouldBeEmpty();

        Kinds(told.Everything).ShouldBe(["started", "succeeded"]);
        var next = JsonNode.Parse(About(told.Everything)[0].Messages["sqs"])!["next"]!;
        ((string?)next["reason"], (string?)next["command"]).ShouldBe(("Watch it:", $"deployer watch {told.Everything.Report.Deployment}"));
        Kinds(told.EverythingAgain).ShouldBe(["started", "nothingToDo"]);
        told.EverythingAgain.Report.Transitions.ShouldBe(6);
    }

    [Fact]
    public void A_plan_that_waits_is_told_of_with_its_digest_and_the_one_in_whose_place_it_waits()
    {
        Kinds(told.Newer.Report.Plan!.Plan).ShouldBe(["waitingForApproval"]);
        Kinds(told.Waiting.Report.Plan!.Plan).ShouldBe(["waitingForApproval", "superseded"]);
        told.Newer.Report.Notifications.ShouldNotBeNull().ShouldHaveSingleItem().Kind.ShouldBe("waitingForApproval");
        var detail = JsonNode.Parse(About(told.Newer.Report.Plan!.Plan).Single().Messages["sqs"])!;
        ((string?)detail["plan"]!["digest"]).ShouldBe(told.Newer.Report.Plan.Digest);
        ((string?)detail["next"]!["command"]).ShouldBe(
            $"deployer approve {told.Newer.Report.Plan.Plan} --digest {told.Newer.Report.Plan.Digest}"
        );
        detail["plan"]!["needsApproval"]!.AsArray().ShouldNotBeEmpty();
        var older = JsonNode.Parse(About(told.Waiting.Report.Plan!.Plan)[^1].Messages["sqs"])!;
        ((string?)older["cause"]).ShouldBe($"the newer plan {told.Newer.Report.Plan.Plan.Split(':')[^1]} waits for approval in its place");
        ((string?)older["plan"]!["digest"]).ShouldBe(told.Waiting.Report.Plan.Digest);
        ((string?)older["next"]!["command"]).ShouldBe((string?)detail["next"]!["command"], "the newer plan is the one to decide about");
        ((string?)older["next"]!["reason"]).ShouldNotBeNull().ShouldStartWith("The newer plan is the one to decide about. ");
    }

    /// <summary>Who, what runs now, what is next and the link; nothing runs any more of an instance that was removed.</summary>
    [Theory]
    [InlineData("started")]
    [InlineData("waitingForApproval")]
    [InlineData("succeeded")]
    [InlineData("nothingToDo")]
    [InlineData("failed")]
    [InlineData("superseded")]
    [InlineData("instanceRemoved")]
    public void Every_kind_says_who_and_what_runs_now_and_what_is_next(string kind)
    {
        var detail = told
            .Published.Select(message => JsonNode.Parse(message.Messages["sqs"])!)
            .Last(detail => (string?)detail["kind"] == kind);

        detail.ShouldTellWhole(hasReleased: kind != "instanceRemoved");
        if (kind == "failed")
        {
            ((string?)detail["runs"]![0]!["deployment"]).ShouldBe(new ExecutionArn(told.NotSent.Report.Deployment!).Deployment.Value);
        }
    }

    /// <summary>The rule of the page takes the event of the page, and a real one of its kind.</summary>
    [Fact]
    public void The_rule_that_is_documented_takes_notifications_of_its_target_alone()
    {
        var page = Repository.Text("docs/notifications.md");
        var pattern = EventPattern.Parse(Block(page, "rule"));
        pattern.Matches(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(Block(page, "event"))).ShouldBeTrue();

        var failed = JsonNode.Parse(About(told.Failed)[0].Messages["sqs"])!.AsObject();
        pattern.Matches(Event(failed)).ShouldBeFalse();
        failed["stage"] = "prod";
        failed["target"] = "prod";
        pattern.Matches(Event(failed)).ShouldBeTrue();
    }

    /// <summary>
    /// Exact values and prefixes of a filter policy mean what they mean in a rule:
    /// https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
    /// </summary>
    [Fact]
    public void The_filter_policies_that_are_documented_take_messages_of_their_target_alone()
    {
        var page = Repository.Text("docs/notifications.md");
        var policies = FilterPolicy().Matches(page).Select(found => EventPattern.Parse(found.Groups["policy"].Value)).ToList();
        var (ofProd, ofDev, ofDevAndInstances) = (policies[0], policies[1], policies[2]);
        policies.Count.ShouldBe(3);
        var attributes = new Dictionary<string, string>(About(told.Failed)[0].Attributes);
        Taken().ShouldBe((false, true, true));
        attributes["target"] = "dev-alice";
        Taken().ShouldBe((false, false, true));
        attributes["target"] = "prod";
        Taken().ShouldBe((true, false, false));
        attributes["kind"] = "succeeded";
        Taken().ShouldBe((false, false, false));

        (bool, bool, bool) Taken()
        {
            var message = System.Text.Json.JsonSerializer.SerializeToElement(attributes);
            return (ofProd.Matches(message), ofDev.Matches(message), ofDevAndInstances.Matches(message));
        }
    }

    [GeneratedRegex("[`'](?<policy>\\{\"target\": [^`']+\\})[`']", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex FilterPolicy();

    private static System.Text.Json.JsonElement Event(JsonObject detail) =>
        System.Text.Json.JsonSerializer.SerializeToElement(
            new JsonObject
            {
                ["source"] = NotificationDetail.Source,
                ["detail-type"] = NotificationDetail.DetailType,
                ["detail"] = detail.DeepClone(),
            }
        );

    private static string Block(string page, string name)
    {
        var begin = page.IndexOf("```json\n", page.IndexOf($"<!-- {name} -->", StringComparison.Ordinal), StringComparison.Ordinal) + 8;
        return page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)];
    }

    private IReadOnlyList<PublishedMessage> About(CommandResult result) => About(result.Report.Deployment!);

    /// <summary>Each once: EventBridge may deliver an event twice.</summary>
    private IReadOnlyList<PublishedMessage> About(string execution) =>
        [
            .. told
                .Published.Where(message => (string?)JsonNode.Parse(message.Messages["sqs"])!["execution"] == execution)
                .DistinctBy(message => (string?)JsonNode.Parse(message.Messages["sqs"])!["id"]),
        ];

    private IReadOnlyList<string> Kinds(CommandResult result) => Kinds(result.Report.Deployment!);

    private IReadOnlyList<string> Kinds(string execution) => [.. About(execution).Select(message => message.Attributes["kind"])];
}
