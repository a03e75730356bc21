namespace Deployer.Rehearsal.People;

/// <summary>What people do while a deployment runs, as a schedule file says it.</summary>
/// <param name="File">The file.</param>
/// <param name="People">Who they are.</param>
/// <param name="Acts">What they do, in the order of the file.</param>
public sealed record Schedule(string File, IReadOnlyList<Person> People, IReadOnlyList<ScheduledAct> Acts)
{
    /// <summary>Who acts where the file names nobody.</summary>
    public const string Somebody = "somebody";
}

/// <summary>Somebody who acts.</summary>
/// <param name="Name">The name: the session's name of their requests.</param>
/// <param name="Actions">
/// The IAM actions that they may use on any resource; <see langword="null"/> for an administrator of the accounts.
/// </param>
public sealed record Person(string Name, IReadOnlyList<string>? Actions);

/// <summary>Something that somebody does once.</summary>
/// <param name="Who">A person of the schedule.</param>
/// <param name="When">When they do it.</param>
/// <param name="Do">What they do.</param>
/// <param name="Position">Where the schedule says so, as <c>file:line:column</c>.</param>
public sealed record ScheduledAct(string Who, Trigger When, PersonAct Do, string Position);

/// <summary>The schedule file is not as expected; the message says where, and what was expected.</summary>
public sealed class ScheduleException(string message, Exception? inner = null) : Exception(message, inner);
