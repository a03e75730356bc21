using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Deployer.Cli.Output;

namespace Deployer.Cli.Commands;

/// <summary>Arguments and options that several commands take, in the same words.</summary>
internal static class SharedOptions
{
    /// <summary>An execution of the machine <c>deploy</c>.</summary>
    public static Argument<string> Execution() => new("ARN") { Description = "ARN of the execution, as 'deployment' in the result." };

    /// <summary>The option of which the parser's refusal still needs the value.</summary>
    public const string JsonName = "--json";

    // As functions/Ions/Revisions.cs has it.
    private const int ShortestRevision = 7;
    private const string StateName = "--state";
    private const string RehearsedName = "--rehearsed";
    private const string InstanceName = "--instance";

    public static Argument<string> Service() => NotEmpty(new Argument<string>("SERVICE") { Description = "Folder with deployer.yaml." });

    public static Option<string> Target() =>
        new("--target", "-t")
        {
            Description = "A target of deployer.yaml.",
            Required = true,
            HelpName = "T",
        };

    public static Option<string?> Instance() =>
        new(InstanceName)
        {
            Description = "A development instance of the target: stacks and a group of its own, until it expires.",
            HelpName = "NAME",
        };

    public static Option<string?> Revision() =>
        new("--revision")
        {
            Description = "The commit that the folder is, which its repository has: ions get its name. Without it they get a unique one.",
            HelpName = "COMMIT",
        };

    /// <summary>Refuses what can be no commit, nor the beginning of one.</summary>
    /// <exception cref="InvalidInputException">It can be none.</exception>
    public static void CheckRevision(string? revision)
    {
        if (revision is not null)
        {
            CheckRevision("--revision", revision, "a commit of 7 or more characters");
        }
    }

    /// <summary>Refuses what can be no revision, nor the beginning of one.</summary>
    /// <exception cref="InvalidInputException">It can be none.</exception>
    public static void CheckRevision(string option, string revision, string expected)
    {
        if (
            revision.Length < ShortestRevision
            || !revision.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
        )
        {
            throw new InvalidInputException("OptionsInvalid", $"{option} is '{revision}'; expected {expected}");
        }
    }

    public static Option<string?> RequiredInstance() =>
        new(InstanceName)
        {
            Description = "The development instance.",
            Required = true,
            HelpName = "NAME",
        };

    public static Option<string[]> Faults() =>
        new("--fault")
        {
            Description = "What goes wrong on purpose, as NAME or NAME:WHAT; may be given several times. 'deployer faults' lists them.",
            AllowMultipleArgumentsPerToken = false,
            HelpName = "NAME[:WHAT]",
        };

    public static Option<string?> FaultFile() =>
        new("--faults") { Description = "File with what goes wrong on purpose: a line each, as --fault takes it.", HelpName = "FILE" };

    public static Option<string?> State() =>
        NotEmpty(
            new Option<string?>(StateName, RehearsedName)
            {
                Description = "Folder in which the simulated accounts are kept from run to run.",
                HelpName = "DIR",
            }
        );

    /// <summary>The option that makes rehearsed accounts the place of a command that works on AWS otherwise.</summary>
    public static Option<string?> Rehearsed() =>
        NotEmpty(
            new Option<string?>(RehearsedName, StateName)
            {
                Description = "Works in the simulated accounts that a rehearsal kept in this folder, instead of on AWS.",
                HelpName = "DIR",
            }
        );

    /// <summary>The name of the option that leaves what was started to itself.</summary>
    public const string DetachName = "--detach";

    public static Option<bool> Detach() =>
        new(DetachName) { Description = "Starts it on AWS and ends; 'deployer watch' shows how it goes on." };

    public static Option<ulong> Seed() =>
        Number("--seed", "Fixes every id and duration: the same seed gives the same document.", ulong.MinValue, ulong.MaxValue, 1UL);

    /// <summary>An option that takes a whole number; what is none, or beyond the limits, is refused in one sentence.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="least">The least number.</param>
    /// <param name="most">The greatest number.</param>
    /// <param name="otherwise">The number when it is not given.</param>
    public static Option<T> Number<T>(string name, string description, T least, T most, T otherwise)
        where T : IBinaryInteger<T> =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => otherwise,
            CustomParser = result =>
            {
                var text = result.Tokens.Single().Value;
                if (
                    T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number >= least
                    && number <= most
                )
                {
                    return number;
                }

                result.AddError(
                    string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; expected a whole number from {least} to {most}")
                );
                return otherwise;
            },
        };

    public static Option<string?> Schedule() =>
        new("--schedule")
        {
            Description = "File that says what people do meanwhile: stop the deployment, redrive it, change a stack by hand.",
            HelpName = "FILE",
        };

    public static Option<string?> Json() =>
        new(JsonName) { Description = "File to which the result is written as JSON; - for standard output.", HelpName = "FILE" };

    /// <summary>Taken by every command; the help of the program alone describes it.</summary>
    public static Option<bool> Debug { get; } =
        new("--debug")
        {
            Description = "Shows where in the program a fault of it is.",
            Hidden = true,
            Recursive = true,
        };

    /// <summary>The file that the arguments name for the document; <see langword="null"/> when they name none.</summary>
    public static string? JsonFile(ParseResult arguments) =>
        arguments.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(result => result.Option.Name == JsonName)
            is { Tokens: [var file] }
            ? file.Value
            : null;

    public static Option<bool> InProcess() =>
        new("--in-process") { Description = "Runs the functions in this process instead of as executables." };

    /// <summary>How an option was typed, by its name or another of its names.</summary>
    public static string Typed(ParseResult arguments, Option option) => arguments.GetResult(option)?.IdentifierToken?.Value ?? option.Name;

    private static Option<T> NotEmpty<T>(Option<T> folder)
    {
        folder.Validators.Add(result => RefuseEmpty(result, folder.Name));
        return folder;
    }

    private static Argument<T> NotEmpty<T>(Argument<T> folder)
    {
        folder.Validators.Add(result => RefuseEmpty(result, folder.Name));
        return folder;
    }

    private static void RefuseEmpty(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError($"{name} is an empty text; expected a folder");
        }
    }
}
