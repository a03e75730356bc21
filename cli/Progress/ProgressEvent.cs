namespace Deployer.Cli.Progress;

/// <summary>Something that begins or ends while a command works.</summary>
internal abstract record ProgressEvent
{
    private ProgressEvent() { }

    /// <summary>Accounts were opened in which deployments of earlier runs may go on.</summary>
    /// <param name="KeptIn">The folder that keeps them; <see langword="null"/> where none does.</param>
    /// <param name="Underway">Asks for the ARNs of the deployments that have begun and are not at their end.</param>
    public sealed record AccountsOpened(string? KeptIn, Func<IReadOnlyList<string>> Underway) : ProgressEvent;

    /// <summary>Work of this machine begins, such as preparing the accounts.</summary>
    /// <param name="Work">What is being done.</param>
    public sealed record WorkBegan(string Work) : ProgressEvent;

    /// <summary>Work of this machine is done.</summary>
    /// <param name="Result">What is there now.</param>
    public sealed record WorkEnded(string Result) : ProgressEvent;

    /// <summary>An execution was started or redriven, or goes on.</summary>
    /// <param name="At">Simulated time since the run began.</param>
    /// <param name="Execution">The execution's name.</param>
    /// <param name="Work">What it does, such as <c>deploying</c>.</param>
    /// <param name="Beginning">How it began to run.</param>
    public sealed record ExecutionBegan(TimeSpan At, string Execution, string Work, ExecutionBeginning Beginning) : ProgressEvent
    {
        /// <summary>Its ARN.</summary>
        public string Arn { get; init; } = string.Empty;
    }

    /// <summary>The steps that have something to do are known.</summary>
    /// <param name="At">Simulated time since the run began.</param>
    /// <param name="Steps">Their names, in the order of their waves.</param>
    public sealed record StepsOrdered(TimeSpan At, IReadOnlyList<string> Steps) : ProgressEvent;

    /// <summary>A step begins a task and waits for it.</summary>
    /// <param name="At">Simulated time since the run began.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Task">What is done, in words.</param>
    public sealed record TaskBegan(TimeSpan At, string Step, string Task) : ProgressEvent;

    /// <summary>The task of a step waits for something in AWS.</summary>
    /// <param name="At">Time since the run began.</param>
    /// <param name="Step">The step.</param>
    /// <param name="Resource">For what, in words.</param>
    public sealed record TaskWaits(TimeSpan At, string Step, string Resource) : ProgressEvent;

    /// <summary>A step has ended.</summary>
    /// <param name="At">Simulated time since the run began.</param>
    /// <param name="Step">The step.</param>
    /// <param name="End">How.</param>
    public sealed record StepEnded(TimeSpan At, string Step, StepEnd End) : ProgressEvent;

    /// <summary>Time passes on the wall clock, and nothing else happens.</summary>
    /// <param name="At">Time since the run began.</param>
    public sealed record TimePassed(TimeSpan At) : ProgressEvent;

    /// <summary>An execution has closed.</summary>
    /// <param name="At">Simulated time since the run began.</param>
    /// <param name="End">How.</param>
    public sealed record ExecutionEnded(TimeSpan At, ExecutionEnd End) : ProgressEvent;
}

/// <summary>How an execution began to run.</summary>
internal enum ExecutionBeginning
{
    /// <summary>It was started.</summary>
    Started,

    /// <summary>It had failed, and was redriven.</summary>
    Redriven,

    /// <summary>It had been left in the midst of what it does, as simulated time stood still.</summary>
    Continued,
}

/// <summary>How an execution closed.</summary>
internal enum ExecutionEnd
{
    /// <summary>With success.</summary>
    Succeeded,

    /// <summary>With a failure.</summary>
    Failed,

    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>It took longer than its state machine lets it.</summary>
    TimedOut,
}

/// <summary>The words for an end.</summary>
internal static class ExecutionEnds
{
    /// <summary>How an execution closed, in words.</summary>
    public static string Word(this ExecutionEnd end) => end == ExecutionEnd.TimedOut ? "timed out" : end.ToString().ToLowerInvariant();
}

/// <summary>How a step ended.</summary>
internal enum StepEnd
{
    /// <summary>With success.</summary>
    Succeeded,

    /// <summary>With a failure.</summary>
    Failed,

    /// <summary>It was stopped, because a step beside it failed.</summary>
    Stopped,

    /// <summary>It was compared, for a plan.</summary>
    Planned,

    /// <summary>It was left out, because nothing of it had changed.</summary>
    Unchanged,
}
