using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>Files of the accounts that are changed after kept accounts were made from them.</summary>
public sealed class ChangedAccountsTests : IDisposable
{
    private const string Step = "  t: { stack: \"inventory-${target}-t\", template: stacks/t.yaml }\n";

    private const string Group = """
        Resources: { G: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: /inventory/dev } } }
        """;

    private readonly TemporaryFolder _state = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_role_that_was_mended_reaches_the_kept_accounts_before_a_redrive()
    {
        var service = await Service(Group);
        var failed = await Run("rehearse", service);
        (failed.ExitCode, failed.Report.Error).ShouldBe((1, "StackFailedException"), failed.Report.Cause);
        failed.Report.Cause!.ShouldContain("logs:CreateLogGroup");

        await SmallService.Change(service, "accounts/more.yaml", "'ssm:*'", "'ssm:*', 'logs:*'");
        // Reads alone change nothing.
        await CommandLine.Document("history", service, "--target", "dev", "--rehearsed", _state.Path);
        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", _state.Path);
        var again = await Run("rehearse", service);

        redriven.ExitCode.ShouldBe(0, redriven.Report.Cause);
        const string Said = "stack more (more.yaml) of the accounts file has changed, and was updated in the kept accounts before the run";
        redriven.Report.Notices.ShouldContain(Said);
        redriven.Terminal.ShouldContain("accounts prepared; a changed stack applied");
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        again.Report.Notices.ShouldNotContain(notice => notice.Contains("accounts file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changed_parameters_and_new_stacks_are_applied_by_a_plan_too()
    {
        var service = await Service(Group);
        await Run("plan", service);

        await Change(
            service,
            "stack: more\n    template: more.yaml\n",
            "stack: more\n    template: more.yaml\n    parameters: { Level: b }\n"
        );
        await SmallService.Change(service, "accounts/more.yaml", "Resources:", "Parameters: { Level: { Type: String } }\nResources:");
        await SmallService.Change(service, "accounts/more.yaml", "PolicyName: more", "PolicyName: !Ref Level");
        await Change(service, "    stack: more\n", "    stack: level\n    template: level.yaml\n  - account: target\n    stack: more\n");
        await Level(service, "a");
        var changed = await Run("plan", service);
        await Change(service, "{ Level: b }", "{ Level: c }");
        var changedAgain = await Run("plan", service);

        var terminal = Flat(changed.Terminal);
        terminal.ShouldContain("stack level (level.yaml) of the accounts file is new, and was made in the kept accounts before the run");
        terminal.ShouldContain("stack more (more.yaml) of the accounts file has changed, and was updated");
        terminal.ShouldContain("accounts prepared; 2 changed stacks applied");
        Flat(changedAgain.Terminal).ShouldContain("stack more (more.yaml) of the accounts file has changed, and was updated");
        await using var accounts = await SimulatedAccounts.OpenService(service, _state.Path);
        (await Described(accounts, "more")).Parameters.Single().ParameterValue.ShouldBe("c");
        (await Described(accounts, "level")).Outputs.Single().OutputValue.ShouldBe("a");
    }

    [Fact]
    public async Task Where_a_stack_cannot_be_updated_nothing_is()
    {
        var service = await Service(Group);
        await Change(service, "    stack: more\n", "    stack: level\n    template: level.yaml\n  - account: target\n    stack: more\n");
        await Level(service, "a");
        await Run("plan", service);

        await Level(service, "b");
        await SmallService.Change(service, "accounts/more.yaml", "deployer-dev-cloudformation", "no-such-role");
        var refused = await Run("rehearse", service);

        refused.ExitCode.ShouldBe(2);
        var terminal = Flat(refused.Terminal);
        terminal.ShouldContain("stack more (more.yaml) cannot be updated: More: ");
        terminal.ShouldContain("no-such-role");
        terminal.ShouldContain("; the kept accounts are as they were");
        await Level(service, "a");
        await SmallService.Change(service, "accounts/more.yaml", "no-such-role", "deployer-dev-cloudformation");
        await using var accounts = await SimulatedAccounts.OpenService(service, _state.Path);
        (await Described(accounts, "level")).Outputs.Single().OutputValue.ShouldBe("a");
    }

    [Fact]
    public async Task What_is_not_applied_is_named()
    {
        var service = await Service($"{Group}\nOutputs: {{ Level: {{ Value: a }} }}\n");
        await SmallService.Change(service, "accounts/more.yaml", "'ssm:*'", "'ssm:*', 'logs:*'");
        await Change(
            service,
            "    stack: more\n",
            "    stack: inventory-${target}-t\n    template: t.yaml\n  - { account: target, stack: level, template: level.yaml }\n"
                + "  - account: target\n    stack: more\n"
        );
        await Level(service, "a");
        await File.WriteAllTextAsync(Path.Combine(service, "accounts", "t.yaml"), Group);
        (await Run("rehearse", service)).Report.Verdict.ShouldBe(Verdict.Succeeded);

        await File.WriteAllTextAsync(Path.Combine(service, "accounts", "t.yaml"), $"Description: changed\n{Group}");
        await Change(service, "  - { account: target, stack: level, template: level.yaml }\n", "");
        await Change(service, "5c1f0c3f7c1e4f0f8f0a4c0b6f0d7d1b7a9e2c44", "6c1f0c3f7c1e4f0f8f0a4c0b6f0d7d1b7a9e2c44");
        foreach (var _ in new[] { "first", "again" })
        {
            var run = await Run("rehearse", service);
            run.Report.Verdict.ShouldBe(Verdict.NothingToDo);
            run.Report.Notices.Where(notice => notice.Contains("accounts file", StringComparison.Ordinal))
                .ShouldBe([
                    "stack inventory-dev-t (t.yaml) of the accounts file has changed, and is left as it is in the kept accounts: "
                        + "others have updated it there since",
                    "stack level is no longer in the accounts file, and stays in the kept accounts",
                    "the ions of the accounts file have changed, and the kept accounts have the revisions that they had",
                ]);
        }
    }

    /// <summary>A service whose CloudFormation may not do what its template needs.</summary>
    private async Task<string> Service(string template)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.AllowCloudFormation(service, "ssm:*");
        await SmallService.WriteAlone(service, Step);
        await File.WriteAllTextAsync(Path.Combine(service, "stacks", "t.yaml"), template);
        return service;
    }

    private static Task Level(string service, string level) =>
        File.WriteAllTextAsync(
            Path.Combine(service, "accounts", "level.yaml"),
            $$"""
            Resources: { P: { Type: AWS::SSM::Parameter, Properties: { Name: /level, Type: String, Value: {{level}} } } }
            Outputs: { Level: { Value: {{level}} } }
            """
        );

    private static Task Change(string service, string from, string to) => SmallService.Change(service, "accounts/accounts.yaml", from, to);

    /// <summary>What was printed, without where its lines end.</summary>
    private static string Flat(string terminal) => string.Join(' ', terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static async Task<Stack> Described(SimulatedAccounts accounts, string stack) =>
        (await accounts.Target.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = stack })).Stacks.Single();

    private Task<CommandResult> Run(string command, string service) =>
        CommandLine.InProcess(command, service, "--target", "dev", "--state", _state.Path);
}
