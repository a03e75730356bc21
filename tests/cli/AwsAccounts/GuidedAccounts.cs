using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Deployer.Cli.Tests.Serving;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>
/// The world of <c>docs/first-account.md</c>: four accounts that hold Datomic and nothing of the deployer, served, and the guide's
/// commands, which run by profiles.
/// </summary>
internal sealed partial class GuidedAccounts : IAsyncDisposable
{
    private static readonly string[] Guide = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "first-account.md"));

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-guide-").FullName;
    private ServeProcess? _serve;

    /// <summary>The guide's commands, with the exit code that each is to have.</summary>
    public static IReadOnlyList<(string Command, int ExitCode)> Commands { get; } =
    [
        .. Guide
            .Select(line => CommandLine().Match(line))
            .Where(match => match.Success)
            .Select(match =>
                (match.Groups["command"].Value, match.Groups["exit"] is { Success: true, Value: var code } ? int.Parse(code) : 0)
            ),
    ];

    /// <summary>The service's folder.</summary>
    public string Service => Path.Combine(_folder, "examples", "inventory");

    public static async Task<GuidedAccounts> Start()
    {
        var accounts = new GuidedAccounts();
        await accounts.Begin();
        return accounts;
    }

    private async Task Begin()
    {
        Folders.Copy(Repository.Example, Service);

        await Change("accounts/accounts.yaml", WithoutDeployer);
        await Change("deployer.yaml", text => text.Replace("  prod:", $"{StageOfGuide()}\n  prod:", StringComparison.Ordinal));
        await using (var zip = await ZipFile.OpenAsync(Path.Combine(_folder, "functions.zip"), ZipArchiveMode.Create))
        {
            await using var entry = await zip.CreateEntry("bootstrap").OpenAsync();
            entry.Write("#!/bin/sh\n"u8);
        }

        _serve = await ServeProcess.Start(Service);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "config"),
            Profile("tools", "222222222222")
                + Profile("dev", "111111111111")
                + Profile("stage", "444444444444")
                + Profile("prod", "333333333333")
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_serve is not null)
        {
            await _serve.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Changes a file of the service.</summary>
    public async Task Change(string file, Func<string, string> change)
    {
        var path = Path.Combine(Service, file);
        await File.WriteAllTextAsync(path, change(await File.ReadAllTextAsync(path)));
    }

    /// <summary>The way to AWS of an account's administrator.</summary>
    public AwsConnection Administrator(string account) =>
        new(
            new BasicAWSCredentials(account, _serve!.Variables["AWS_SECRET_ACCESS_KEY"]),
            "us-east-1",
            _serve.Address.GetLeftPart(UriPartial.Authority),
            null
        );

    /// <summary>Runs a command of the guide: the program with its words, anything else by a shell.</summary>
    public async Task<Finished> Run(string command)
    {
        var start = command.StartsWith("deployer ", StringComparison.Ordinal)
            ? DeployerProcess.Start(command.Split(' ')[1..])
            : new ProcessStartInfo("sh", ["-c", command])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
        start.WorkingDirectory = _folder;
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_ENDPOINT_URL"] = _serve!.Address.GetLeftPart(UriPartial.Authority);
        start.Environment["AWS_CONFIG_FILE"] = Path.Combine(_folder, "config");
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(_folder, "none");
        using var process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteLineAsync("yes");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A command that asks nothing may have ended.
        }

        return await DeployerProcess.Finish(process);
    }

    /// <summary>The line for <c>deployer.yaml</c>.</summary>
    private static string StageOfGuide() => Guide.Single(line => line.StartsWith("  stage: {", StringComparison.Ordinal));

    /// <summary>The stacks of Datomic and of the service's other parts: those that no template of the deployer makes.</summary>
    private static string WithoutDeployer(string accounts)
    {
        var stacks = accounts.Split("  - account:");
        return string.Join("  - account:", stacks.Where(stack => !stack.Contains("template: deployer", StringComparison.Ordinal)));
    }

    private string Profile(string name, string account) =>
        $"""
            [profile {name}]
            region = us-east-1
            aws_access_key_id = {account}
            aws_secret_access_key = {_serve!.Variables["AWS_SECRET_ACCESS_KEY"]}

            """;

    /// <summary>A command of the guide; where it is to fail, a comment of the shell says with which exit code.</summary>
    [GeneratedRegex("^    (?<command>(deployer|aws|echo) [^#]*[^# ])( *# exit code (?<exit>[0-9]+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex CommandLine();
}
