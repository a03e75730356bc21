using System.Text.Json;

namespace Deployer.Functions.Checks;

/// <summary>The policy of an event bus, as far as it says which accounts may put events on it.</summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html</remarks>
internal static class BusPolicy
{
    /// <summary>Whether some statement lets an account put events; its conditions aside.</summary>
    /// <param name="policy">The policy as JSON; <see langword="null"/> for none.</param>
    /// <param name="account">Twelve digits.</param>
    public static bool Allows(string? policy, string account)
    {
        if (string.IsNullOrEmpty(policy))
        {
            return false;
        }

        using var document = JsonDocument.Parse(policy);
        foreach (var statement in Many(document.RootElement.GetProperty("Statement")))
        {
            if (Text(statement, "Effect") == "Allow" && NamesAction(statement) && Names(statement, account))
            {
                return true;
            }
        }

        return false;
    }

    private static bool NamesAction(JsonElement statement)
    {
        foreach (var action in statement.TryGetProperty("Action", out var actions) ? Many(actions) : [])
        {
            if (action.GetString() is "events:PutEvents" or "events:*" or "events:Put*" or "*")
            {
                return true;
            }
        }

        return false;
    }

    private static bool Names(JsonElement statement, string account)
    {
        if (!statement.TryGetProperty("Principal", out var principal))
        {
            return false;
        }

        if (principal.ValueKind == JsonValueKind.String)
        {
            return principal.GetString() == "*";
        }

        foreach (var name in principal.TryGetProperty("AWS", out var names) ? Many(names) : [])
        {
            var text = name.GetString();
            if (text == "*" || text == account || text == $"arn:aws:iam::{account}:root")
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<JsonElement> Many(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [element];

    private static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) ? value.GetString() : null;
}
