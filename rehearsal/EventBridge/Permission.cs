using System.Text.RegularExpressions;
using Amazon.EventBridge.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>
/// What PutPermission takes where it is not given a whole policy:
/// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html.
/// </summary>
internal static partial class Permission
{
    /// <exception cref="ApiException">ValidationException: a member is missing, or is none that EventBridge takes.</exception>
    public static void Check(PutPermissionRequest request)
    {
        Member("action", request.Action, value => value == "events:PutEvents", "Member must be events:PutEvents");
        Member("principal", request.Principal, PrincipalShape().IsMatch, "Member must satisfy regular expression pattern: (\\d{12}|\\*)");
        Member(
            "statementId",
            request.StatementId,
            value => value.Length <= 64 && StatementIdShape().IsMatch(value),
            "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+, of at most 64 characters"
        );
    }

    private static void Member(string name, string? value, Predicate<string> isValid, string constraint)
    {
        if (value is null || !isValid(value))
        {
            var shown = value is null ? "null" : $"'{value}'";
            throw new ApiException(
                "ValidationException",
                $"1 validation error detected: Value {shown} at '{name}' failed to satisfy constraint: "
                    + (value is null ? "Member must not be null" : constraint)
            );
        }
    }

    [GeneratedRegex(@"^([0-9]{12}|\*)\z", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex PrincipalShape();

    [GeneratedRegex(@"^[a-zA-Z0-9-_]+\z", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex StatementIdShape();
}
