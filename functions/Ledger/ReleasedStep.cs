namespace Deployer.Functions.Ledger;

/// <summary>What a step of a service last did with success on a target: the base of "unchanged" and of later steps' outputs.</summary>
public sealed record ReleasedStep
{
    /// <summary>The step's name; set when the record is written.</summary>
    public string Step { get; init; } = string.Empty;

    /// <summary>The deployment that did it.</summary>
    public required string Deployment { get; init; }

    /// <summary>Digest of everything that went in.</summary>
    public required string Inputs { get; init; }

    /// <summary>Values for later steps.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Identity of what runs: a stack's id, a revision.</summary>
    public required string Resource { get; init; }

    /// <summary>When AWS says it was last changed, in AWS's words; another value means that someone else changed it.</summary>
    public string? LastChanged { get; init; }

    /// <summary>Further facts, by name.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the record of what a step released lies.</summary>
    public static LedgerKey<ReleasedStep> Key(string service, string target, string step) =>
        new($"TARGET#{service}#{target}", $"STEP#{step}", Documents.Default.ReleasedStep);

    /// <summary>What the steps of a service last released on a target.</summary>
    public static LedgerRange<ReleasedStep> All(string service, string target) =>
        new($"TARGET#{service}#{target}", "STEP#", Documents.Default.ReleasedStep);
}
