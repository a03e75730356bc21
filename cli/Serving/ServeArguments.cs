using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Deployer.Cli.Serving;

/// <summary>What <c>deployer serve</c> takes.</summary>
internal static class ServeArguments
{
    public static Command Create()
    {
        var service = new Argument<string?>("SERVICE")
        {
            Description = "Folder with deployer.yaml and accounts/accounts.yaml; without it the accounts are empty.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var target = new Option<string?>("--target", "-t")
        {
            Description = "The only target of deployer.yaml whose account is prepared; all of them without it.",
            HelpName = "T",
        };
        var state = new Option<string?>("--state")
        {
            Description = "Folder in which the played accounts are kept from run to run.",
            HelpName = "DIR",
        };
        var port = new Option<int>("--port") { Description = "Port of 127.0.0.1; 0, the default, for a free one.", HelpName = "N" };
        var limit = new Option<TimeSpan?>("--for")
        {
            Description = "Stops after this time, such as 90s, 10m or 2h.",
            HelpName = "DURATION",
            CustomParser = Duration,
        };
        port.Validators.Add(result =>
        {
            // What is no number at all is named by the parser itself.
            if (
                result.Tokens is [var token]
                && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number)
                && number is < 0 or > ushort.MaxValue
            )
            {
                result.AddError($"--port is not a port; expected 0 to {ushort.MaxValue}");
            }
        });
        var command = new Command(
            "serve",
            "Keeps the rehearsed AWS up on this machine for other clients, such as the AWS CLI, and prints the variables that they need."
        )
        {
            service,
            target,
            state,
            port,
            limit,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(target) is not null && result.GetValue(service) is null)
            {
                result.AddError("--target names a target of a service; expected SERVICE before it");
            }
        });
        command.SetAction(
            (parsed, cancellation) =>
                new ServeCommand(
                    new ServeOptions(
                        parsed.GetValue(service),
                        parsed.GetValue(target),
                        parsed.GetValue(state),
                        parsed.GetValue(port),
                        parsed.GetValue(limit)
                    )
                ).Run(cancellation)
        );
        return command;
    }

    private static TimeSpan? Duration(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (
            int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0
        )
        {
            switch (text[^1])
            {
                case 's':
                    return TimeSpan.FromSeconds(count);
                case 'm':
                    return TimeSpan.FromMinutes(count);
                case 'h' when count <= 24 * 40:
                    return TimeSpan.FromHours(count);
            }
        }

        result.AddError($"--for '{text}' is not a duration; expected a number and s, m or h, such as 90s");
        return null;
    }
}
