using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Stacks;

/// <summary>What a stack is made from.</summary>
public sealed record StackDefinition(string TemplateBody)
{
    /// <summary>The text with the language extensions expanded; null when the template does not ask for them.</summary>
    public string? Expanded { get; init; }

    /// <summary>The text that is executed.</summary>
    [JsonIgnore]
    public string Executed => Expanded ?? TemplateBody;

    /// <summary>The values of the parameters.</summary>
    public Dictionary<string, ParameterValue> Parameters { get; init; } = [];

    /// <summary>The stack's tags.</summary>
    public SortedDictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The topics that events go to.</summary>
    public List<string> NotificationArns { get; init; } = [];

    /// <summary>What the caller has acknowledged.</summary>
    public List<string> Capabilities { get; init; } = [];

    /// <summary>The service role whose permissions are used instead of the caller's.</summary>
    public string? RoleArn { get; init; }
}

/// <summary>One output of a stack.</summary>
public sealed record StackOutput(string Key, string Value, string? Description, string? ExportName);

/// <summary>An operation that was started on a stack.</summary>
public sealed record LastOperation(string Id, string Type);

/// <summary>A stack, living or deleted. Kept in the table <c>cloudformation/stacks</c> under its <see cref="Key"/>.</summary>
public sealed class StackRecord
{
    /// <summary>The account that the stack is in.</summary>
    public required string Account { get; init; }

    /// <summary>The region that the stack is in.</summary>
    public required string Region { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Name { get; init; }

    /// <summary>What makes the id unique among stacks of the same name.</summary>
    public required string Uuid { get; init; }

    /// <summary>The key of the record.</summary>
    [JsonIgnore]
    public string Key => RegionalKey.Create(Account, Region, Name, Uuid);

    /// <summary>The stack's ARN.</summary>
    [JsonIgnore]
    public string Id => $"arn:aws:cloudformation:{Region}:{Account}:stack/{Name}/{Uuid}";

    /// <summary>The stack's state.</summary>
    public StackStatus Status { get; set; }

    /// <summary>Why the state was reached.</summary>
    public string? StatusReason { get; set; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>When it was last updated.</summary>
    public DateTimeOffset? Updated { get; set; }

    /// <summary>When it was deleted.</summary>
    public DateTimeOffset? Deleted { get; set; }

    /// <summary>What the stack was last made from with success, or is being created from.</summary>
    public required StackDefinition Definition { get; set; }

    /// <summary>Whether there ever was more of it than change sets under review.</summary>
    [JsonIgnore]
    public bool WasMade => Definition.TemplateBody.Length > 0;

    /// <summary>Whether a failure leaves the stack as it is.</summary>
    public bool DisableRollback { get; set; }

    /// <summary>Whether the stack is protected from deletion.</summary>
    public bool TerminationProtection { get; set; }

    /// <summary>The stack's outputs.</summary>
    public List<StackOutput> Outputs { get; set; } = [];

    /// <summary>The names of the exports that the stack's values were taken from.</summary>
    public SortedSet<string> Imports { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The resources by their logical ids.</summary>
    public Dictionary<string, ResourceRecord> Resources { get; set; } = [];

    /// <summary>The key of the stack that this one is nested in, and as which resource.</summary>
    public string? ParentKey { get; init; }

    /// <summary>The resource of the outer stack that this one is.</summary>
    public string? ParentLogicalId { get; init; }

    /// <summary>The outermost stack's key; null for that one itself.</summary>
    public string? RootKey { get; init; }

    /// <summary>The change set that was executed last.</summary>
    public string? ChangeSetId { get; set; }

    /// <summary>Which kind of operation each client request token began.</summary>
    public Dictionary<string, string> Tokens { get; set; } = [];

    /// <summary>The operations that were started last.</summary>
    public List<LastOperation> LastOperations { get; set; } = [];

    /// <summary>How many events the stack has had.</summary>
    public int Events { get; set; }

    /// <summary>What is being done to the stack.</summary>
    public OperationRecord? Operation { get; set; }

    /// <summary>An operation that stopped halfway, which a rollback or a continued rollback takes up again.</summary>
    public OperationRecord? Stopped { get; set; }

    /// <summary>The stack as it is now, whatever becomes of this one. Definitions and resources are replaced as a whole.</summary>
    internal StackRecord Copy()
    {
        var copy = (StackRecord)MemberwiseClone();
        copy.Outputs = [.. Outputs];
        copy.Imports = new SortedSet<string>(Imports, StringComparer.Ordinal);
        copy.Resources = new Dictionary<string, ResourceRecord>(Resources);
        copy.Tokens = new Dictionary<string, string>(Tokens);
        copy.LastOperations = [.. LastOperations];
        copy.Operation = Operation?.Copy();
        copy.Stopped = Stopped?.Copy();
        return copy;
    }

    /// <summary>The definition as it is described: that of a running update, too.</summary>
    [JsonIgnore]
    public StackDefinition Described =>
        Operation is { Target: { } target, Phase: OperationPhase.Apply or OperationPhase.Cleanup } ? target : Definition;
}

/// <summary>A resource of a stack.</summary>
public sealed record ResourceRecord(string LogicalId, string Type)
{
    /// <summary>The resource's name or id; null before it exists.</summary>
    public string? PhysicalId { get; init; }

    /// <summary>The resource's state.</summary>
    public ResourceStatus Status { get; init; }

    /// <summary>Why the state was reached.</summary>
    public string? StatusReason { get; init; }

    /// <summary>When the state was reached.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>Evaluated, as the resource was last made from them.</summary>
    public JsonObject Properties { get; init; } = [];

    /// <summary>What <c>Ref</c> gives.</summary>
    public string? Reference { get; init; }

    /// <summary>What <c>Fn::GetAtt</c> gives.</summary>
    public Dictionary<string, JsonNode> Attributes { get; init; } = [];
}
