using System.Diagnostics;
using System.Text.Json;

namespace Deployer.Cli.Tests.Serving;

/// <summary>The example's accounts served, and the AWS CLI against them, when it is installed.</summary>
public sealed class AwsCli : IAsyncLifetime
{
    private ServeProcess? _serve;

    /// <summary>Why there is nothing to test with, or <see langword="null"/>.</summary>
    public string? Absence { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
        {
            Absence = "the AWS CLI (aws) is not on the path";
            return;
        }

        _serve = await ServeProcess.Start(Repository.Example, "--target", "dev", "--for", "10m");
    }

    /// <summary>Runs a command that is to succeed and reads its answer.</summary>
    public async Task<JsonElement> Json(params string[] arguments)
    {
        var text = await Text(arguments);
        using var document = JsonDocument.Parse(text.Length == 0 ? "{}" : text);
        return document.RootElement.Clone();
    }

    /// <summary>Runs a command that is to succeed and returns what it printed.</summary>
    public async Task<string> Text(params string[] arguments)
    {
        var finished = await Run(null, null, arguments);
        finished.ExitCode.ShouldBe(0, finished.Error);
        return finished.Output;
    }

    /// <summary>Runs a command that is to fail and returns what it said.</summary>
    public async Task<string> Failure(params string[] arguments)
    {
        var finished = await Run(null, null, arguments);
        finished.ExitCode.ShouldNotBe(0, finished.Output);
        return finished.Error;
    }

    /// <summary>Runs a command as the administrator of an account.</summary>
    internal async Task<Finished> Run(string? account, string? secret, params string[] arguments)
    {
        Assert.SkipWhen(Absence is not null, Absence ?? string.Empty);
        var start = new ProcessStartInfo("aws", [.. arguments, "--output", "json"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _serve!.Variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["AWS_PAGER"] = string.Empty;
        start.Environment["AWS_CONFIG_FILE"] = start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
        start.Environment["AWS_MAX_ATTEMPTS"] = "1";
        foreach (var left in new[] { "AWS_PROFILE", "AWS_SESSION_TOKEN" })
        {
            start.Environment.Remove(left);
        }

        if (secret is not null)
        {
            start.Environment["AWS_SECRET_ACCESS_KEY"] = secret;
        }

        if (account is not null)
        {
            start.Environment["AWS_ACCESS_KEY_ID"] = account;
        }

        using var process = Process.Start(start)!;
        return await DeployerProcess.Finish(process);
    }

    public async ValueTask DisposeAsync()
    {
        if (_serve is not null)
        {
            await _serve.DisposeAsync();
        }
    }

    /// <summary>Whether it is.</summary>
    public static bool IsInstalled =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "aws")));
}
