using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>The way of events: the rule of the target's account, the bus and who may use it, and the deployer's own rules.</summary>
public sealed class EventsCheck(Settings settings, AwsConnection connection) : ICheck
{
    private const string Bus = "event-bus";
    private const string ForwardingRule = "forwarding-rule";
    private const string Rules = "event-rules";

    /// <inheritdoc/>
    public string Name => "events";

    /// <inheritdoc/>
    public bool NeedsTarget => false;

    private string BusName => $"deployer-{settings.Stage}";

    private string UpdateTools => $"update the deployer's stack: deployer bootstrap tools --stage {settings.Stage}";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        using var tools = connection.OpenEventBridge();
        var results = new List<CheckResult> { await Checked(Bus, () => CheckBus(tools, run)) };
        results.AddRange(await CheckOwnRules(tools));

        if (run.Entered is { } account)
        {
            using var target = account.Connection().OpenEventBridge(account.Region);
            results.Add(await Checked(ForwardingRule, () => CheckForwarding(tools, target, run)));
        }

        return results;
    }

    private async Task<IReadOnlyList<CheckResult>> CheckOwnRules(IAmazonEventBridge tools)
    {
        var faults = new List<CheckResult>();
        foreach (var rule in settings.Rules)
        {
            if (await Checked(Rules, () => CheckOwnRule(tools, rule)) is { Status: not CheckStatus.Ok } fault)
            {
                faults.Add(fault);
            }
        }

        return faults.Count > 0
            ? faults
            : [CheckResult.Ok(Rules, $"the deployer's {settings.Rules.Count} rules are enabled and have targets")];
    }

    /// <summary>One that cannot be looked at hides none of the others.</summary>
    private static async Task<CheckResult> Checked(string name, Func<Task<CheckResult>> check)
    {
        try
        {
            return await check();
        }
        catch (AmazonEventBridgeException exception) when (exception is not ResourceNotFoundException)
        {
            return CheckResult.NotChecked(name, exception);
        }
    }

    private async Task<CheckResult> CheckBus(IAmazonEventBridge tools, CheckRun run)
    {
        try
        {
            var bus = await tools.DescribeEventBusAsync(new DescribeEventBusRequest { Name = BusName });
            return BusPolicy.Allows(bus.Policy, run.Target.Account)
                ? CheckResult.Ok(Bus, $"the bus {BusName} takes events of account {run.Target.Account}")
                : CheckResult.Problem(
                    Bus,
                    $"the policy of the bus {BusName} does not let account {run.Target.Account} put events on it",
                    $"{UpdateTools} --parameter AllowedTargets={run.Target.Account}, with the other accounts if there are any"
                );
        }
        catch (ResourceNotFoundException)
        {
            return CheckResult.Problem(Bus, $"there is no event bus {BusName}", UpdateTools);
        }
    }

    private async Task<CheckResult> CheckOwnRule(IAmazonEventBridge tools, string arn)
    {
        var (bus, rule) = arn[(arn.IndexOf(":rule/", StringComparison.Ordinal) + ":rule/".Length)..].Split('/') switch
        {
            [var named, var of] => (named, of),
            [var of, ..] => ("default", of),
            _ => ("default", arn),
        };
        return await CheckRule(tools, Rules, bus, rule, "lambda", UpdateTools);
    }

    private async Task<CheckResult> CheckForwarding(IAmazonEventBridge tools, IAmazonEventBridge target, CheckRun run)
    {
        var remedy = $"update the account's stack: deployer bootstrap target --stage {settings.Stage} --tools-account {run.ToolsAccount}";
        var rule = BusName;
        var looked = await CheckRule(target, ForwardingRule, "default", rule, "events", remedy);
        if (looked.Status != CheckStatus.Ok)
        {
            return looked;
        }

        var bus = $"arn:aws:events:{settings.Region}:{run.ToolsAccount}:event-bus/{BusName}";
        var targets = await target.ListTargetsByRuleAsync(new ListTargetsByRuleRequest { Rule = rule });
        if ((targets.Targets ?? []).Find(one => one.Arn == bus) is null)
        {
            return CheckResult.Problem(
                ForwardingRule,
                $"the rule {rule} of account {run.Target.Account} does not send events to {bus}",
                remedy
            );
        }

        var pattern = (await target.DescribeRuleAsync(new DescribeRuleRequest { Name = rule })).EventPattern;
        foreach (var sample in SampleEvents.All(run.Target.Account, run.Target.Region))
        {
            var tested = await tools.TestEventPatternAsync(new TestEventPatternRequest { EventPattern = pattern, Event = sample.Text });
            if (tested.Result != true)
            {
                return CheckResult.Problem(
                    ForwardingRule,
                    $"the pattern of the rule {rule} of account {run.Target.Account} does not take a {sample.DetailType}",
                    remedy
                );
            }
        }

        return CheckResult.Ok(ForwardingRule, $"the rule {rule} of account {run.Target.Account} sends events to {bus}");
    }

    private static async Task<CheckResult> CheckRule(
        IAmazonEventBridge events,
        string check,
        string bus,
        string rule,
        string service,
        string remedy
    )
    {
        try
        {
            var found = await events.DescribeRuleAsync(new DescribeRuleRequest { Name = rule, EventBusName = bus });
            if (found.State != RuleState.ENABLED)
            {
                return CheckResult.Problem(
                    check,
                    $"the rule {rule} is {found.State}, so its events are not received",
                    $"enable it: aws events enable-rule --name {rule} --event-bus-name {bus}"
                );
            }

            var targets = await events.ListTargetsByRuleAsync(new ListTargetsByRuleRequest { Rule = rule, EventBusName = bus });
            return (targets.Targets ?? []).Exists(target => target.Arn.Split(':')[2] == service)
                ? CheckResult.Ok(check, $"the rule {rule} is enabled and has its target")
                : CheckResult.Problem(check, $"the rule {rule} has no target, so its events are not delivered", remedy);
        }
        catch (ResourceNotFoundException)
        {
            return CheckResult.Problem(check, $"there is no rule {rule} on the bus {bus}", remedy);
        }
    }
}
