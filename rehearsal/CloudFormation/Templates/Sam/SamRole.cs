using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Sam;

/// <summary>The role of a function or machine: the given one, or one generated from inline statements and managed policies.</summary>
internal static class SamRole
{
    /// <summary>The role's ARN for the main resource; adds the generated role, if any, to <paramref name="resources"/>.</summary>
    public static JsonNode Arn(
        SamResource source,
        string servicePrincipal,
        string ownTag,
        IEnumerable<string> managed,
        JsonObject resources
    )
    {
        if (source.Properties["Role"] is { } given)
        {
            return given.DeepClone();
        }

        var arns = new JsonArray([
            .. managed.Select(name => (JsonNode)new JsonObject { ["Fn::Sub"] = $"arn:${{AWS::Partition}}:iam::aws:policy/{name}" }),
        ]);
        var inline = new JsonArray();
        var policies = source.Properties["Policies"] switch
        {
            null => [],
            JsonArray list => list,
            var one => [one.DeepClone()],
        };
        foreach (var policy in policies)
        {
            switch (policy)
            {
                case JsonObject document when document.ContainsKey("Statement"):
                    inline.Add(Inline($"{source.Id}RolePolicy{inline.Count}", Versioned(document)));
                    break;
                case JsonObject call when call.IsCall(out _, out _):
                    arns.Add(call.DeepClone());
                    break;
                case JsonValue arn when arn.Text() is { } text && text.StartsWith("arn:", StringComparison.Ordinal):
                    arns.Add(text);
                    break;
                case JsonValue name:
                    arns.Add(new JsonObject { ["Fn::Sub"] = $"arn:${{AWS::Partition}}:iam::aws:policy/{name.Text()}" });
                    break;
                default:
                    source.Limit("Policy templates are not supported by the rehearsal; write the statements.");
                    break;
            }
        }

        var role = new JsonObject
        {
            ["AssumeRolePolicyDocument"] = new JsonObject
            {
                ["Version"] = "2012-10-17",
                ["Statement"] = new JsonArray(
                    new JsonObject
                    {
                        ["Effect"] = "Allow",
                        ["Action"] = new JsonArray("sts:AssumeRole"),
                        ["Principal"] = new JsonObject { ["Service"] = new JsonArray(servicePrincipal) },
                    }
                ),
            },
            ["ManagedPolicyArns"] = arns,
            ["Tags"] = source.Tags(ownTag),
        };
        if (inline.Count > 0)
        {
            role["Policies"] = inline;
        }

        source.Copy(role, "PermissionsBoundary");
        resources[source.Id + "Role"] = source.Generated("AWS::IAM::Role", role);
        return new JsonObject { ["Fn::GetAtt"] = new JsonArray(source.Id + "Role", "Arn") };
    }

    private static JsonObject Inline(string name, JsonObject document) => new() { ["PolicyName"] = name, ["PolicyDocument"] = document };

    private static JsonObject Versioned(JsonObject document)
    {
        var result = (JsonObject)document.DeepClone();
        result.TryAdd("Version", "2012-10-17");
        return result;
    }
}
