using System.CommandLine;
using System.CommandLine.Parsing;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;
using Deployer.Spec;

namespace Deployer.Cli.Bootstrap;

/// <summary><c>deployer bootstrap</c>: makes or updates a stack of the product in the account of the profile.</summary>
internal sealed class BootstrapCommand : StackCommand
{
    private const string NamedRoles = "CAPABILITY_NAMED_IAM";
    private const string Transforms = "CAPABILITY_AUTO_EXPAND";

    private readonly Option<string?> _toolsAccount = new("--tools-account")
    {
        Description = "With target and service: the account of the deployer.",
        HelpName = "ACCOUNT",
    };
    private readonly Option<string?> _toolsRegion = new("--tools-region")
    {
        Description = "With target: the region of the deployer; that of the target when not given.",
        HelpName = "REGION",
    };
    private readonly Option<string?> _functions = new("--functions")
    {
        Description = "With tools: the zip with the native functions, where the program's package has none.",
        HelpName = "ZIP",
    };
    private readonly Option<string[]> _parameters = new("--parameter")
    {
        Description =
            "A parameter of the template, such as AllowedTargets=111111111111; others keep their value. May be given several times.",
        AllowMultipleArgumentsPerToken = false,
        HelpName = "NAME=VALUE",
    };

    public BootstrapCommand(Terminal terminal)
        : base(
            terminal,
            "bootstrap",
            "Makes or updates a stack of the deployer in the account of the profile; shows what changes, asks, and waits for the end.",
            "bootstrap target --stage dev --tools-account 222222222222 --profile dev"
        )
    {
        _parameters.Validators.Add(CheckParameters);
        AddArguments(_toolsAccount, _toolsRegion, _functions, _parameters);
    }

    /// <inheritdoc/>
    protected override Task<int> Run(ParseResult arguments, CancellationToken cancellation) =>
        new AwsFaults(Aws.Settings(arguments)).Translated(() => RunOnAws(arguments, cancellation));

    private async Task<int> RunOnAws(ParseResult arguments, CancellationToken cancellation)
    {
        var stack = Named(arguments);
        var access = await AwsAccess.Open(Aws.Settings(arguments), cancellation);
        CheckAccount(stack, access);
        await using var progress = new ProgressLines(Terminal.Error) as IProgressView;
        using var installation = new StackInstallation(access, progress);
        var order = await Order(stack, access, arguments, installation, progress, cancellation);
        return await Install(stack, order, access, installation, arguments, cancellation);
    }

    private async Task<int> Install(
        NamedStack stack,
        StackOrder order,
        AwsAccess access,
        StackInstallation installation,
        ParseResult arguments,
        CancellationToken cancellation
    )
    {
        var where = $"account {access.Account}, {access.Region}";
        if (await installation.Prepare(order, cancellation) is not { } change)
        {
            Terminal.Output.Line($"✓ stack {stack.Name} in {where}: no changes", Tone.Good);
            ShowNext(stack, access);
            return ExitCodes.Success;
        }

        Show(change, stack, where);
        try
        {
            Confirm(arguments, $"{(change.IsNew ? "Make" : "Update")} stack {stack.Name} in {where}?");
        }
        catch (InvalidInputException)
        {
            await installation.Discard(change);
            throw;
        }

        var done = await installation.Execute(change, cancellation);
        Terminal.Output.Line($"✓ stack {stack.Name} in {where}: {done.StackStatus}", Tone.Good);
        ShowNext(stack, access);
        return ExitCodes.Success;
    }

    private void Show(PreparedChange change, NamedStack stack, string where)
    {
        Terminal.Output.Line($"stack {stack.Name} in {where}: {(change.IsNew ? "new" : "changes")}");
        foreach (var resource in change.Resources.OrderBy(resource => resource.Name, StringComparer.Ordinal))
        {
            var mark = resource.Action switch
            {
                "Add" => "+",
                "Remove" => "-",
                _ => resource.IsReplaced ? "-/+" : "~",
            };
            Terminal.Output.Line($"  {mark, -3} {resource.Name}  {resource.Type}", resource.IsReplaced ? Tone.Warning : Tone.Plain);
        }
    }

    private void ShowNext(NamedStack stack, AwsAccess access)
    {
        Terminal.Output.Heading("Next");
        string[] lines = stack.What switch
        {
            Tools =>
            [
                "In each account that it deploys to:",
                $"deployer bootstrap target --stage {stack.Stage} --tools-account {access.Account} --tools-region {access.Region} "
                    + "--profile TARGET",
            ],
            TargetAccount =>
            [
                "For each service:",
                $"deployer bootstrap service SERVICE --target {stack.Stage} --tools-account TOOLS --profile TARGET",
            ],
            Pipeline =>
            [
                "Each push deploys to its stages, one after the other. What ran where:",
                "deployer releases SERVICE --profile TOOLS",
            ],
            _ =>
            [
                "From the deployer's account, proof that a deployment finds what it needs:",
                $"deployer doctor SERVICE --target {stack.Service!.Target.Name} --stage {stack.Stage} --profile TOOLS",
            ],
        };
        Terminal.Output.Paragraph(lines[0], 2);
        Terminal.Output.Line($"  {lines[1]}");
    }

