using System.CommandLine;
using System.Text.Json.Nodes;
using Deployer.Cli.Commands;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Rehearsals;
using Deployer.Cli.Tests.Rehearsals;

namespace Deployer.Cli.Tests.Deployments;

/// <summary>A decision about a plan is interrupted once it is recorded, and before anything else has begun.</summary>
public sealed class InterruptedDecisionTests : IDisposable
{
    private readonly SmallService _service = new();

    [Fact]
    public async Task Of_a_plan_that_may_be_rejected_the_command_that_says_so_is_named()
    {
        var plan = await WaitingPlan();

        var (exitCode, said) = await Interrupt(approves: false, plan, "--reason", "not today");

        exitCode.ShouldBe(130, said);
        var command = Command(said, "rejected", "reject");
        command.ShouldBe(["reject", plan, "--reason", "not today", "--state", _service.State]);
        var again = await DeployerProcess.Run(command);
        again.ExitCode.ShouldBe(0, again.Error);
        again.Output.Words().ShouldContain("nothing was recorded now: the plan was already rejected by root");
        again.Output.Words().ShouldContain(": not today");
    }

    [Fact]
    public async Task Of_a_plan_that_may_be_approved_the_command_that_deploys_it_is_named()
    {
        var plan = await WaitingPlan();

        var (exitCode, said) = await Interrupt(approves: true, plan);

        exitCode.ShouldBe(130, said);
        var command = Command(said, "approved", "approve");
        command.ShouldBe(["approve", plan, "--state", _service.State]);
        var again = await DeployerProcess.Run(command);
        again.ExitCode.ShouldBe(0, again.Error);
        again.Output.ShouldStartWith("✓ inventory to dev: succeeded in ");
    }

    /// <inheritdoc/>
    public void Dispose() => _service.Dispose();

    /// <summary>The words of the command that a sentence ends with, without the program's name.</summary>
    private static string[] Command(string said, string done, string verb)
    {
        said.Words()
            .ShouldContain($"interrupted; whether the plan was {done} already is not known here. To {verb} it, or to see that it was: ");
        said.ShouldNotContain("before anything new had begun");
        var words = said.TrimEnd().Split('\n')[^1].Trim().Split('\'');
        // The one word with spaces stands in quotes.
        return [.. words.SelectMany((part, at) => at % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Skip(1)];
    }

    private async Task<string> WaitingPlan()
    {
        var rehearsed = await DeployerProcess.Run(_service.Rehearse);
        rehearsed.ExitCode.ShouldBe(0, rehearsed.Error);
        _service.NeedApproval();
        var waiting = await DeployerProcess.Run(
            "deploy",
            _service.Folder,
            "--target",
            "dev",
            "--state",
            _service.State,
            "--in-process",
            "--json",
            "-"
        );
        waiting.ExitCode.ShouldBe(4, waiting.Error);
        return JsonNode.Parse(waiting.Output)!["plan"]!["plan"]!.GetValue<string>();
    }

    private async Task<(int ExitCode, string Said)> Interrupt(bool approves, string plan, params string[] options)
    {
        using var interruption = new CancellationTokenSource();
        using var written = new StringWriter();
        var screen = new Screen(TextWriter.Synchronized(written), 100);
        var root = new RootCommand
        {
            new DecidedAndHeld(new Terminal(screen, screen), approves ? "approve" : "reject", approves, interruption),
            SharedOptions.Debug,
        };
        var exitCode = await root.Parse([approves ? "approve" : "reject", plan, "--state", _service.State, "--in-process", .. options])
            .InvokeAsync(cancellationToken: interruption.Token);
        return (exitCode, written.ToString());
    }

    /// <summary>It records the decision, is interrupted there, and does nothing more.</summary>
    private sealed class DecidedAndHeld(Terminal terminal, string name, bool approves, CancellationTokenSource interruption)
        : DecideCommand(terminal, name, "Decides, and is interrupted.", approves)
    {
        protected override async Task<DeploymentReport> Act(IPlace place, ParseResult arguments)
        {
            var accounts = (RehearsedPlace)place;
            var decision = new PlanDecision(Runs, Digest: null, arguments.GetValue<string?>("--reason"));
            var ledger = accounts.Tools.Ledger(accounts.Service.Deployer.Stage);
            var found = await decision.Find(ledger, arguments.GetValue(Execution)!);
            await decision.Make(accounts.Tools, ledger, found, "root", accounts.Rehearsal.World.Now);
            await interruption.CancelAsync();
            return await new TaskCompletionSource<DeploymentReport>().Task;
        }
    }
}
