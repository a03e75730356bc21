using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Errors;

/// <summary>What helps after an execution that failed.</summary>
public enum Remedy
{
    /// <summary>A redrive: the task that failed begins again, waits again, or looks again, and nothing has to change in the service's
    /// files.</summary>
    Redrive,

    /// <summary>A redrive where the cause is outside of the service's files, which it takes as they were; otherwise a new deployment of
    /// corrected ones.</summary>
    RedriveOrCorrect,

    /// <summary>
    /// A rollback to the revision before, which the record names where there is one; a redrive looks again where what runs has become well.
    /// </summary>
    Rollback,

    /// <summary>
    /// A redrive, which looks again where what runs has become well, or a newer release: the one before may not read what is stored.
    /// </summary>
    LookAgain,

    /// <summary>A new deployment of the same files: a redrive would end the same way, since it runs nothing that was done again.</summary>
    Deploy,

    /// <summary>A new plan, which somebody approves: a deployment of the same plan would be refused again.</summary>
    Plan,

    /// <summary>To turn the compute group on, and then a new deployment of the same files.</summary>
    TurnOn,

    /// <summary>To set the capacity of a compute group by hand, which is recorded nowhere, and then a redrive.</summary>
    SetCapacity,

    /// <summary>To put back what was changed by hand and then a redrive, or a deployment that may write over it.</summary>
    RevertOrAcceptDrift,

    /// <summary>A release of the same files in the stage before, which the record names, and then a new deployment of them.</summary>
    ReleaseBefore,

    /// <summary>A new deployment of corrected files, or a corrected request: a redrive takes the same ones again.</summary>
    Correct,
}

/// <summary>What helps after an error.</summary>
/// <param name="Error">The exception's name, as Step Functions records it.</param>
/// <param name="Remedy">What helps.</param>
public sealed record ErrorRemedy(string Error, Remedy Remedy);

/// <summary>Decides for each error of an execution what helps.</summary>
/// <param name="ofKinds">Those of the kinds of steps, which stand with each kind.</param>
public sealed class Remedies(IEnumerable<ErrorRemedy> ofKinds)
{
    /// <summary>The errors that every deployment can end with, whatever its steps.</summary>
    private static readonly IReadOnlyList<ErrorRemedy> Common =
    [
        new(nameof(NotYetException), Remedy.Redrive),
        new(nameof(AwsUnavailableException), Remedy.Redrive),
        // A permission or a quota outside, or what a file asks for.
        new(nameof(AwsRefusedException), Remedy.RedriveOrCorrect),
        new(nameof(DeployerFaultException), Remedy.Redrive),
        new(nameof(PayloadInvalidException), Remedy.Correct),
        new(nameof(SpecInvalidException), Remedy.Correct),
        // The files are uploaded again, once the changed ones are removed.
        new(nameof(SourceChangedException), Remedy.Deploy),
        // Once the other deployment has ended.
        new(nameof(TargetBusyException), Remedy.Redrive),
        new(nameof(ExecutionEndedException), Remedy.Deploy),
        new(nameof(SweepIncompleteException), Remedy.Redrive),
        new(nameof(SupersededException), Remedy.Deploy),
        new(nameof(PipelineStoppedException), Remedy.Redrive),
        new(nameof(StepTimedOutException), Remedy.Redrive),
        // A redrive enters the proof, which compares again and deploys nothing.
        new(nameof(StepDiffersException), Remedy.Deploy),
        new(nameof(DriftedException), Remedy.RevertOrAcceptDrift),
        // By another plan, which somebody approves.
        new(nameof(ApprovalNeededException), Remedy.Plan),
        new(nameof(PlanChangedException), Remedy.Plan),
    ];

    private readonly FrozenDictionary<string, ErrorRemedy> _byError = Common
        .Concat(ofKinds)
        .ToFrozenDictionary(known => known.Error, StringComparer.Ordinal);

    /// <summary>
    /// What helps after an execution that ended with this error; one of Step Functions' or Lambda's own is of the moment.
    /// </summary>
    /// <param name="error">The error as Step Functions records it; <see langword="null"/> when the execution was stopped.</param>
    public Remedy After(string? error) => _byError.GetValueOrDefault(error ?? string.Empty)?.Remedy ?? Remedy.Redrive;

    /// <summary>The errors that are decided on.</summary>
    internal IEnumerable<string> Errors => _byError.Keys;
}

/// <summary>Registers what helps after the errors of a kind of step.</summary>
public static class RemedyServices
{
    /// <summary>Adds what helps after each error of a kind.</summary>
    public static IServiceCollection AddRemedies(this IServiceCollection services, IReadOnlyList<ErrorRemedy> remedies)
    {
        foreach (var remedy in remedies)
        {
            services.AddSingleton(remedy);
        }

        return services;
    }
}
