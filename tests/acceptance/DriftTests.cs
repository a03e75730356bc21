using System.Text.Json.Nodes;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Rehearsal.Sns;

namespace Deployer.Acceptance.Tests;

/// <summary>A stack whose parameters somebody writes by hand.</summary>
public sealed class DriftedStack : IAsyncLifetime
{
    public const string Secret = "s3cr3t-of-the-template";
    public const string OtherSecret = "s3cr3t-by-hand";
    public const string ThirdSecret = "s3cr3t-by-another-hand";

    private const string Step = """
          modes:
            stack: inventory-${target}-modes
            template: stacks/modes.yaml
        """;

    private readonly TemporaryFolder _folder = new();

    private string _service = null!;

    private string State => Path.Combine(_folder.Path, "state");

    public CommandResult Clean { get; private set; } = null!;

    public CommandResult NotLooked { get; private set; } = null!;

    public CommandResult Looked { get; private set; } = null!;

    /// <summary>The same plan by files with another value of the secret parameter.</summary>
    public CommandResult Rotated { get; private set; } = null!;

    public CommandResult Refused { get; private set; } = null!;

    public int LocksHeld { get; private set; }

    /// <summary>The notifications of what was changed by hand.</summary>
    public IReadOnlyList<JsonNode> Drifted { get; private set; } = [];

    public CommandResult PutBack { get; private set; } = null!;

    /// <summary>The refusal of the drift that is accepted then, and what stood after it.</summary>
    public (CommandResult Result, string Mode) RefusedBefore { get; private set; }

    public CommandResult Accepted { get; private set; } = null!;

    public CommandResult Warned { get; private set; } = null!;

    public CommandResult NothingToDo { get; private set; } = null!;

    public string WhenAccepted { get; private set; } = null!;

    /// <summary>A plan that shows a drift, and its approval.</summary>
    public (CommandResult Waiting, CommandResult Approved) Seen { get; private set; }

    /// <summary>A plan after which something else was changed by hand, and its approval.</summary>
    public (CommandResult Waiting, CommandResult Approved) Unseen { get; private set; }

    /// <summary>The same, asked for with drift accepted.</summary>
    public (CommandResult Waiting, CommandResult Approved) AcceptedPlan { get; private set; }

    /// <summary>A plan that shows a hidden value which was changed by hand, and its approval once it was changed again.</summary>
    public (CommandResult Waiting, CommandResult Approved) HiddenAgain { get; private set; }

    /// <summary>The same, and its approval where nobody has changed it again.</summary>
    public (CommandResult Waiting, CommandResult Approved) HiddenOnce { get; private set; }

    /// <summary>A deployment to a target that refuses drift and has a rule, by which nobody is asked.</summary>
    public CommandResult Ruled { get; private set; } = null!;

    /// <summary>The same with a change by hand: the plan, what stood then, and its approval.</summary>
    public (CommandResult Waiting, string Mode, CommandResult Approved) RuledDrift { get; private set; }

    /// <summary>A deployment through the pipeline of a target with <c>drift: warn</c>.</summary>
    public CommandResult WarnedInPipeline { get; private set; } = null!;

