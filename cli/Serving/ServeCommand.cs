using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;

namespace Deployer.Cli.Serving;

/// <summary><c>deployer serve</c>: the simulated AWS for other clients.</summary>
internal sealed class ServeCommand : DeployerCommand
{
    private readonly Argument<string?> _service = new("SERVICE")
    {
        Description = "Folder with deployer.yaml and accounts/accounts.yaml; without it the accounts are empty.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _target = new("--target", "-t")
    {
        Description = "The only target of deployer.yaml whose account is prepared; all of them without it.",
        HelpName = "T",
    };
    private readonly Option<string?> _state = SharedOptions.State();
    private readonly Option<int> _port = SharedOptions.Number(
        "--port",
        "Port of 127.0.0.1; 0, the default, for a free one.",
        0,
        ushort.MaxValue,
        0
    );
    private readonly Option<TimeSpan?> _limit = new("--for")
    {
        Description = "Stops after this time, such as 90s, 10m or 2h.",
        HelpName = "DURATION",
        CustomParser = Duration,
    };
    private readonly Option<TimeSpan> _clientPatience = new("--client-patience")
    {
        Description =
            "How long simulated time keeps to the wall clock for a client that holds a task and is silent, such as 30s; "
            + "10m by default, 0s for not at all.",
        HelpName = "DURATION",
        CustomParser = result => Duration(result) ?? TimeSpan.Zero,
        DefaultValueFactory = _ => TimeSpan.FromMinutes(10),
    };

    public ServeCommand(Terminal terminal)
        : base(
            terminal,
            "serve",
            "Keeps the simulated AWS up for other clients, such as the AWS CLI, and prints the variables that they need.",
            "serve examples/inventory > rehearsal.env"
        )
    {
        Validators.Add(CheckTarget);
        Add(_service);
        Add(_target);
        Add(_state);
        Add(_port);
        Add(_limit);
        Add(_clientPatience);
    }

    /// <inheritdoc/>
    protected override Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        var settings = new ServeSettings(
            arguments.GetValue(_service),
            arguments.GetValue(_target),
            arguments.GetValue(_state),
            arguments.GetValue(_port),
            arguments.GetValue(_limit),
            arguments.GetValue(_clientPatience)
        );
        return new AccountServer(settings, Terminal).Serve(cancellation);
    }

    private void CheckTarget(CommandResult result)
    {
        if (result.GetValue(_target) is not null && result.GetValue(_service) is null)
        {
            result.AddError("--target names a target of a service; expected SERVICE before it");
        }
    }

    private static TimeSpan? Duration(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (
            int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && (count > 0 || result.Argument.ValueType == typeof(TimeSpan))
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

        result.AddError(
            $"{((OptionResult)result.Parent!).Option.Name} '{text}' is not a duration; expected a number and s, m or h, " + "such as 90s"
        );
        return null;
    }
}