    private async Task<StackOrder> Order(
        NamedStack stack,
        AwsAccess access,
        ParseResult arguments,
        StackInstallation installation,
        IProgressView progress,
        CancellationToken cancellation
    )
    {
        var given = (arguments.GetValue(_parameters) ?? [])
            .Select(parameter => parameter.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        if (stack.Pipeline is { } spec)
        {
            return OfPipeline(stack, spec, given);
        }

        given.TryAdd("Stage", stack.Stage);
        return await OfStage(stack, access, arguments, installation, progress, given, cancellation);
    }

    /// <summary>The repository and the stages are those of the file: its targets, in their order.</summary>
    private static StackOrder OfPipeline(NamedStack stack, ServiceSpec spec, Dictionary<string, string> given)
    {
        string[] stages = ["FirstStage", "SecondStage", "ThirdStage"];
        if (spec.Repository is not { Connection: { } connection } repository)
        {
            throw new InvalidInputException(
                "RepositoryMissing",
                "deployer.yaml names no repository with a connection, from which a pipeline takes its source; "
                    + "expected repository: { url: …, connection: … }"
            );
        }

        if (!stages.Any(given.ContainsKey))
        {
            if (spec.Targets.Count > stages.Length)
            {
                throw new InvalidInputException(
                    "OptionsInvalid",
                    $"deployer.yaml has {spec.Targets.Count} targets, and a pipeline has {stages.Length} stages at most; "
                        + "expected --parameter FirstStage=NAME, SecondStage and ThirdStage"
                );
            }

            foreach (var (name, target) in stages.Zip(spec.Targets))
            {
                given[name] = target.Name;
            }
        }

        given.TryAdd("Service", spec.Service);
        given.TryAdd("Connection", connection);
        given.TryAdd("Repository", repository.FullId);
        return new StackOrder(stack.Name, ProductTemplates.Read("pipeline.yaml"), null, given, [NamedRoles]);
    }

    private async Task<StackOrder> OfStage(
        NamedStack stack,
        AwsAccess access,
        ParseResult arguments,
        StackInstallation installation,
        IProgressView progress,
        Dictionary<string, string> given,
        CancellationToken cancellation
    )
    {
        switch (stack.What)
        {
            case Tools:
                if (!given.ContainsKey("AllowedTargets") && await installation.Find(stack.Name) is null)
                {
                    throw new InvalidInputException(
                        "OptionsInvalid",
                        "a new deployer needs the accounts that it may deploy to: --parameter AllowedTargets=111111111111"
                    );
                }

                return new StackOrder(
                    stack.Name,
                    null,
                    await ProductTemplates.Upload(access, Functions(arguments), progress, cancellation),
                    given,
                    [NamedRoles, Transforms]
                );
            case TargetAccount:
                if (arguments.GetValue(_toolsAccount) is { } account)
                {
                    given.TryAdd("ToolsAccount", account);
                }

                if (await installation.Find(stack.Name) is null)
                {
                    RequireToolsAccount(given);
                    given.TryAdd("ToolsRegion", arguments.GetValue(_toolsRegion) ?? access.Region);
                }
                else if (arguments.GetValue(_toolsRegion) is { } region)
                {
                    given.TryAdd("ToolsRegion", region);
                }

                return new StackOrder(stack.Name, ProductTemplates.Read("target.yaml"), null, given, [NamedRoles]);
            default:
                var (spec, target) = (stack.Service!.Spec, stack.Service.Target);
                given.TryAdd("Service", spec.Service);
                if (arguments.GetValue(_toolsAccount) is { } tools)
                {
                    given.TryAdd("ToolsAccount", tools);
                }

                if (target.Values.GetValueOrDefault("system") is { } system)
                {
                    given.TryAdd("System", system);
                }

                if (await installation.Find(stack.Name) is null)
                {
                    RequireToolsAccount(given);
                    if (!given.ContainsKey("System"))
                    {
                        throw new InvalidInputException(
                            "OptionsInvalid",
                            $"target '{target.Name}' has no value 'system'; expected --parameter System=NAME, the Datomic system"
                        );
                    }
                }

                return new StackOrder(stack.Name, ProductTemplates.Read("service-access.yaml"), null, given, [NamedRoles]);
        }
    }

    private static void RequireToolsAccount(Dictionary<string, string> given)
    {
        if (!given.ContainsKey("ToolsAccount"))
        {
            throw new InvalidInputException(
                "OptionsInvalid",
                "a new stack needs the account of the deployer: --tools-account 222222222222"
            );
        }
    }

    private string Functions(ParseResult arguments)
    {
        var functions = arguments.GetValue(_functions) ?? ProductTemplates.Functions;
        return File.Exists(functions)
            ? functions
            : throw new InvalidInputException(
                "FunctionsMissing",
                $"there are no functions at {functions}; expected --functions with a zip that has the native executable as 'bootstrap', "
                    + "as build/native.sh makes it (docs/native-functions.md)"
            );
    }

    private static void CheckParameters(OptionResult result)
    {
        if (result.Tokens.FirstOrDefault(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0) is { } wrong)
        {
            result.AddError($"--parameter '{wrong.Value}' is no parameter; expected NAME=VALUE");
        }
    }
}