    /// <summary>The first parameter once the plans were approved.</summary>
    public (string Seen, string Unseen, string Accepted) WhenApproved { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(_service, Step);
        await SmallService.AllowCloudFormation(_service, "ssm:*");
        await Modes("slow");
        (await Run("rehearse")).Report.Verdict.ShouldBe(Verdict.Succeeded);
        Clean = await Run("plan", "--drift");
        await ByHand("/inventory/dev/mode", "fast");
        await ByHand("/inventory/dev/key", OtherSecret);
        NotLooked = await Run("plan");
        Looked = await Run("plan", "--drift");
        await Modes("slow", "rotated-later-5a31");
        Rotated = await Run("plan", "--drift");
        await Modes("slow");

        await Target("drift: refuse");
        await Modes("medium");
        Refused = await Run("deploy");
        await using (var accounts = await SimulatedAccounts.OpenService(_service, State))
        {
            LocksHeld = (await accounts.Tools.Ledger("dev").Scan(LockRecord.Everywhere)).Count(held => held.Owner is not null);
        }

        await ByHand("/inventory/dev/mode", "slow");
        await ByHand("/inventory/dev/key", Secret);
        PutBack = await CommandLine.InProcess("redrive", Refused.Report.Deployment!, "--rehearsed", State);

        await ByHand("/inventory/dev/mode", "fast");
        await Modes("slower");
        RefusedBefore = (await Run("deploy"), await Value("/inventory/dev/mode"));
        Accepted = await Run("deploy", "--accept-drift");
        WhenAccepted = await Value("/inventory/dev/mode");

        await Target("drift: warn");
        await ByHand("/inventory/dev/mode", null);
        await Modes("slowest");
        Warned = await Run("deploy");
        await ByHand("/inventory/dev/mode", "slowest");
        NothingToDo = await Run("deploy");
        await ByHand("/inventory/dev/mode", "in the console");
        WarnedInPipeline = await Run("rehearse");
        await ByHand("/inventory/dev/mode", "slowest");
        await DeployApproved();
        await using var told = await SimulatedAccounts.OpenService(_service, State);
        Drifted = await told.Rehearsal.World.Do(() =>
            SnsService
                .Messages(told.Rehearsal.World)
                .Select(message => JsonNode.Parse(message.Messages["sqs"])!)
                .Where(detail => (string?)detail["kind"] == "drifted")
                .ToList()
        );
    }

    private async Task DeployApproved()
    {
        await Target("drift: refuse, approval: true");
        await Modes("one");
        await ByHand("/inventory/dev/mode", "changed");
        var waiting = await Run("deploy");
        Seen = (waiting, await Approve(waiting));
        var seen = await Value("/inventory/dev/mode");

        await Modes("two");
        waiting = await Run("deploy");
        await ByHand("/inventory/dev/mode", "changed after the plan");
        Unseen = (waiting, await Approve(waiting));
        var unseen = await Value("/inventory/dev/mode");

        waiting = await Run("deploy", "--accept-drift");
        await ByHand("/inventory/dev/mode", "changed once more");
        AcceptedPlan = (waiting, await Approve(waiting));
        WhenApproved = (seen, unseen, await Value("/inventory/dev/mode"));

        await Modes("three");
        await ByHand("/inventory/dev/key", OtherSecret);
        waiting = await Run("deploy");
        await ByHand("/inventory/dev/key", ThirdSecret);
        HiddenAgain = (waiting, await Approve(waiting));
        waiting = await Run("deploy");
        HiddenOnce = (waiting, await Approve(waiting));

        await Target("drift: refuse, approval: { for: [ removals ] }");
        await ByHand("/inventory/dev/key", Secret);
        await Modes("four");
        Ruled = await Run("deploy");
        await ByHand("/inventory/dev/mode", "for the rule");
        await Modes("five");
        waiting = await Run("deploy");
        var shown = await Value("/inventory/dev/mode");
        RuledDrift = (waiting, shown, await Approve(waiting));
    }

    private Task<CommandResult> Approve(CommandResult waiting) =>
        CommandLine.InProcess("approve", waiting.Report.Plan!.Plan, "--rehearsed", State);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<CommandResult> Run(string command, params string[] options) =>
        CommandLine.InProcess([command, _service, "--target", "dev", "--state", State, .. options]);

    private Task Modes(string mode, string secret = Secret) =>
        File.WriteAllTextAsync(
            Path.Combine(_service, "stacks", "modes.yaml"),
            $$"""
            Parameters:
              Key: { Type: String, NoEcho: true, Default: {{secret}} }
            Resources:
              Mode:
                Type: AWS::SSM::Parameter
                Properties: { Name: /inventory/dev/mode, Type: String, Value: {{mode}} }
              Hidden:
                Type: AWS::SSM::Parameter
                Properties: { Name: /inventory/dev/key, Type: String, Value: !Ref Key }
            """
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

    /// <summary>Somebody writes a parameter in the console, or deletes it.</summary>
    private async Task ByHand(string name, string? value)
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        var parameters = accounts.Target.Target("us-east-1").Parameters;
        if (value is null)
        {
            await parameters.DeleteParameterAsync(new DeleteParameterRequest { Name = name });
        }
        else
        {
            await parameters.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = name,
                    Value = value,
                    Type = "String",
                    Overwrite = true,
                }
            );
        }
    }

    private async Task<string> Value(string name)
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        return (await accounts.Target.Target("us-east-1").Parameters.GetParameterAsync(new GetParameterRequest { Name = name }))
            .Parameter
            .Value;
    }
}

