using System.Text.Json;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.Iam;

/// <summary>
/// Reads policy documents and refuses what IAM refuses.
/// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
/// </summary>
internal static partial class PolicyParser
{
    private static readonly HashSet<string> DocumentElements = ["Version", "Id", "Statement"];

    private static readonly HashSet<string> StatementElements =
    [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];

    public static PolicyDocument Parse(string json, PolicyKind kind)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            throw new MalformedPolicyException("This policy contains invalid Json");
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new MalformedPolicyException("Syntax errors in policy.");
        }

        OnlyKnown(root, DocumentElements);
        var version = root.TryGetProperty("Version", out var given) ? Text(given) : "2008-10-17";
        if (version is not ("2008-10-17" or "2012-10-17"))
        {
            throw new MalformedPolicyException("The policy must contain a valid version string");
        }

        if (!root.TryGetProperty("Statement", out var element))
        {
            throw new MalformedPolicyException("Missing required field Statement");
        }

        var hasVariables = version == "2012-10-17";
        PolicyStatement[] statements = element.ValueKind switch
        {
            JsonValueKind.Array => [.. element.EnumerateArray().Select(one => Statement(one, kind, hasVariables))],
            _ => [Statement(element, kind, hasVariables)],
        };
        if (statements.Length == 0)
        {
            throw new MalformedPolicyException("Missing required field Statement cannot be empty!");
        }

        if (
            statements
                .Where(statement => statement.Sid is not null)
                .GroupBy(statement => statement.Sid)
                .FirstOrDefault(group => group.Count() > 1) is
            { } twice
        )
        {
            throw new MalformedPolicyException($"Statement IDs (SID) in a single policy must be unique: {twice.Key}.");
        }

        return new PolicyDocument(statements);
    }

    private static PolicyStatement Statement(JsonElement element, PolicyKind kind, bool hasVariables)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new MalformedPolicyException("Syntax errors in policy.");
        }

        OnlyKnown(element, StatementElements);
        var action = Match(element, "Action", "NotAction") ?? throw new MalformedPolicyException("Policy statement must contain actions.");
        if (action.Patterns.FirstOrDefault(pattern => pattern != "*" && !ActionShape().IsMatch(pattern)) is not null)
        {
            throw new MalformedPolicyException("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        }

        return new PolicyStatement(Effect(element), action)
        {
            Sid = element.TryGetProperty("Sid", out var sid) && Text(sid) is { Length: > 0 } name ? name : null,
            Principal = Principal(element, kind),
            Resource = Resource(element, kind),
            Conditions = Conditions(element),
            HasVariables = hasVariables,
        };
    }

    private static PolicyEffect Effect(JsonElement statement) =>
        !statement.TryGetProperty("Effect", out var effect) ? throw new MalformedPolicyException("Missing required field Effect")
        : effect.ValueKind == JsonValueKind.String && effect.GetString() is { } text && text is "Allow" or "Deny"
            ? Enum.Parse<PolicyEffect>(effect.GetString()!)
        : throw new MalformedPolicyException($"Invalid effect: {effect}");

    private static MatchElement? Resource(JsonElement statement, PolicyKind kind)
    {
        var resource = Match(statement, "Resource", "NotResource");
        if (kind == PolicyKind.Trust)
        {
            return resource is null ? null : throw new MalformedPolicyException("Has prohibited field Resource");
        }

        if (resource is null)
        {
            throw new MalformedPolicyException("Policy statement must contain resources.");
        }

        return resource.Patterns.FirstOrDefault(pattern => pattern != "*" && !ArnShape().IsMatch(pattern)) is { } wrong
            ? throw new MalformedPolicyException($"Resource {wrong} must be in ARN format or \"*\".")
            : resource;
    }

    private static PrincipalElement? Principal(JsonElement statement, PolicyKind kind)
    {
        var negated = statement.TryGetProperty("NotPrincipal", out var element);
        if (!negated && !statement.TryGetProperty("Principal", out element))
        {
            return kind == PolicyKind.Identity ? null : throw new MalformedPolicyException("Missing required field Principal");
        }

        if (kind == PolicyKind.Identity)
        {
            throw new MalformedPolicyException("Policy document should not specify a principal.");
        }

        if (element.ValueKind == JsonValueKind.String && element.GetString() == "*")
        {
            return new(Anyone: true, [], [], negated);
        }

        if (element.ValueKind != JsonValueKind.Object || !element.EnumerateObject().Any())
        {
            throw new MalformedPolicyException("Invalid principal in policy");
        }

        foreach (var unknown in element.EnumerateObject().Select(property => property.Name).Where(name => name is not ("AWS" or "Service")))
        {
            throw unknown is "Federated" or "CanonicalUser"
                ? new NotSupportedException($"The rehearsal does not judge {unknown} principals.")
                : new MalformedPolicyException("Invalid principal in policy");
        }

        var aws = element.TryGetProperty("AWS", out var names) ? Strings(names) : [];
        var services = element.TryGetProperty("Service", out names) ? Strings(names) : [];
        if (aws.FirstOrDefault(name => name != "*" && !PrincipalShape().IsMatch(name)) is { } wrong)
        {
            throw new MalformedPolicyException($"Invalid principal in policy: \"AWS\":\"{wrong}\"");
        }

        return new(aws.Contains("*", StringComparer.Ordinal), aws, services, negated);
    }

    private static PolicyCondition[] Conditions(JsonElement statement) =>
        statement.TryGetProperty("Condition", out var block)
            ?
            [
                .. from operation in Object(block)
                from key in Object(operation.Value)
                select new PolicyCondition(operation.Name, key.Name, Strings(key.Value)),
            ]
            : [];

    private static IEnumerable<JsonProperty> Object(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject()
            : throw new MalformedPolicyException("Syntax errors in policy.");

    private static MatchElement? Match(JsonElement statement, string name, string negatedName)
    {
        var plain = statement.TryGetProperty(name, out var patterns);
        var negated = statement.TryGetProperty(negatedName, out var negatedPatterns);
        return (plain, negated) switch
        {
            (true, true) => throw new MalformedPolicyException($"Statement/policy already has instance of {name}"),
            (false, false) => null,
            _ => new MatchElement(Strings(plain ? patterns : negatedPatterns), negated),
        };
    }

    // Numbers and booleans are allowed where strings are: {"Bool": {"aws:SecureTransport": false}}.
    private static string[] Strings(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(Strings)],
            JsonValueKind.String => [element.GetString()!],
            JsonValueKind.Number => [element.GetRawText()],
            JsonValueKind.True => ["true"],
            JsonValueKind.False => ["false"],
            _ => throw new MalformedPolicyException("Syntax errors in policy."),
        };

    private static string Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new MalformedPolicyException("Syntax errors in policy.");

    private static void OnlyKnown(JsonElement element, HashSet<string> known)
    {
        if (
            element.EnumerateObject().FirstOrDefault(property => !known.Contains(property.Name)) is
            { Value.ValueKind: not JsonValueKind.Undefined }
        )
        {
            throw new MalformedPolicyException("Syntax errors in policy.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ActionShape();

    [GeneratedRegex("^(arn|\\*):.*:.*:.*:.*:.+$|^arn:\\*$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ArnShape();

    [GeneratedRegex(
        "^([0-9]{12}|arn:aws:(iam|sts)::[0-9]{12}:(root|role/[^*?]+|user/[^*?]+|assumed-role/[^*?]+/[^*?]+))$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex PrincipalShape();
}
