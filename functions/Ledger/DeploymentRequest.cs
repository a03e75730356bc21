using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Deployer.Functions.Errors;
using Deployer.Spec;

namespace Deployer.Functions.Ledger;

/// <summary>The input of the machine <c>deploy</c>.</summary>
/// <param name="Service">The service's name; it has to be the one in <c>deployer.yaml</c>.</param>
/// <param name="Target">A target of the file.</param>
/// <param name="Source">
/// Where the service's folder lies, as a zip; not given for a rollback, which takes the source that its revision came from, nor for a
/// change of capacity or a removal, which take the last one that was deployed.
/// </param>
/// <param name="Revision">The commit, when the source is one.</param>
/// <param name="Steps">
/// Names of the steps to run; all when not given, for a rollback those that have the revision, and for a change of capacity every compute
/// group.
/// </param>
/// <param name="By">Who asks, for the record of revisions.</param>
/// <param name="RollbackTo">An earlier revision of the ions, by its name or the beginning of it, that is deployed again without a
/// push.</param>
/// <param name="Capacity"><c>off</c> or <c>on</c>, to turn compute groups off, and on again, instead of deploying.</param>
/// <param name="Instance">The development instance of the target; the target itself when not given.</param>
/// <param name="Remove">Whether the development instance is removed.</param>
/// <param name="Expired">The expiry for which it is removed; nothing is, when it has another one by then.</param>
/// <param name="Plan">The id of the plan that is deployed: what has changed since it was made is refused.</param>
/// <param name="AsksForApproval">
/// For the machine <c>plan</c>: whether a deployment waits for the plan, so that it takes the place of older ones that wait.
/// </param>
/// <param name="After">
/// The number of the last deployment that whoever asks knows of; where another one has begun since, this one is superseded.
/// </param>
/// <param name="Pipeline">The pipeline that asks, for notifications.</param>
/// <param name="PipelineExecution">Its execution, for notifications.</param>
/// <param name="Drift">For the machine <c>plan</c>: whether what was changed by hand is looked for, whatever the target says.</param>
/// <param name="AcceptDrift">Whether what was changed by hand may be written over where the target refuses that.</param>
/// <param name="Approval">
/// For a rollback: the rule of approval that the file at hand has, which may be newer than every deployment.
/// </param>
/// <param name="FollowedBy">
/// For what a look deploys again: steps that other deployments did last, and that are looked at and deployed again after this one.
/// </param>
public sealed record DeploymentRequest(
    string Service,
    string Target,
    SourceObject? Source = null,
    string? Revision = null,
    IReadOnlyList<string>? Steps = null,
    string? By = null,
    string? RollbackTo = null,
    string? Capacity = null,
    string? Instance = null,
    bool Remove = false,
    DateTimeOffset? Expired = null,
    string? Plan = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool AsksForApproval = false,
    long? After = null,
    string? Pipeline = null,
    string? PipelineExecution = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Drift = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool AcceptDrift = false,
    RequestedApproval? Approval = null,
    IReadOnlyList<string>? FollowedBy = null
)
{
    private static readonly IReadOnlyDictionary<string, CapacityChange> Capacities = new Dictionary<string, CapacityChange>(
        StringComparer.Ordinal
    )
    {
        ["on"] = CapacityChange.On,
        ["off"] = CapacityChange.Off,
    };

    /// <summary>Members of the input that mean nothing: one that is misspelt must not pass for one that is not given.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>What the request asks for: an execution can be started with any input, by hand too.</summary>
    /// <exception cref="SpecInvalidException">It lacks something, has something unknown, or asks for two things at once.</exception>
    public ParsedRequest Parse()
    {
        CheckUnknown();
        CheckTexts();
        CheckRemoval();
        CheckMembers();
        CheckApproval();
        var subject = new RequestSubject(Service, Target, Instance, Steps ?? [], Revision, By)
        {
            Pipeline = Pipeline,
            PipelineExecution = PipelineExecution,
            Drift = Drift,
            AcceptDrift = AcceptDrift,
            Approval = Approval?.Parse(),
            FollowedBy = FollowedBy ?? [],
            IsAgain = After is not null,
        };
        return this switch
        {
            { Remove: true } => new ParsedRequest.RemoveInstance(subject, Instance!, Expired),
            { Capacity: { } capacity } => new ParsedRequest.ChangeCapacity(subject, Change(capacity)),
            { RollbackTo: { } revision } => new ParsedRequest.RollBack(subject, revision),
            _ => new ParsedRequest.Deploy(subject, Source!),
        };
    }

    private void CheckUnknown()
    {
        if (Unknown is { Count: > 0 } unknown)
        {
            throw new SpecInvalidException(
                $"the input has '{string.Join("', '", unknown.Keys.Order(StringComparer.Ordinal))}', an unknown key; expected "
                    + string.Join(
                        ", ",
                        DeploymentRequestDocuments
                            .Default.DeploymentRequest.Properties.Where(member => !member.IsExtensionData)
                            .Select(member => member.Name)
                    )
            );
        }
    }

    /// <summary>They are shown to people, in terminals too.</summary>
    private void CheckTexts()
    {
        (string Member, string? Text)[] texts =
        [
            ("revision", Revision),
            ("by", By),
            ("pipeline", Pipeline),
            ("pipelineExecution", PipelineExecution),
        ];
        if (texts.FirstOrDefault(text => text.Text?.Any(char.IsControl) == true) is { Member: { } member })
        {
            throw new SpecInvalidException(
                $"'{member}' of the input has a control character, such as a line break; expected text on one line"
            );
        }
    }

    private void CheckRemoval()
    {
        if (
            Remove
            && (
                Instance is null
                || RollbackTo is not null
                || Capacity is not null
                || Source is not null
                || Revision is not null
                || Steps is not null
            )
        )
        {
            throw new SpecInvalidException(
                "only a development instance is removed, and as a whole; "
                    + """expected {"service": …, "target": …, "instance": …, "remove": true}"""
            );
        }
    }

    private void CheckMembers()
    {
        var needsSource = !Remove && RollbackTo is null && Capacity is null;
        string?[] members =
        [
            string.IsNullOrEmpty(Service) ? "service" : null,
            string.IsNullOrEmpty(Target) ? "target" : null,
            needsSource && string.IsNullOrEmpty(Source?.Bucket) ? "source.bucket" : null,
            needsSource && string.IsNullOrEmpty(Source?.Key) ? "source.key" : null,
        ];
        var missing = members.OfType<string>().ToList();
        if (missing.Count > 0)
        {
            throw new SpecInvalidException(
                $"the input lacks {string.Join(", ", missing)}; "
                    + """expected {"service": …, "target": …, "source": {"bucket": …, "key": …}, "revision": …, "steps": […]}"""
            );
        }
    }

    private void CheckApproval()
    {
        if (Approval is not null && RollbackTo is null)
        {
            throw new SpecInvalidException(
                "the input has 'approval', which is for a rollback alone: a deployment is approved by the rule of its own deployer.yaml"
            );
        }
    }

    private CapacityChange Change(string capacity)
    {
        if (RollbackTo is not null || Source is not null)
        {
            throw new SpecInvalidException(
                "the input has 'capacity', which takes the last source that was deployed and changes nothing else; "
                    + "expected neither 'source' nor 'rollbackTo' beside it"
            );
        }

        return Capacities.TryGetValue(capacity, out var change)
            ? change
            : throw new SpecInvalidException($"'capacity' is '{capacity}'; expected one of {string.Join(", ", Capacities.Keys)}");
    }

    /// <summary>The request that an execution was started with.</summary>
    /// <param name="input">The execution's input.</param>
    /// <exception cref="SpecInvalidException">It is no object, or a member is of another type; the message names it.</exception>
    public static DeploymentRequest Read(JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.Object)
        {
            throw new SpecInvalidException(
                $"the input is {Kind(input)}; "
                    + """expected {"service": …, "target": …, "source": {"bucket": …, "key": …}, "revision": …, "steps": […]}"""
            );
        }

        string[] path;
        try
        {
            return input.Deserialize(DeploymentRequestDocuments.Default.DeploymentRequest)!;
        }
        catch (JsonException exception)
        {
            path = MembersOf(exception);
        }

        // Thrown out here: the reader's message must not come along as its cause.
        throw Mistyped(input, path);
    }

    /// <summary>
    /// The request that an execution was started with, without the members that cannot be read: of an input that was refused for them;
    /// <see langword="null"/> when it is no object.
    /// </summary>
    /// <param name="input">The execution's input; <see langword="null"/> when it is not known.</param>
    public static DeploymentRequest? FromJson(string? input)
    {
        if (input is null || ParseObject(input) is not { } members)
        {
            return null;
        }

        while (true)
        {
            try
            {
                return members.Deserialize(DeploymentRequestDocuments.Default.DeploymentRequest);
            }
            catch (JsonException exception)
            {
                if (MembersOf(exception) is not [var member, ..] || !members.Remove(member))
                {
                    return null;
                }
            }
        }
    }

    private static JsonObject? ParseObject(string input)
    {
        try
        {
            return JsonNode.Parse(input) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The names on the way to what cannot be read, of a path such as <c>$.source.key</c> or <c>$.steps[0]</c>.</summary>
    private static string[] MembersOf(JsonException exception) =>
        [.. (exception.Path ?? string.Empty).Split('.', '[').Skip(1).Where(name => !name.EndsWith(']'))];

    private static SpecInvalidException Mistyped(JsonElement input, string[] path)
    {
        var at = input;
        foreach (var name in path)
        {
            at = at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var inner) ? inner : at;
        }

        return new SpecInvalidException($"'{string.Join('.', path)}' of the input is {Kind(at)}; expected {ExpectedAt(path)}");
    }

    private static string ExpectedAt(string[] path) =>
        path switch
        {
            ["source"] => """{"bucket": …, "key": …}""",
            ["steps" or "followedBy"] or ["approval", "for"] => "a list of texts",
            ["remove" or "asksForApproval" or "drift" or "acceptDrift"] => "true or false",
            ["after"] or ["approval", "expireAfterSeconds"] => "a whole number",
            ["expired"] => "a time such as 2026-11-27T18:00:00Z",
            ["approval"] => """{"for": […], "expireAfterSeconds": …}""",
            _ => "a text",
        };

    private static string Kind(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            JsonValueKind.String => "a text",
            JsonValueKind.Number => "a number",
            JsonValueKind.True or JsonValueKind.False => "true or false",
            _ => "null",
        };

    /// <summary>The request as the input of an execution.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DeploymentRequestDocuments.Default.DeploymentRequest);
}

