using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.Lambda.Functions;

/// <summary>A statement that <c>AddPermission</c> makes.</summary>
/// <param name="Sid">Its id, unique in the policy.</param>
/// <param name="Action">Such as <c>lambda:InvokeFunction</c>.</param>
/// <param name="Principal">A service's host name, an account, an ARN or <c>*</c>.</param>
internal sealed record PermissionStatement(string Sid, string Action, string Principal)
{
    public string? SourceArn { get; init; }

    public string? SourceAccount { get; init; }

    public string? PrincipalOrgId { get; init; }

    /// <summary>The alias or version that it is about; null for the function itself.</summary>
    public string? Qualifier { get; init; }

    /// <summary>The statement as IAM reads it.</summary>
    public JsonObject ToJson(string functionArn)
    {
        var statement = new JsonObject
        {
            ["Sid"] = Sid,
            ["Effect"] = "Allow",
            ["Principal"] = PrincipalElement(),
            ["Action"] = Action,
            ["Resource"] = Qualifier is null ? functionArn : $"{functionArn}:{Qualifier}",
        };
        var condition = new JsonObject();
        var equals = new JsonObject();
        if (SourceAccount is not null)
        {
            equals["AWS:SourceAccount"] = SourceAccount;
        }

        if (PrincipalOrgId is not null)
        {
            equals["aws:PrincipalOrgID"] = PrincipalOrgId;
        }

        if (equals.Count > 0)
        {
            condition["StringEquals"] = equals;
        }

        if (SourceArn is not null)
        {
            condition["ArnLike"] = new JsonObject { ["AWS:SourceArn"] = SourceArn };
        }

        if (condition.Count > 0)
        {
            statement["Condition"] = condition;
        }

        return statement;
    }

    private JsonNode PrincipalElement() =>
        Principal switch
        {
            "*" => "*",
            { Length: 12 } account when account.All(char.IsAsciiDigit) => new JsonObject { ["AWS"] = $"arn:aws:iam::{account}:root" },
            _ when Principal.StartsWith("arn:", StringComparison.Ordinal) => new JsonObject { ["AWS"] = Principal },
            _ => new JsonObject { ["Service"] = Principal },
        };
}
