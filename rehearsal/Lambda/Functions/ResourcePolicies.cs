using System.Text.Json.Nodes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Functions;

/// <summary>A function's policy.</summary>
internal sealed record ResourcePolicy(string RevisionId, IReadOnlyList<PermissionStatement> Statements);

/// <summary>The policies of functions: who may call them beside their own account's principals.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html</remarks>
internal sealed class ResourcePolicies(RehearsalWorld world)
{
    private readonly Table<ResourcePolicy> _policies = world.Store.Table<ResourcePolicy>("lambda/policies");

    /// <summary>The policy document, or null when there is none.</summary>
    public string? Find(Function function) => _policies.Get(function.Key) is { } policy ? Document(function, policy.Statements) : null;

    /// <summary>The document and its revision.</summary>
    /// <exception cref="ApiException">ResourceNotFoundException.</exception>
    public (string Document, string RevisionId) Get(Function function) =>
        _policies.Get(function.Key) is { } policy
            ? (Document(function, policy.Statements), policy.RevisionId)
            : throw new ApiException("ResourceNotFoundException", "The resource you requested does not exist.", 404);

    /// <summary>Adds a statement and returns it as JSON.</summary>
    /// <exception cref="ApiException">ResourceConflictException.</exception>
    public string Add(Function function, PermissionStatement statement)
    {
        var old = _policies.Get(function.Key)?.Statements ?? [];
        if (old.Any(other => other.Sid == statement.Sid))
        {
            throw new ApiException(
                "ResourceConflictException",
                $"The statement id ({statement.Sid}) provided already exists. Please provide a new statement id, or remove the "
                    + "existing statement.",
                409
            );
        }

        _policies.Put(function.Key, new ResourcePolicy(world.Random.Uuid(), [.. old, statement]));
        return statement.ToJson(function.Arn).ToJsonString();
    }

    /// <summary>Removes a statement.</summary>
    /// <exception cref="ApiException">ResourceNotFoundException.</exception>
    public void Remove(Function function, string sid)
    {
        var old = _policies.Get(function.Key)?.Statements ?? [];
        if (old.All(statement => statement.Sid != sid))
        {
            throw new ApiException("ResourceNotFoundException", $"Statement {sid} is not found in resource policy.", 404);
        }

        if (old.Count == 1)
        {
            _policies.Remove(function.Key);
        }
        else
        {
            _policies.Put(function.Key, new ResourcePolicy(world.Random.Uuid(), [.. old.Where(statement => statement.Sid != sid)]));
        }
    }

    /// <summary>Forgets a deleted function's policy.</summary>
    public void Delete(Function function) => _policies.Remove(function.Key);

    private static string Document(Function function, IEnumerable<PermissionStatement> statements) =>
        new JsonObject
        {
            ["Version"] = "2012-10-17",
            ["Id"] = "default",
            ["Statement"] = new JsonArray([.. statements.Select(statement => statement.ToJson(function.Arn))]),
        }.ToJsonString();
}