public sealed class DriftTests(DriftedStack stack) : IClassFixture<DriftedStack>
{
    [Fact]
    public void A_secret_that_was_given_before_is_not_shown_either()
    {
        stack.Rotated.Terminal.ShouldContain("/Value: **** → ****");
        stack.Rotated.Terminal.ShouldNotContain(DriftedStack.Secret);
        stack.Rotated.Terminal.ShouldNotContain(DriftedStack.OtherSecret);
        stack.Rotated.Json.ShouldNotContain(DriftedStack.Secret);
    }

    [Fact]
    public void A_plan_says_nothing_of_drift_unless_somebody_asks()
    {
        stack.NotLooked.ExitCode.ShouldBe(0, stack.NotLooked.Terminal);
        Drift(stack.NotLooked).ShouldBeNull();
        Drift(stack.Clean).ShouldNotBeNull().AsArray().ShouldBeEmpty();
    }

    [Fact]
    public void A_plan_shows_property_by_property_what_was_changed_by_hand()
    {
        var drift = Drift(stack.Looked).ShouldNotBeNull().AsArray();
        var mode = drift.Single(resource => (string?)resource!["resource"] == "Mode")!;
        ((string?)mode["stack"], (string?)mode["type"], (string?)mode["drift"]).ShouldBe(
            ("inventory-dev-modes", "AWS::SSM::Parameter", "modified")
        );
        var property = mode["properties"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)property["path"], (string?)property["expected"], (string?)property["actual"]).ShouldBe(("/Value", "slow", "fast"));
        stack.Looked.Terminal.ShouldContain("was changed by hand: /Value: slow → fast");
    }

    [Fact]
    public void Neither_the_secret_of_the_template_nor_the_one_in_its_place_is_shown()
    {
        var hidden = Drift(stack.Looked)!.AsArray().Single(resource => (string?)resource!["resource"] == "Hidden")!;
        var property = hidden["properties"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)property["expected"], (string?)property["actual"]).ShouldBe(("****", "****"));
        foreach (var result in new[] { stack.Looked, stack.Refused })
        {
            foreach (var text in new[] { result.Json, result.Terminal })
            {
                text.ShouldNotContain(DriftedStack.Secret);
                text.ShouldNotContain(DriftedStack.OtherSecret);
            }
        }
    }

    [Fact]
    public void A_deployment_is_refused_before_anything_is_changed_and_holds_no_lock()
    {
        stack.Refused.ExitCode.ShouldBe(1);
        stack.Refused.Report.Error.ShouldBe(nameof(DriftedException));
        stack.Refused.Report.Cause!.ShouldContain(
            "modes: Mode (AWS::SSM::Parameter) of stack inventory-dev-modes was changed by hand: /Value: slow → fast"
        );
        stack.Refused.Count("CreateChangeSet").ShouldBe(0);
        stack.Refused.Count("ExecuteChangeSet").ShouldBe(0);
        stack.LocksHeld.ShouldBe(0);
        stack.Refused.Report.Notifications!.Select(notification => notification.Kind).ShouldBe(["drifted", "failed"], ignoreOrder: true);
    }

    /// <summary>Each property in a sentence, and what helps: after a refusal the redrive, after a warning nothing but to look.</summary>
    [Fact]
    public void The_notification_has_each_property_and_the_command_that_helps()
    {
        var refused = Drifted(stack.Refused);
        refused["changes"]!
            .AsArray()
            .Select(change => (string?)change)
            .ShouldContain("modes: Mode (AWS::SSM::Parameter) of stack inventory-dev-modes was changed by hand: /Value: slow → fast");
        refused.ToJsonString().ShouldNotContain(DriftedStack.OtherSecret);
        stack.Drifted.ShouldNotBeEmpty();
        stack.Drifted.ToList().ForEach(drifted => drifted.ShouldTellWhole());
        (Next(refused, "reason"), Next(refused, "command")).ShouldBe(
            (
                "Nothing was deployed. Put it back by hand and redrive, or accept it with 'deployer deploy --accept-drift':",
                $"deployer redrive {stack.Refused.Report.Deployment}"
            )
        );

        var warned = Drifted(stack.Warned);
        ((string?)warned["changes"]!.AsArray().ShouldHaveSingleItem())!.ShouldContain("was deleted by hand");
        (Next(warned, "reason"), Next(warned, "command")).ShouldBe(
            (
                "The deployment goes on; where it changes one of these, what the template says is written over it:",
                $"deployer watch {stack.Warned.Report.Deployment}"
            )
        );
    }

    private JsonNode Drifted(CommandResult result) =>
        stack.Drifted.First(detail => (string?)detail["execution"] == result.Report.Deployment);

    private static string? Next(JsonNode detail, string member) => (string?)detail["next"]![member];

    [Fact]
    public void A_redrive_looks_again_and_goes_on_when_it_was_put_back()
    {
        stack.PutBack.Report.Verdict.ShouldBe(Verdict.Succeeded, stack.PutBack.Terminal);
        stack.PutBack.Count("DetectStackDrift").ShouldBe(1);
    }

    [Fact]
    public void What_was_refused_and_then_accepted_is_written_over_and_told_of()
    {
        var (refused, mode) = stack.RefusedBefore;
        (refused.ExitCode, refused.Report.Error, mode).ShouldBe((1, nameof(DriftedException), "fast"), refused.Terminal);
        refused.ShouldChangeNothing();
        stack.Accepted.Report.Verdict.ShouldBe(Verdict.Succeeded, stack.Accepted.Terminal);
        stack.WhenAccepted.ShouldBe("slower");
        stack.Accepted.ShouldLeaveNothingBehind();
        stack
            .Accepted.Report.Notifications!.Select(notification => notification.Kind)
            .ShouldBe(["drifted", "succeeded"], ignoreOrder: true);
        stack.Accepted.Terminal.ShouldContain("was changed by hand");
    }

    [Fact]
    public void A_warning_is_a_notice_of_the_report_and_of_the_pipeline_and_a_notification()
    {
        stack.Warned.Report.Verdict.ShouldBe(Verdict.Succeeded, stack.Warned.Terminal);
        stack.Warned.Terminal.ShouldContain("was deleted by hand");
        stack.Warned.Report.Notices.ShouldContain(notice => notice.Contains("was deleted by hand", StringComparison.Ordinal));
        stack.Warned.Report.Notifications!.Select(notification => notification.Kind).ShouldBe(["drifted", "succeeded"], ignoreOrder: true);
    }

    [Fact]
    public void A_warning_is_in_the_summary_of_the_pipelines_action()
    {
        const string Notice =
            "Mode (AWS::SSM::Parameter) of stack inventory-dev-modes was changed by hand: /Value: slowest → in the console";
        stack.WarnedInPipeline.Report.Verdict.ShouldBe(Verdict.NothingToDo, stack.WarnedInPipeline.Terminal);
        stack.WarnedInPipeline.Report.Pipeline!.Summary!.ShouldContain(Notice);
        stack.WarnedInPipeline.Report.Notices.ShouldContain(notice => notice.Contains(Notice, StringComparison.Ordinal));
    }

    [Fact]
    public void A_hidden_value_that_was_changed_again_after_the_plan_was_approved_by_nobody()
    {
        Words(stack.HiddenAgain.Waiting).ShouldContain("/Value: **** → ****");
        stack.HiddenAgain.Approved.ExitCode.ShouldBe(1, stack.HiddenAgain.Approved.Terminal);
        stack.HiddenAgain.Approved.Report.Error.ShouldBe(nameof(DriftedException));
        stack.HiddenAgain.Approved.Report.Cause!.ShouldContain(
            "/Value: **** → **** (not the value that it had when plan "
                + $"{new ExecutionArn(stack.HiddenAgain.Waiting.Report.Plan!.Plan).Deployment} was made)"
        );
        stack.HiddenOnce.Approved.Report.Verdict.ShouldBe(Verdict.Succeeded, stack.HiddenOnce.Approved.Terminal);
        foreach (var result in new[] { stack.HiddenAgain.Waiting, stack.HiddenAgain.Approved, stack.HiddenOnce.Approved })
        {
            foreach (var text in new[] { result.Json, result.Terminal })
            {
                text.ShouldNotContain(DriftedStack.OtherSecret);
                text.ShouldNotContain(DriftedStack.ThirdSecret);
                text.ShouldNotContain("\"mark", Case.Insensitive);
            }
        }
    }

    [Fact]
    public void Without_drift_a_deployment_that_looked_has_nothing_to_tell()
    {
        stack.NothingToDo.Report.Verdict.ShouldBe(Verdict.NothingToDo, stack.NothingToDo.Terminal);
        stack.NothingToDo.Report.Notifications.ShouldBeNull();
    }

    [Fact]
    public void A_plan_that_shows_a_drift_is_approved_with_it()
    {
        stack.Seen.Waiting.ExitCode.ShouldBe(4, stack.Seen.Waiting.Terminal);
        Words(stack.Seen.Waiting).ShouldContain("was changed by hand: /Value: slowest → changed");
        stack.Seen.Approved.Report.Verdict.ShouldBe(Verdict.Succeeded, stack.Seen.Approved.Terminal);
        stack.WhenApproved.Seen.ShouldBe("one");
    }

    [Fact]
    public void What_was_changed_by_hand_after_a_plan_was_approved_by_nobody()
    {
        stack.Unseen.Waiting.ExitCode.ShouldBe(4, stack.Unseen.Waiting.Terminal);
        Words(stack.Unseen.Waiting).ShouldNotContain("was changed by hand");
        stack.Unseen.Approved.ExitCode.ShouldBe(1);
        stack.Unseen.Approved.Report.Error.ShouldBe(nameof(DriftedException));
        stack.Unseen.Approved.Report.Cause!.ShouldContain("/Value: one → changed after the plan");
        stack.Unseen.Approved.ShouldLeaveNothingBehind();
        stack.WhenApproved.Unseen.ShouldBe("changed after the plan");
    }

    [Fact]
    public void A_plan_for_which_drift_was_accepted_is_deployed_whatever_was_changed_by_hand_since()
    {
        stack.AcceptedPlan.Waiting.ExitCode.ShouldBe(4, stack.AcceptedPlan.Waiting.Terminal);
        stack.AcceptedPlan.Approved.Report.Verdict.ShouldBe(Verdict.Succeeded, stack.AcceptedPlan.Approved.Terminal);
        stack.AcceptedPlan.Approved.Report.Plan!.Digest.ShouldBe(stack.AcceptedPlan.Waiting.Report.Plan!.Digest);
        Words(stack.AcceptedPlan.Approved).ShouldContain("/Value: one → changed once more");
        stack.WhenApproved.Accepted.ShouldBe("two");
    }

    /// <summary>A plan that nobody has to approve shows drift to nobody: a rule about other things makes the refusal no weaker.</summary>
    [Fact]
    public void By_a_rule_about_other_things_drift_is_not_written_over_before_somebody_has_approved_it()
    {
        stack.Ruled.Report.Verdict.ShouldBe(Verdict.Succeeded, stack.Ruled.Terminal);
        var (waiting, mode, approved) = stack.RuledDrift;
        (waiting.ExitCode, mode).ShouldBe((4, "for the rule"), waiting.Terminal);
        waiting.Report.Plan!.NeedsApproval.ShouldBe([
            "modes: Mode (AWS::SSM::Parameter) of stack inventory-dev-modes was changed by hand: /Value: four → for the rule",
        ]);
        approved.Report.Verdict.ShouldBe(Verdict.Succeeded, approved.Terminal);
    }

    /// <summary>What the terminal shows, as one line: what is wrapped is whole again.</summary>
    private static string Words(CommandResult result) =>
        string.Join(' ', result.Terminal.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    private static JsonNode? Drift(CommandResult plan) => JsonNode.Parse(plan.Json)!["steps"]!.AsArray().Single()!["drift"];
}
