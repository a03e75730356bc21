using System.CommandLine;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;

namespace Deployer.Cli.Deployments;

/// <summary>
/// Executions in rehearsed accounts, whose time passes while a command runs and stands still between commands: nobody can come upon one
/// that is on its way.
/// </summary>
internal static class RehearsedExecutions
{
    /// <summary>The option that names rehearsed accounts, for commands that have nothing to do there.</summary>
    public static Option<string?> Option()
    {
        var option = SharedOptions.Rehearsed();
        option.Hidden = true;
        return option;
    }

    /// <summary>Refuses rehearsed accounts.</summary>
    /// <param name="state">The folder; <see langword="null"/> where it was not given.</param>
    /// <param name="execution">The execution's ARN.</param>
    /// <param name="done">What cannot be done there.</param>
    /// <exception cref="InvalidInputException">The folder was given.</exception>
    public static void Refuse(string? state, string execution, string done)
    {
        if (state is not null)
        {
            throw new InvalidInputException(
                "OptionsInvalid",
                $"in the rehearsed accounts of {state} time stands still between commands, so that nothing can be {done} there; expected "
                    + $"'deployer history SERVICE --rehearsed {state}' to see what was deployed, 'deployer redrive {execution} --rehearsed "
                    + $"{state}' to go on with it, or a stop in a --schedule"
            );
        }
    }
}
