using Deployer.Rehearsal.World;

namespace Deployer.Cli.Rehearsals;

/// <summary>Faults as options and files name them.</summary>
/// <param name="Given">All of them, in the order in which they were given.</param>
/// <param name="Known">Those that there are.</param>
/// <param name="Unknown">Why there is no such fault, or what it lacks, for each of the others.</param>
internal sealed record FaultArguments(IReadOnlyList<string> Given, Faults Known, IReadOnlyList<(string Fault, string Problem)> Unknown)
{
    /// <summary>What the JSON document calls faults that do not exist, or have another form.</summary>
    public const string Invalid = "FaultUnknown";

    /// <summary>Reads faults as <c>--fault</c> takes them.</summary>
    public static FaultArguments Read(IReadOnlyList<string> faults)
    {
        var problems = faults.Select(fault => (Fault: fault, Problem: Problem(fault))).ToList();
        return new FaultArguments(
            faults,
            new Faults(problems.Where(given => given.Problem is null).Select(given => Faults.Parse(given.Fault))),
            [.. problems.Where(given => given.Problem is not null).Select(given => (given.Fault, given.Problem!))]
        );
    }

    private static string? Problem(string fault)
    {
        try
        {
            _ = new Faults([Faults.Parse(fault)]);
            return null;
        }
        catch (ArgumentException exception)
        {
            // The parameter's name is the program's own. A file may be anything: nothing of it may steer a terminal.
            var message = exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal);
            return string.Concat(message.Select(character => char.IsControl(character) ? '?' : character));
        }
    }
}