/// <summary>A rule of approval, as a request has it.</summary>
/// <param name="For">
/// What a plan has to have so that it needs an approval, as in the file; none for every plan that changes something.
/// </param>
/// <param name="ExpireAfterSeconds">How long an approval holds; a day when it is not given.</param>
public sealed record RequestedApproval(IReadOnlyList<string>? For = null, long? ExpireAfterSeconds = null)
{
    /// <summary>A rule as a request has it.</summary>
    public static RequestedApproval? From(ApprovalSpec? rule) =>
        rule is null
            ? null
            : new RequestedApproval(
                [.. ApprovalReasons.Names.Where(name => ApprovalReasons.Find(name) is { } reason && rule.For.Contains(reason))],
                (long)rule.ExpireAfter.TotalSeconds
            );

    /// <summary>The rule.</summary>
    /// <exception cref="SpecInvalidException">A name is not known, or an approval would hold for no time.</exception>
    public ApprovalSpec Parse()
    {
        var reasons = new List<ApprovalReason>();
        foreach (var name in For ?? [])
        {
            reasons.Add(
                ApprovalReasons.Find(name)
                    ?? throw new SpecInvalidException(
                        $"'approval.for' of the input has '{name}'; expected some of {string.Join(", ", ApprovalReasons.Names)}"
                    )
            );
        }

        if (ExpireAfterSeconds is <= 0 or > MostSeconds)
        {
            throw new SpecInvalidException(
                $"'approval.expireAfterSeconds' of the input is {ExpireAfterSeconds}; expected 1 to {MostSeconds}, which is 90 days"
            );
        }

        return new ApprovalSpec(reasons, ExpireAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : ApprovalSpec.UsualExpiry);
    }

    /// <summary>As long as plans are kept.</summary>
    private const long MostSeconds = 90 * 24 * 60 * 60;
}

/// <summary>An object in S3.</summary>
public sealed record SourceObject(string Bucket, string Key);

/// <summary>What <c>Begin</c> hands on.</summary>
public sealed record BeginAnswer(DeploymentId Deployment);

/// <summary>How the input of the machine <c>deploy</c> and the answer of its first state are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(DeploymentRequest))]
[JsonSerializable(typeof(BeginAnswer))]
internal sealed partial class DeploymentRequestDocuments : JsonSerializerContext;
