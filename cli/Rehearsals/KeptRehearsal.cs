using System.Text.Json;
using Deployer.Cli.Output;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Rehearsals;

/// <summary>
/// Which service the accounts in a state directory were prepared for; kept there, so that an execution alone can be redriven.
/// </summary>
/// <param name="Folder">The service's folder.</param>
/// <param name="Target">A target of it.</param>
/// <param name="Service">The service's name; folders of version 0.1.0 do not say.</param>
internal sealed record KeptRehearsal(string Folder, string Target, string? Service = null)
{
    /// <summary>Keeps it, where there is a state directory.</summary>
    public async Task Write(string? state)
    {
        if (state is not null)
        {
            // Whole or not at all: a process that is killed leaves the file of before.
            var file = Path.Combine(state, OutputFile.KeptAccountsFile);
            await File.WriteAllTextAsync(NewFile(state), JsonSerializer.Serialize(this));
            File.Move(NewFile(state), file, overwrite: true);
        }
    }

    private static string NewFile(string state) => Path.Combine(state, OutputFile.KeptAccountsFile + ".new");

    /// <summary>Refuses a state directory that holds the accounts of another service, or cannot be one.</summary>
    /// <param name="state">The directory; <see langword="null"/> for accounts that are not kept.</param>
    /// <param name="folder">The service's folder.</param>
    /// <param name="service">The service's name.</param>
    /// <exception cref="InvalidInputException">It is not this service's.</exception>
    public static async Task Check(string? state, string folder, string service)
    {
        if (state is null)
        {
            return;
        }

        if (Path.TrimEndingDirectorySeparator(Path.GetFullPath(state)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
        {
            throw new InvalidInputException(
                "StateInvalid",
                $"--state {state} is the service's own folder; "
                    + $"expected a folder for the accounts alone, such as {Path.Combine(state, "state")}"
            );
        }

        if (File.Exists(state))
        {
            throw new InvalidInputException("StateInvalid", $"--state {state} is a file; expected a folder");
        }

        foreach (var file in new[] { Path.Combine(state, OutputFile.KeptAccountsFile), NewFile(state) })
        {
            if (Directory.Exists(file) || InputFile.IsSpecial(file))
            {
                throw new InvalidInputException("StateInvalid", $"{file} is no regular file; expected another folder for --state");
            }
        }

        // A folder of git.
        if (File.Exists(Path.Combine(state, RehearsedService.RepositoryFolder)))
        {
            throw new InvalidInputException(
                "StateInvalid",
                $"{Path.Combine(state, RehearsedService.RepositoryFolder)} is a file; expected another folder for --state"
            );
        }

        if (
            File.Exists(Path.Combine(state, OutputFile.KeptAccountsFile))
            && await Read(state) is { Service: { } known } kept
            && known != service
        )
        {
            throw new InvalidInputException(
                "StateInvalid",
                $"--state {state} holds the accounts of service '{known}' ({kept.Folder}); expected another folder for '{service}'"
            );
        }
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidInputException">The directory holds none.</exception>
    public static async Task<KeptRehearsal> Read(string state)
    {
        var file = Path.Combine(state, OutputFile.KeptAccountsFile);
        try
        {
            return File.Exists(file)
                ? JsonSerializer.Deserialize<KeptRehearsal>(InputFile.IsSpecial(file) ? "" : await File.ReadAllTextAsync(file))
                    is { Folder: not null, Target: not null } kept
                    ? kept
                    : throw new JsonException()
                : throw new InvalidInputException(
                    "StateInvalid",
                    $"{state} holds no accounts of a service; expected the folder given to 'rehearse --state' or 'serve SERVICE --state'"
                );
        }
        catch (JsonException)
        {
            throw new InvalidInputException("StateInvalid", $"{file} is damaged; delete it and rehearse again with this --state");
        }
    }

    /// <summary>Whether the accounts are of another folder than this one: a service may be copied, and two may have one name.</summary>
    public bool IsOfAnother(string folder) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)) != Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>
    /// The target of an execution: the one that the accounts were kept for, where the machine is of its stage, else the one that is called
    /// as the machine's stage.
    /// </summary>
    public string TargetOf(string execution) =>
        new ExecutionArn(execution).Machine is var machine
        && (DeployerStage.StageOf(machine, DeployerMachine.Deploy) ?? DeployerStage.StageOf(machine, DeployerMachine.Plan)) is { } stage
        && stage != DeployerStage.OfTarget(Target)
            ? stage
            : Target;
}
