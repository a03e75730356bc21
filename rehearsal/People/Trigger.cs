using System.Globalization;

namespace Deployer.Rehearsal.People;

/// <summary>When something is done.</summary>
public abstract record Trigger
{
    private Trigger() { }

    /// <summary>How long after the trigger it is done.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>The trigger in words, as the document has it.</summary>
    public abstract string Words { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => Wait == TimeSpan.Zero ? Words : $"{ScheduleTime.Text(Wait)} after {Words}";

    /// <summary>At a simulated time since the start of the run.</summary>
    public sealed record At(TimeSpan Time) : Trigger
    {
        /// <inheritdoc/>
        public override string Words => $"at {ScheduleTime.Text(Time)}";
    }

    /// <summary>When a step or one of its tasks begins or ends, in the run's own deployment.</summary>
    /// <param name="Step">The step; <see langword="null"/> for a task of any step or of none.</param>
    /// <param name="Task">The task; <see langword="null"/> for the step as a whole.</param>
    /// <param name="Ends">Whether it ends; else it begins.</param>
    public sealed record Progress(string? Step, string? Task, bool Ends) : Trigger
    {
        /// <inheritdoc/>
        public override string Words => $"{(Step is null || Task is null ? Step ?? Task : $"{Step}/{Task}")} {(Ends ? "ends" : "begins")}";
    }

    /// <summary>When a deployment's execution closes, however it ends.</summary>
    /// <param name="Deployment">Which deployment of the run: 1 is its own, the others follow as they begin.</param>
    /// <param name="Occurrence">Which time it closes, from 1: a redriven one closes again.</param>
    public sealed record Closes(int Deployment, int Occurrence) : Trigger
    {
        /// <inheritdoc/>
        public override string Words => $"deployment {Deployment} closes{(Occurrence == 1 ? string.Empty : $" for time {Occurrence}")}";
    }

    /// <summary>When a request of an invocation, a build or a person has had its effect, before its answer is there.</summary>
    /// <param name="Of">A function, by the last word of its name; <see cref="Builds"/>; or a person of the schedule.</param>
    /// <param name="Number">Which request of an invocation, a build or a person's act, from 1.</param>
    /// <param name="Invocation">
    /// Which of these, from 1 in the order of their first requests; <see langword="null"/> for the first that makes so many requests.
    /// </param>
    /// <param name="Operation">Counts only the requests for it, as <c>service:Operation</c>.</param>
    public sealed record Request(string Of, int Number, int? Invocation, string? Operation) : Trigger
    {
        /// <summary>What builds are called, of whichever project.</summary>
        public const string Builds = "build";

        /// <inheritdoc/>
        public override string Words =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"request {Number} of {Of}{Suffix(" in invocation ", Invocation)}{Suffix(" for ", Operation)}"
            );

        private static string Suffix(string before, object? value) => value is null ? string.Empty : $"{before}{value}";
    }
}
