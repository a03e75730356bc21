using Deployer.Cli.Output;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Rehearsals;

/// <summary>Faults as options name them.</summary>
internal static class FaultArguments
{
    /// <summary>Reads faults as <c>--fault</c> takes them.</summary>
    /// <exception cref="InvalidInputException">One is not known, or has another form.</exception>
    public static Faults Read(IReadOnlyList<string> faults)
    {
        try
        {
            return new Faults(faults.Select(Faults.Parse));
        }
        catch (ArgumentException exception)
        {
            // The parameter's name is the program's own.
            var message = exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal);
            throw new InvalidInputException("FaultUnknown", message);
        }
    }
}
