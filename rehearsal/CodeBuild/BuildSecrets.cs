using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>
/// Variables whose value is a secret of Secrets Manager. The rehearsal knows the secrets that stacks have made, with the text that their
/// template gives them.
/// </summary>
/// <remarks>
/// <c>secret-id[:json-key[:version-stage[:version-id]]]</c>, where the id is a name or an ARN, and without a key the whole text is the
/// value; https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.secrets-manager. The role of the build
/// needs <c>secretsmanager:GetSecretValue</c>; https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html.
/// </remarks>
internal sealed class BuildSecrets(RehearsalWorld world)
{
    private const string Type = "AWS::SecretsManager::Secret";

    /// <summary>How many parts an ARN has, the name with its six characters being the last.</summary>
    private const int PartsOfArn = 7;

    private readonly StackTable _stacks = new(world);

    /// <summary>Reads the value with the role of a build.</summary>
    /// <exception cref="ApiException">The role may not read it, or there is no such value.</exception>
    public string Read(Principal role, string account, string region, string reference)
    {
        var parts = reference.Split(':');
        var length = parts[0] == "arn" ? PartsOfArn : 1;
        var (id, rest) = (string.Join(':', parts.Take(length)), parts.Skip(length).ToList());
        if (rest.Skip(1).Any(version => version is not ("" or "AWSCURRENT")))
        {
            throw Error($"the rehearsal does not simulate versions of secrets ({reference})");
        }

        var secret = Find(account, region, id);
        var arn = secret?.PhysicalId ?? (length == PartsOfArn ? id : $"arn:aws:secretsmanager:{region}:{account}:secret:{id}");
        world.Api.Check(role, account, [arn], "secretsmanager:GetSecretValue");
        if (secret is null)
        {
            throw Error($"there is no secret {id} in the rehearsed account; expected one that a stack makes ({Type})");
        }

        var text =
            secret.Properties.Text("SecretString")
            ?? throw Error($"the rehearsal does not generate secrets; expected SecretString of {secret.LogicalId} ({Type})");
        return rest is [{ Length: > 0 } key, ..] ? Member(id, text, key) : text;
    }

    private ResourceRecord? Find(string account, string region, string id) =>
        _stacks
            .All(account, region)
            .Where(stack => stack.Status != StackStatus.DELETE_COMPLETE)
            .SelectMany(stack => stack.Resources.Values)
            .FirstOrDefault(resource =>
                resource is { Type: Type, PhysicalId: { } arn } && (arn == id || resource.Properties.Text("Name") == id)
            );

    private static string Member(string id, string text, string key)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject members && members[key] is JsonValue value
                ? value.ToString()
                : throw Error($"secret {id} has no key {key}");
        }
        catch (JsonException)
        {
            throw Error($"secret {id} is no JSON, so that it has no key {key}");
        }
    }

    private static ApiException Error(string problem) => new("CLIENT_ERROR", $"Secrets Manager error: {problem}");
}
