using System.Text.Json;
using Deployer.Cli.Output;

namespace Deployer.Cli.Rehearsals;

/// <summary>
/// Which service the accounts in a state directory were prepared for; kept there, so that an execution alone can be redriven.
/// </summary>
/// <param name="Folder">The service's folder.</param>
/// <param name="Target">A target of it.</param>
internal sealed record KeptRehearsal(string Folder, string Target)
{
    private const string FileName = "rehearsal.json";
    private const string BeforeStage = "deployer-";
    private const string AfterStage = "-deploy";

    /// <summary>Keeps it, where there is a state directory.</summary>
    public async Task Write(string? state)
    {
        if (state is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(state, FileName), JsonSerializer.Serialize(this));
        }
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidInputException">The directory holds none.</exception>
    public static async Task<KeptRehearsal> Read(string state)
    {
        var file = Path.Combine(state, FileName);
        return File.Exists(file)
            ? JsonSerializer.Deserialize<KeptRehearsal>(await File.ReadAllTextAsync(file))!
            : throw new InvalidInputException(
                "StateInvalid",
                $"{state} holds no accounts of a service; expected the folder given to 'rehearse --state' or 'serve SERVICE --state'"
            );
    }

    /// <summary>The target of an execution: its machine is the one of that target's stage.</summary>
    public string TargetOf(string execution) =>
        execution.Split(':') is [.., var machine, _]
        && machine.Length > BeforeStage.Length + AfterStage.Length
        && machine.StartsWith(BeforeStage, StringComparison.Ordinal)
        && machine.EndsWith(AfterStage, StringComparison.Ordinal)
            ? machine[BeforeStage.Length..^AfterStage.Length]
            : Target;
}
