using System.CommandLine;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Accounts;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Init;

/// <summary><c>deployer init</c>: writes a deployer.yaml, from options, answers, and the compute group that runs.</summary>
internal sealed class InitCommand : DeployerCommand
{
    private readonly Argument<string> _folder = new("SERVICE") { Description = "Folder that deployer.yaml is written to." };
    private readonly Option<string?> _service = Text("--service", "The service's name.", "NAME");
    private readonly Option<string?> _target = Text("--target", "The first target, which names its deployer's stage too.", "T", "-t");
    private readonly Option<string?> _account = Text("--account", "The target's account; with --profile that of the profile.", "ACCOUNT");
    private readonly Option<string?> _system = Text("--system", "The Datomic system; with --profile that of the group.", "NAME");
    private readonly Option<string?> _group = Text("--group", "With --profile: the stack of the group, where there are several.", "STACK");
    private readonly Option<string?> _repository = Text("--repository", "Address of the service's repository.", "URL");
    private readonly Option<string?> _connection = Text("--connection", "ARN of the connection by which it is cloned.", "ARN");
    private readonly Option<string?> _profile = Text(
        "--profile",
        "Profile of the target's account, in which the running query group is read.",
        "NAME"
    );
    private readonly Option<string?> _region = Text("--region", "The target's region; else that of the profile.", "REGION");
    private readonly Option<string?> _json = SharedOptions.Json();
    private bool _isAsking;
    private CancellationToken _interruption;

    public InitCommand(Terminal terminal)
        : base(
            terminal,
            "init",
            "Writes a deployer.yaml that is valid: asks what no option says, and reads the running query group with --profile.",
            "init orders --service orders --target dev --profile dev"
        )
    {
        Add(_folder);
        foreach (var option in new[] { _service, _target, _account, _region, _system, _repository, _connection, _group, _profile, _json })
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    protected override async Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        _interruption = cancellation;
        var folder = arguments.GetValue(_folder)!;
        var file = Path.Combine(folder, SpecFile.Name);
        if (File.Exists(file))
        {
            throw new InvalidInputException("FileExists", $"{file} already exists; 'deployer validate {folder}' checks it");
        }

        AccountId.Check(arguments.GetValue(_account), _account.Name);
        var running = await Running(arguments, cancellation);
        var answers = new ServiceAnswers(
            Answer(arguments, _service, "the service's name", null),
            Answer(arguments, _target, "the first target, such as dev", null),
            AccountId.Check(Answer(arguments, _account, "the target's account", running?.Account), _account.Name)!,
            Answer(arguments, _region, "the target's region", running?.Region),
            Answer(arguments, _system, "the Datomic system", running?.System),
            Optional(arguments, _repository, "the address of the service's repository"),
            Optional(arguments, _connection, "the ARN of the connection by which it is cloned")
        );
        var files = new WrittenFiles(folder);
        try
        {
            await files.Write(ServiceFile.Write(answers, running, IonsIn(folder)), cancellation);
            var faults = ServiceFiles.Check(folder, new DiskFolder(folder)).Faults;
            if (faults.Count > 0)
            {
                throw new InvalidInputException("SpecInvalidException", string.Join('\n', faults));
            }
        }
        catch
        {
            files.Remove();
            throw;
        }

        var report = new InitReport(answers.Service, answers.Target, files.Paths, [Next(folder, answers, running)]);
        await new ResultOutput(Terminal.Output, arguments.GetValue(_json)).Write(report, new InitView());
        return ExitCodes.Success;
    }

    /// <summary>The service is granted what it needs where the account knows its deployer; else the deployer is made first.</summary>
    private NextStep Next(string folder, ServiceAnswers answers, RunningGroup? running)
    {
        var stage = DeployerStage.OfTarget(answers.Target);
        return running?.ToolsAccount is { } tools
            ? new NextStep(
                $"Grant the deployer of stage {stage} what it needs for the service:",
                ShellWords.Join([
                    ProgramName.Find(),
                    "bootstrap",
                    "service",
                    folder,
                    "--target",
                    answers.Target,
                    "--tools-account",
                    tools,
                    .. running.Access.Words,
                ])
            )
            : new NextStep(
                $"Make the deployer of stage {stage}, with credentials of its own account; where there is one, go on with "
                    + "'bootstrap service':",
                ShellWords.Join([
                    ProgramName.Find(),
                    "bootstrap",
                    "tools",
                    "--stage",
                    stage,
                    "--parameter",
                    $"AllowedTargets={answers.Account}",
                ])
            );
    }

    private static Option<string?> Text(string name, string description, string help, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = help };

    private async Task<RunningGroup?> Running(ParseResult arguments, CancellationToken cancellation)
    {
        if (arguments.GetValue(_profile) is not { } profile)
        {
            return arguments.GetValue(_group) is null
                ? null
                : throw new InvalidInputException("OptionsInvalid", "--group is read with --profile of its account");
        }

        var settings = new AwsSettings(profile, arguments.GetValue(_region), null);
        return await new AwsFaults(settings).Translated(async () =>
        {
            var access = await AwsAccess.Open(settings, cancellation);
            return await RunningGroup.Read(
                access,
                arguments.GetValue(_group),
                arguments.GetValue(_system),
                arguments.GetValue(_target),
                cancellation
            );
        });
    }

    /// <summary>What an option says, else what runs, else a person.</summary>
    private string Answer(ParseResult arguments, Option<string?> option, string what, string? known)
    {
        if ((arguments.GetValue(option) ?? known) is { Length: > 0 } given)
        {
            return given;
        }

        _isAsking = true;
        return Ask(what, option.Name) is { Length: > 0 } answer
            ? answer
            : throw new InvalidInputException("OptionsInvalid", $"{what} is missing; expected {option.Name}");
    }

    /// <summary>
    /// What an option says, else a person who is asked anyway. Whoever gives all that is needed by options, as a script does, is not kept
    /// waiting for what is not.
    /// </summary>
    private string? Optional(ParseResult arguments, Option<string?> option, string what) =>
        arguments.GetValue(option) is { Length: > 0 } given ? given
        : _isAsking && Ask(what, $"{option.Name}, empty for none") is { Length: > 0 } answer ? answer
        : null;

    private string? Ask(string what, string how) => Terminal.Ask($"{char.ToUpperInvariant(what[0])}{what[1..]} ({how}):", _interruption);

    /// <summary>The folder with ions, where there is one.</summary>
    private static string? IonsIn(string folder) =>
        File.Exists(Path.Combine(folder, "ions", "deps.edn")) ? "ions"
        : File.Exists(Path.Combine(folder, "deps.edn")) ? "."
        : null;
}
