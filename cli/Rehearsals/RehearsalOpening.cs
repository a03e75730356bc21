using System.Text.Json;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Functions.Accounts;
using Deployer.Rehearsal;
using Deployer.Rehearsal.World;
using Microsoft.AspNetCore.Connections;

namespace Deployer.Cli.Rehearsals;

/// <summary>Opens the simulated AWS as the command line asks for it.</summary>
internal static class RehearsalOpening
{
    /// <summary>Opens it and starts to listen.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="inProcess">Whether the functions run in this process.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <exception cref="InvalidInputException">The state directory holds something else, or the port is taken.</exception>
    public static async Task<AwsRehearsal> Open(RehearsalOptions options, bool inProcess, int port = 0)
    {
        // The folder itself is made, as its name says that it is new; one above it that is not there is a mistake.
        if (
            options.StateDirectory is { } state
            && Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(state))) is { } parent
            && !Directory.Exists(parent)
        )
        {
            throw new InvalidInputException("StateInvalid", $"--state {state} cannot be used: there is no folder {parent}");
        }

        try
        {
            return await AwsRehearsal.Open(
                options with
                {
                    FunctionRequestTimeout = AwsConnection.RequestTimeout,
                },
                (address, gateway) => FunctionHosts.Choose(inProcess, address, gateway),
                port
            );
        }
        catch (DamagedStateException exception)
        {
            throw new InvalidInputException(
                "StateInvalid",
                $"{exception.Message}; delete {options.StateDirectory} and begin anew, or name another folder with --state"
            );
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidInputException("StateInvalid", exception.Message);
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException(
                "StateInvalid",
                $"{options.StateDirectory} was not written by this version of the program: {exception.Message}; expected another folder"
            );
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new InvalidInputException("PortInUse", $"port {port} of 127.0.0.1 is taken; expected a free one");
        }
        catch (Exception exception)
            when (options.StateDirectory is not null
                && exception is IOException or UnauthorizedAccessException
                && !ToolFault.IsOfProgram(exception)
            )
        {
            throw new InvalidInputException(
                "StateInvalid",
                // What the system says of a place such as /proc, where nothing can be made, is that the new folder is not there.
                $"--state {options.StateDirectory} cannot be used: "
                    + (
                        exception is FileNotFoundException or DirectoryNotFoundException
                            ? "nothing can be written there; expected a folder, or a name in a folder that can be written to"
                            : exception.Message
                    )
            );
        }
    }
}
