using System.Diagnostics;
using System.IO.Compression;
using Deployer.Cli.Tests.Serving;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>
/// <c>docs/first-account.md</c>, run as it stands: its commands, in their order, by profiles, against accounts that hold Datomic and
/// nothing of the deployer.
/// </summary>
public sealed class FirstAccountTests : IAsyncLifetime
{
    private static readonly string[] Guide = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "first-account.md"));

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-guide-").FullName;
    private ServeProcess? _serve;

    private string Service => Path.Combine(_folder, "examples", "inventory");

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Example, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Service, Path.GetRelativePath(Repository.Example, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await File.WriteAllTextAsync(
            Path.Combine(Service, "accounts", "accounts.yaml"),
            WithoutDeployer(await File.ReadAllTextAsync(Path.Combine(Service, "accounts", "accounts.yaml")))
        );
        await using (var zip = await ZipFile.OpenAsync(Path.Combine(_folder, "functions.zip"), ZipArchiveMode.Create))
        {
            await using var entry = await zip.CreateEntry("bootstrap").OpenAsync();
            entry.Write("#!/bin/sh\n"u8);
        }

        _serve = await ServeProcess.Start(Service, "--target", "dev");
        await File.WriteAllTextAsync(Path.Combine(_folder, "config"), Profile("tools", "222222222222") + Profile("dev", "111111111111"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_serve is not null)
        {
            await _serve.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_guide_works_as_it_is_written()
    {
        var commands = Guide.Where(line => line.StartsWith("    deployer ", StringComparison.Ordinal)).Select(line => line.Trim()).ToList();
        var outputs = new List<(string Command, string Output)>();

        foreach (var command in commands)
        {
            var run = await Run(command);
            run.ExitCode.ShouldBe(0, $"{command}\n{run.Output}\n{run.Error}");
            outputs.Add((command, run.Output.Words()));
        }

        commands.Count.ShouldBe(15);
        Outputs("init").Single().ShouldContain("orders/deployer.yaml is valid");
        Outputs("init").Single().ShouldEndWith("deployer bootstrap service orders --target dev --tools-account 222222222222 --profile dev");
        Outputs("bootstrap tools").Single().ShouldContain("stack deployer-dev in account 222222222222, us-east-1: CREATE_COMPLETE");
        Outputs("bootstrap target").Count.ShouldBe(2);
        Outputs("bootstrap target")[1].ShouldContain("no changes");
        Outputs("doctor").Single().ShouldContain("nothing stands in the way of a deployment");
        var deployments = Outputs("deploy");
        deployments[0].ShouldStartWith("✓ inventory to dev: succeeded in ");
        deployments[0].ShouldContain("✓ ions released");
        deployments[1].ShouldStartWith("✓ inventory to dev: nothing to do in ");
        Outputs("releases").Single().ShouldContain("ions: ");
        Outputs("history").Single().ShouldContain("succeeded in ");
        Outputs("teardown tools").Single().ShouldContain("stays: Table (AWS::DynamoDB::Table) deployer-dev");

        IReadOnlyList<string> Outputs(string name) =>
            [.. outputs.Where(run => run.Command.StartsWith($"deployer {name} ", StringComparison.Ordinal)).Select(run => run.Output)];
    }

    /// <summary>The stacks of Datomic and of the service's other parts: those that no template of the deployer makes.</summary>
    private static string WithoutDeployer(string accounts)
    {
        var stacks = accounts.Split("  - account:");
        return string.Join("  - account:", stacks.Where(stack => !stack.Contains("template: deployer", StringComparison.Ordinal)));
    }

    private async Task<Finished> Run(string command)
    {
        var start = DeployerProcess.Start(command.Split(' ')[1..]);
        start.WorkingDirectory = _folder;
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_ENDPOINT_URL"] = _serve!.Address.GetLeftPart(UriPartial.Authority);
        start.Environment["AWS_CONFIG_FILE"] = Path.Combine(_folder, "config");
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(_folder, "none");
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync("yes");
        process.StandardInput.Close();
        return await DeployerProcess.Finish(process);
    }

    private string Profile(string name, string account) =>
        $"""
            [profile {name}]
            region = us-east-1
            aws_access_key_id = {account}
            aws_secret_access_key = {_serve!.Variables["AWS_SECRET_ACCESS_KEY"]}

            """;
}
