using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Commands;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Deployments;

/// <summary>A command that runs one execution of the deployer at a place and shows what it came to.</summary>
/// <typeparam name="TPlace">The places that it knows.</typeparam>
internal abstract class DeploymentCommand<TPlace>(Terminal terminal, string name, string description, string example)
    : DeployerCommand(terminal, name, description, example)
    where TPlace : IPlace
{
    /// <summary>Less than an interrupted command has to clean up.</summary>
    private static readonly TimeSpan LongestClosing = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _wall = Stopwatch.StartNew();

    /// <summary>What goes wrong on purpose.</summary>
    protected Option<string[]> Faults { get; } = SharedOptions.Faults();

    /// <summary>A file of what goes wrong on purpose.</summary>
    protected Option<string?> FaultFile { get; } = SharedOptions.FaultFile();

    /// <summary>A file of what people do meanwhile.</summary>
    protected Option<string?> Schedule { get; } = SharedOptions.Schedule();

    /// <summary>Where the result goes as JSON.</summary>
    protected Option<string?> Json { get; } = SharedOptions.Json();

    /// <summary>Whether the functions run in this process.</summary>
    protected Option<bool> InProcess { get; } = SharedOptions.InProcess();

    /// <summary>Which deployer on AWS.</summary>
    protected AwsOptions Aws { get; } = new();

    /// <summary>Whether the arguments name a deployer on AWS.</summary>
    protected virtual bool IsOnAws(ParseResult arguments) => false;

    /// <summary>Opens the place that the arguments name.</summary>
    /// <exception cref="InvalidInputException">They name none.</exception>
    protected abstract Task<TPlace> Open(ParseResult arguments, IProgressView progress, CancellationToken cancellation);

    /// <summary>Runs the execution.</summary>
    /// <exception cref="InvalidInputException">It cannot be begun.</exception>
    protected abstract Task<DeploymentReport> Act(TPlace place, ParseResult arguments);

    /// <summary>What is to be done next, with this command's arguments.</summary>
    protected abstract NextCommand Next(ParseResult arguments);

    /// <summary>The target that the arguments name, where they name one.</summary>
    protected virtual string? TargetOf(ParseResult arguments) => null;

    /// <inheritdoc/>
    protected sealed override async Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        var report = await RunExecution(arguments, cancellation);
        if (report is { HasEndedUnread: true, Deployment: { } ended })
        {
            throw new InterruptedException(
                $"interrupted; {new ExecutionArn(ended).Deployment} has ended. To see how:",
                cancellation,
                [Next(arguments).Watch(ended)]
            );
        }

        await Write(report, new DeploymentView(Next(arguments)), arguments.GetValue(Json));
        return ExitCodeOf(report);
    }

    /// <summary>The exit code of a result.</summary>
    protected virtual int ExitCodeOf(DeploymentReport report) =>
        report switch
        {
            { Verdict: Verdict.Running, IsInterrupted: true } => ExitCodes.Interrupted,
            { Verdict: Verdict.Running, Error: not null } => ExitCodes.ToolFailure,
            { Verdict: Verdict.Running } => ExitCodes.Success,
            { Verdict: Verdict.WaitingForApproval, NeverHappened.Count: 0, NotStruck.Count: 0 } => ExitCodes.WaitingForApproval,
            { Verdict: Verdict.Succeeded or Verdict.NothingToDo, NeverHappened.Count: 0, NotStruck.Count: 0 } => ExitCodes.Success,
            _ => ExitCodes.Failure,
        };

    // What was done is done: a document that cannot be written any more changes neither the result nor the exit code.
    private async Task Write(DeploymentReport report, DeploymentView view, string? json)
    {
        var tookOutput = false;
        string? unwritten = null;
        try
        {
            var output = new ResultOutput(Terminal.Output, json);
            tookOutput = report.Aws is null
                ? await output.WriteDocument(report)
                : await output.WriteDocument(DeploymentDocument.From(report));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            unwritten = json == OutputFile.StandardOutput ? OutputLost(exception) : OutputFile.Unwritten(json!, exception);
        }

        if (!tookOutput)
        {
            try
            {
                view.Show(report, Terminal.Output);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                unwritten ??= OutputLost(exception);
                view.Show(report, Terminal.Error);
            }
        }

        if (unwritten is not null)
        {
            Terminal.Error.Paragraph($"{unwritten}; the exit code is that of the deployment", tone: Tone.Bad);
        }
    }

    private static string OutputLost(Exception exception) => exception.Message;

    /// <inheritdoc/>
    public override async Task<int> Refuse(InvalidInputException fault, ParseResult arguments)
    {
        var report = new DeploymentReport
        {
            Verdict = Verdict.Invalid,
            Error = fault.Error,
            Cause = fault.Message,
            Target = arguments.Errors.Count == 0 ? TargetOf(arguments) : null,
            Clock = new ClockReport(0, _wall.Elapsed.TotalSeconds),
        };
        // The result is written where it was asked for, whatever else is wrong.
        var json = OutputFile.IsUsable(SharedOptions.JsonFile(arguments)) ? SharedOptions.JsonFile(arguments) : null;
        return await WriteDocument(report, json, arguments.Errors.Count == 0 && IsOnAws(arguments))
            ? ExitCodes.InvalidInput
            : await base.Refuse(fault, arguments);
    }

    /// <summary>Writes the document of a refusal; that it cannot be written may be what is refused, and is said then.</summary>
    private async Task<bool> WriteDocument(DeploymentReport report, string? json, bool isOnAws)
    {
        try
        {
            var output = new ResultOutput(Terminal.Output, json);
            return isOnAws ? await output.WriteDocument(DeploymentDocument.From(report)) : await output.WriteDocument(report);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The settings of the simulated accounts.</summary>
    protected RehearsalSettings Settings(ParseResult arguments, string? state, ulong seed = 1)
    {
        var file = arguments.GetValue(FaultFile);
        var lines = FaultsOf(file);
        var given = arguments.GetValue(Faults) ?? [];
        return new([.. given, .. lines.Select(line => line.Fault)], state, seed, arguments.GetValue(InProcess))
        {
            ScheduleFile = arguments.GetValue(Schedule),
            FaultPlaces = lines
                .Where(line => !given.Contains(line.Fault))
                .GroupBy(line => line.Fault, StringComparer.Ordinal)
                .ToDictionary(
                    fault => fault.Key,
                    fault => string.Create(CultureInfo.InvariantCulture, $"{file}:{fault.First().Line}"),
                    StringComparer.Ordinal
                ),
        };
    }

    private IReadOnlyList<(int Line, string Fault)> FaultsOf(string? file)
    {
        if (file is null)
        {
            return [];
        }

        return [.. Rehearsal.World.Faults.ReadLines(InputFile.Read(FaultFile.Name, file, "FaultFileUnreadable"))];
    }

    private async Task<DeploymentReport> RunExecution(ParseResult arguments, CancellationToken cancellation)
    {
        RefuseMixedOptions(arguments);
        await using var progress = new BegunExecution(Terminal.Progress(isSimulated: !IsOnAws(arguments)));
        TPlace place;
        try
        {
            place = await Open(arguments, progress, cancellation).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
            when (cancellation.IsCancellationRequested
                && progress.Accounts is { KeptIn: { } kept }
                && progress.Accounts.Underway() is [_, ..]
            )
        {
            // What earlier runs had begun goes on while the accounts are prepared.
            throw BeforeExecution(arguments, kept, progress.Accounts.Underway(), cancellation);
        }

        DeploymentReport report;
        try
        {
            var acting = Act(place, arguments);
            report = await (place.OutlivesInterruption ? acting : acting.WaitAsync(cancellation));
        }
        catch (Exception exception) when (progress.Execution is { } begun && ToolFault.OfFiles(exception) is { } fault)
        {
            await Close(place);
            IReadOnlyList<string> underway = [begun.Arn, .. place.Underway.Where(other => other != begun.Arn)];
            var said = $"{fault.Message}; {Names(underway)} had begun and {NotAtEnd(underway)}";
            throw place.KeptIn is { } kept
                ? new UnfollowedException(
                    $"{said}. When that is mended, continue {It(underway)}:",
                    [.. underway.Select(execution => Redrive(execution, kept))]
                )
                : new UnfollowedException($"{said}; the accounts were not kept", []);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && place.KeptIn is not null)
        {
            // What is said then is not held up by what cannot be closed: kept accounts stand a program that is killed.
            await Task.WhenAny(place.DisposeAsync().AsTask(), Task.Delay(LongestClosing, CancellationToken.None));
            throw Interrupted(place, place.KeptIn, progress, arguments, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && IsOnAws(arguments))
        {
            await place.DisposeAsync();
            throw BeforeExecutionOnAws(arguments, cancellation);
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }

        await Close(place);
        return report;
    }

    /// <summary>
    /// What an interruption in kept accounts says: how what was shown has ended, and all that goes on, with their commands.
    /// </summary>
    private InterruptedException Interrupted(
        TPlace place,
        string kept,
        BegunExecution progress,
        ParseResult arguments,
        CancellationToken cancellation
    )
    {
        var (shown, underway) = (progress.Execution, place.Underway);
        IReadOnlyList<string> redrives = [.. underway.Select(execution => Redrive(execution, kept))];
        if (shown is not null && progress.HasEnded)
        {
            return new InterruptedException(
                $"interrupted; {shown.Execution} has ended. To see how"
                    + (underway.Count == 0 ? ":" : $", and to continue {Names(underway)}, which had begun and {NotAtEnd(underway)}:"),
                cancellation,
                [ShellWords.Join([ProgramName.Find(), "history", .. place.ServiceArguments, "--rehearsed", kept]), .. redrives]
            );
        }

        return shown is not null && underway.Contains(shown.Arn)
            ? new InterruptedException(
                $"interrupted; {Names(underway)} had begun and {NotAtEnd(underway)}. To continue {It(underway)}, as the next deployment "
                    + "there does:",
                cancellation,
                redrives
            )
            : BeforeExecution(arguments, kept, underway, cancellation);
    }

    /// <summary>What an interruption on AWS says where no execution is followed yet.</summary>
    private protected virtual InterruptedException BeforeExecutionOnAws(ParseResult arguments, CancellationToken cancellation) =>
        new("interrupted", cancellation);

    /// <summary>What an interruption in kept accounts says where no execution of the command was seen to begin.</summary>
    /// <param name="arguments">The command's arguments.</param>
    /// <param name="kept">The folder of the accounts.</param>
    /// <param name="underway">ARNs of the deployments that earlier runs had begun and that are not at their end.</param>
    /// <param name="cancellation">By what it was interrupted.</param>
    private protected virtual InterruptedException BeforeExecution(
        ParseResult arguments,
        string kept,
        IReadOnlyList<string> underway,
        CancellationToken cancellation
    ) =>
        underway.Count == 0
            ? new($"interrupted before anything had begun; nothing goes on in the accounts of --state {kept}", cancellation)
            : new(
                $"interrupted before anything new had begun; {Names(underway)} had begun before and {NotAtEnd(underway)}. To continue "
                    + $"{It(underway)}, as the next deployment there does:",
                cancellation,
                [.. underway.Select(execution => Redrive(execution, kept))]
            );

    /// <summary>The names of executions, for a sentence.</summary>
    private protected static string Names(IReadOnlyList<string> executions) =>
        string.Join(" and ", executions.Select(execution => new ExecutionArn(execution).Deployment.Value));

    /// <summary>The command that continues an execution in kept accounts.</summary>
    private protected static string Redrive(string execution, string kept) =>
        ShellWords.Join([ProgramName.Find(), "redrive", execution, "--state", kept]);

    private static string NotAtEnd(IReadOnlyList<string> executions) =>
        executions.Count == 1 ? "is not at its end" : "are not at their end";

    private static string It(IReadOnlyList<string> executions) => executions.Count == 1 ? "it" : "them";

    /// <summary>Knows which execution has begun, and whether its end was seen.</summary>
    private sealed class BegunExecution(IProgressView inner) : IProgressView
    {
        // What was interrupted goes on behind the last sentence, until the program ends.
        private volatile bool _isOver;

        /// <summary>Its beginning; <see langword="null"/> until one has begun.</summary>
        public ProgressEvent.ExecutionBegan? Execution { get; private set; }

        /// <summary>Whether its end was seen.</summary>
        public bool HasEnded { get; private set; }

        /// <summary>The accounts, once they are opened.</summary>
        public ProgressEvent.AccountsOpened? Accounts { get; private set; }

        /// <inheritdoc/>
        public void Report(ProgressEvent happened)
        {
            if (_isOver)
            {
                return;
            }

            switch (happened)
            {
                case ProgressEvent.AccountsOpened opened:
                    Accounts = opened;
                    break;
                case ProgressEvent.ExecutionBegan began:
                    (Execution, HasEnded) = (began, false);
                    break;
                case ProgressEvent.ExecutionEnded:
                    HasEnded = true;
                    break;
            }

            inner.Report(happened);
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync()
        {
            _isOver = true;
            return inner.DisposeAsync();
        }
    }

    /// <summary>Refuses options of a rehearsal for AWS, and those of AWS for a rehearsal: neither would do anything.</summary>
    private void RefuseMixedOptions(ParseResult arguments)
    {
        IReadOnlyList<Option> foreign = IsOnAws(arguments)
            ? [Faults, FaultFile, Schedule, InProcess]
            : [.. Aws.All, .. Options.Where(option => option.Name == SharedOptions.DetachName)];
        if (foreign.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new InvalidInputException(
                "OptionsInvalid",
                IsOnAws(arguments)
                    ? $"{SharedOptions.Typed(arguments, given)} is for rehearsed accounts; expected --rehearsed DIR beside it"
                    : $"{SharedOptions.Typed(arguments, given)} is for AWS; expected no --rehearsed or --state beside it"
            );
        }
    }
}
