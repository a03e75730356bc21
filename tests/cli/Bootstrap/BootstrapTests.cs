using System.Diagnostics;
using System.IO.Compression;
using Deployer.Cli.Tests.Rehearsals;
using Deployer.Cli.Tests.Serving;

namespace Deployer.Cli.Tests.Bootstrap;

/// <summary>From empty accounts to a deployment, by processes over HTTP.</summary>
public sealed class BootstrapTests : IAsyncLifetime
{
    private const string Tools = "222222222222";
    private const string Target = "111111111111";

    private readonly SmallService _service = new();
    private ServeProcess? _serve;

    public async ValueTask InitializeAsync()
    {
        _serve = await ServeProcess.Start();
        await using var zip = await ZipFile.OpenAsync(Functions, ZipArchiveMode.Create);
        await using var entry = await zip.CreateEntry("bootstrap").OpenAsync();
        entry.Write("#!/bin/sh\n"u8);
    }

    public async ValueTask DisposeAsync()
    {
        if (_serve is not null)
        {
            await _serve.DisposeAsync();
        }

        _service.Dispose();
    }

    [Fact]
    public async Task The_stacks_are_made_in_empty_accounts_changed_by_nothing_but_a_change_and_deleted()
    {
        string[] tools = ["bootstrap", "tools", "--stage", "dev", "--functions", Functions];
        string[] target = ["bootstrap", "target", "--stage", "dev", "--tools-account", Tools];
        string[] service = ["bootstrap", "service", _service.Folder, "--target", "dev", "--tools-account", Tools];

        var withoutTargets = await Run(Tools, [.. tools, "--yes"]);
        var unconfirmed = await Run(Target, target);
        var made = await Run(Tools, [.. tools, "--parameter", $"AllowedTargets={Target}", "--yes"]);
        var again = await Run(Tools, [.. tools, "--yes"]);
        var targetMade = await Run(Target, [.. target, "--yes"]);
        var wrongAccount = await Run(Tools, [.. service, "--yes"]);
        var serviceMade = await Run(Target, [.. service, "--yes"]);
        var serviceAgain = await Run(Target, [.. service, "--yes"]);
        var plan = await Run(Tools, "history", _service.Folder, "--target", "dev");
        var serviceGone = await Run(Target, "teardown", "service", _service.Folder, "--target", "dev", "--yes");
        var targetGone = await Run(Target, "teardown", "target", "--stage", "dev", "--yes");
        var toolsGone = await Run(Tools, "teardown", "tools", "--stage", "dev", "--yes");

        Refused(withoutTargets, "a new deployer needs the accounts that it may deploy to");
        Refused(unconfirmed, "not confirmed, and nothing was changed");
        unconfirmed.Output.ShouldContain("  +   TargetRole  AWS::IAM::Role");
        Succeeded(made, "✓ stack deployer-dev in account 222222222222, us-east-1: CREATE_COMPLETE");
        made.Output.ShouldContain("  +   Table  AWS::DynamoDB::Table");
        made.Output.ShouldContain("deployer bootstrap target --stage dev --tools-account 222222222222 --tools-region us-east-1");
        Succeeded(again, "✓ stack deployer-dev in account 222222222222, us-east-1: no changes");
        Succeeded(targetMade, "✓ stack deployer-target-dev in account 111111111111, us-east-1: CREATE_COMPLETE");
        Refused(wrongAccount, "target 'dev' is account 111111111111, us-east-1, and the credentials are of account 222222222222");
        Succeeded(serviceMade, "✓ stack deployer-inventory-dev in account 111111111111, us-east-1: CREATE_COMPLETE");
        Succeeded(serviceAgain, "no changes");
        Succeeded(plan, "inventory was not deployed to dev by this deployer in the last 90 days");
        Succeeded(serviceGone, "is deleted");
        Succeeded(targetGone, "is deleted");
        Succeeded(toolsGone, "is deleted");
        toolsGone.Output.Words().ShouldContain("stays: Table (AWS::DynamoDB::Table) deployer-dev; its template retains it");
    }

    [Fact]
    public async Task A_parameter_that_the_template_does_not_have_is_named()
    {
        var refused = await Run(
            Target,
            ["bootstrap", "target", "--stage", "dev", "--tools-account", Tools, "--parameter", "Colour=red", "--yes"]
        );

        Refused(refused, "the template of stack deployer-target-dev has no parameter 'Colour'; expected one of ");
    }

    private string Functions => _service.At("functions.zip");

    private async Task<Finished> Run(string account, params string[] arguments)
    {
        var start = DeployerProcess.Start(arguments);
        foreach (var (name, value) in _serve!.Variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["AWS_ACCESS_KEY_ID"] = account;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        return await DeployerProcess.Finish(process);
    }

    private static void Refused(Finished run, string said)
    {
        run.ExitCode.ShouldBe(2, run.Error + run.Output);
        run.Error.Words().ShouldContain(said);
    }

    private static void Succeeded(Finished run, string said)
    {
        run.ExitCode.ShouldBe(0, run.Error + run.Output);
        run.Output.Words().ShouldContain(said);
    }
}
