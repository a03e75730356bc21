namespace Deployer.Cli.Places;

/// <summary>What a run on AWS has besides: whose it was, and where it stands in the line of its target.</summary>
/// <param name="Stage">The deployer's stage.</param>
/// <param name="Number">The deployment's number; <see langword="null"/> when it ended before it had one.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="StartedAt">When this run of the execution began.</param>
/// <param name="EndedAt">When it ended; <see langword="null"/> while it runs.</param>
/// <param name="Redrives">How often the execution was redriven.</param>
/// <param name="LockOwner">The deployment that holds the target's lock; <see langword="null"/> when it is free.</param>
/// <param name="Settled">Whether the deployer has closed its records of the run.</param>
/// <param name="Problem">Why it could not yet; <see langword="null"/> when nothing is wrong.</param>
internal sealed record AwsRun(
    string Stage,
    long? Number,
    string? By,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    int Redrives,
    string? LockOwner,
    bool Settled,
    string? Problem
);
