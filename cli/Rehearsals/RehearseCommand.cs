using System.Diagnostics;
using System.Text.Json;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Deployments;
using Deployer.Rehearsal;
using Deployer.Rehearsal.Accounts;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.World;
using Deployer.Spec;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Rehearsals;

/// <summary><c>deployer rehearse</c> and <c>deployer redrive</c>: a whole deployment on this machine, and its result.</summary>
internal sealed class RehearseCommand(RehearseOptions options)
{
    private const string AccountsPath = "accounts/accounts.yaml";
    private const string RepositoryFolder = "repository";
    private const string RunFile = "rehearsal.json";

    private readonly Stopwatch _wall = Stopwatch.StartNew();

    /// <summary>Rehearses a deployment from the pipeline's job to its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Rehearse(string service, string target)
    {
        try
        {
            return await Run(service, target, redrive: null);
        }
        catch (InvalidInputException fault)
        {
            return await Invalid(fault, target);
        }
    }

    /// <summary>Redrives an execution of an earlier rehearsal and runs it to its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Redrive(string execution)
    {
        try
        {
            var run = Path.Combine(options.StateDirectory!, RunFile);
            if (!File.Exists(run))
            {
                throw new InvalidInputException("StateInvalid", $"{options.StateDirectory} holds no rehearsal; expected the folder given to 'rehearse --state'");
            }

            var place = JsonSerializer.Deserialize<RehearsedService>(await File.ReadAllTextAsync(run))!;
            return await Run(place.Folder, place.Target, execution);
        }
        catch (InvalidInputException fault)
        {
            return await Invalid(fault, target: null);
        }
    }

    private async Task<int> Run(string service, string targetName, string? redrive)
    {
        var folder = Path.GetFullPath(service);
        if (!Directory.Exists(folder))
        {
            throw new InvalidInputException("ServiceNotFound", $"{service}: there is no such folder; expected one with {SpecReader.FileName}");
        }

        var source = new DiskFolder(folder);
        var reading = SpecReader.Read(source);
        var spec = reading.Spec ?? throw new InvalidInputException("SpecInvalidException", string.Join('\n', reading.Faults));
        var target = spec.Target(targetName)
            ?? throw new InvalidInputException("TargetUnknown", $"{SpecReader.FileName} has no target '{targetName}'; expected one of {string.Join(", ", spec.Targets.Select(known => known.Name))}");
        var faults = Faults();
        var accounts = Accounts(folder, target);
        var state = options.StateDirectory is { } directory ? Path.GetFullPath(directory) : null;
        var scratch = state ?? Directory.CreateTempSubdirectory("deployer-rehearsal-").FullName;
        try
        {
            var rehearsalOptions = new RehearsalOptions { Seed = options.Seed, StateDirectory = state, Faults = faults, PlayedTools = PlayedTools() };
            await using var rehearsal = await AwsRehearsal.Open(rehearsalOptions, (address, gateway) => Hosts.Choose(options.InProcess, address, gateway));
            await rehearsal.Prepare(accounts, target.Name, target.Account, target.Region, Path.Combine(AppContext.BaseDirectory, "product"));
            using var tools = new AccountClients(rehearsal.Gateway, accounts.ToolsAccount, accounts.Region);
            using var inTarget = new AccountClients(rehearsal.Gateway, target.Account, target.Region);
            var report = new ReportBuilder(tools, inTarget, spec, target, source, target.Name);
            if (state is not null)
            {
                await File.WriteAllTextAsync(Path.Combine(state, RunFile), JsonSerializer.Serialize(new RehearsedService(folder, targetName)));
            }

            var rehearsed = new RehearsedRun(rehearsal, report, tools, accounts, spec, target, _wall);
            var result = redrive is null
                ? await rehearsed.Deploy(await ServiceRepository.Commit(source, Path.Combine(scratch, RepositoryFolder)), Path.Combine(scratch, RepositoryFolder))
                : await rehearsed.Redrive(redrive);
            await ReportWriter.Write(result, options.Json);
            return result.Verdict is "succeeded" or "nothing-to-do" ? 0 : 1;
        }
        catch (AccountsFileException exception)
        {
            throw new InvalidInputException("AccountsInvalid", exception.Message);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidInputException("StateInvalid", exception.Message);
        }
        finally
        {
            if (state is null)
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    private Faults Faults()
    {
        try
        {
            return new Faults(options.Faults.Select(Deployer.Rehearsal.World.Faults.Parse));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidInputException("FaultUnknown", exception.Message);
        }
    }

    private static AccountsFile Accounts(string folder, TargetSpec target)
    {
        var values = new Dictionary<string, string>(target.Values) { ["target"] = target.Name, ["account"] = target.Account };
        try
        {
            return AccountsFile.Read(Path.Combine(folder, AccountsPath), values);
        }
        catch (AccountsFileException exception)
        {
            throw new InvalidInputException("AccountsInvalid", exception.Message);
        }
    }

    private static IReadOnlyList<string> PlayedTools()
    {
        var library = Path.Combine(AppContext.BaseDirectory, "deployer.dll");
        return [Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", library, "played"];
    }

    private async Task<int> Invalid(InvalidInputException fault, string? target)
    {
        await ReportWriter.Write(
            new RehearsalReport
            {
                Verdict = "invalid",
                Error = fault.Error,
                Cause = fault.Message,
                Target = target,
                Clock = new ClockReport(0, _wall.Elapsed.TotalSeconds),
            },
            options.Json);
        return Program.BadInput;
    }

    private sealed record RehearsedService(string Folder, string Target);
}

/// <summary>Input that is wrong, before anything was called.</summary>
internal sealed class InvalidInputException(string error, string message) : Exception(message)
{
    /// <summary>What the JSON document calls it.</summary>
    public string Error { get; } = error;
}
