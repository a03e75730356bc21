using System.Text.Json;

namespace Deployer.Cli.Rehearsals;

/// <summary>Which service the played accounts in a state directory were prepared for; kept there, so that an execution alone can be redriven.</summary>
/// <param name="Folder">The service's folder.</param>
/// <param name="Target">A target of it.</param>
internal sealed record RehearsalPlace(string Folder, string Target)
{
    private const string FileName = "rehearsal.json";
    private const string Before = "deployer-";
    private const string After = "-deploy";

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
    public static async Task<RehearsalPlace> Read(string state)
    {
        var file = Path.Combine(state, FileName);
        return File.Exists(file)
            ? JsonSerializer.Deserialize<RehearsalPlace>(await File.ReadAllTextAsync(file))!
            : throw new InvalidInputException(
                "StateInvalid",
                $"{state} holds no accounts of a service; expected the folder given to 'rehearse --state' or 'serve SERVICE --state'"
            );
    }

    /// <summary>The target of an execution: its machine is the one of that target's stage.</summary>
    public string TargetOf(string execution) =>
        execution.Split(':') is [.., var machine, _]
        && machine.Length > Before.Length + After.Length
        && machine.StartsWith(Before, StringComparison.Ordinal)
        && machine.EndsWith(After, StringComparison.Ordinal)
            ? machine[Before.Length..^After.Length]
            : Target;
}
