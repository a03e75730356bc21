using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Iam;

/// <summary>The roles and managed policies of every account. Errors are IAM's.</summary>
public sealed partial class Roles(RehearsalWorld world)
{
    private readonly Table<Role> _roles = world.Store.VersionedTable<Role>("iam/roles", role => role.Copy());
    private readonly Table<ManagedPolicy> _policies = world.Store.VersionedTable<ManagedPolicy>("iam/policies", policy => policy);

    /// <summary>The role, or null.</summary>
    public Role? Find(string account, string name) => _roles.Get(Key(account, name));

    /// <summary>The role that an ARN names, or null.</summary>
    public Role? Find(string arn) =>
        Api.ArnAccount(arn) is { } account && Find(account, arn[(arn.LastIndexOf('/') + 1)..]) is { } role && role.Arn == arn ? role : null;

    /// <summary>The role.</summary>
    /// <exception cref="ApiException">NoSuchEntity.</exception>
    public Role Get(string account, string name) =>
        Find(account, name) ?? throw new ApiException("NoSuchEntity", $"The role with name {name} cannot be found.", 404);

    /// <summary>Makes a role; its id and time of creation are given here.</summary>
    /// <exception cref="ApiException">EntityAlreadyExists, MalformedPolicyDocument, NoSuchEntity (a managed policy),
    /// ValidationError.</exception>
    public Role Create(Role role)
    {
        if (Find(role.Account, role.Name) is not null)
        {
            throw new ApiException("EntityAlreadyExists", $"Role with name {role.Name} already exists.", 409);
        }

        var made = role with { Id = "AROA" + world.Random.UpperId(17), Created = world.Now };
        Check(made);
        _roles.Put(Key(made.Account, made.Name), made);
        return made;
    }

    /// <summary>Replaces a role's policies, tags and limits; its path stays.</summary>
    /// <exception cref="ApiException">NoSuchEntity, MalformedPolicyDocument, ValidationError.</exception>
    public Role Update(Role role)
    {
        var old = Get(role.Account, role.Name);
        var updated = role with { Id = old.Id, Created = old.Created, Path = old.Path };
        Check(updated);
        _roles.Put(Key(role.Account, role.Name), updated);
        return updated;
    }

    /// <summary>Removes a role that has no policies any more and is in no instance profile.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html; its words are quoted in
    /// https://github.com/waterbear-cloud/paco/issues/27 and https://github.com/convox/rack/issues/2672.
    /// </remarks>
    /// <exception cref="ApiException">NoSuchEntity, DeleteConflict.</exception>
    public void Delete(string account, string name)
    {
        var role = Get(account, name);
        if (role.ManagedPolicies.Count > 0)
        {
            throw Conflict("Cannot delete entity, must detach all policies first.");
        }

        if (role.InlinePolicies.Count > 0)
        {
            throw Conflict("Cannot delete entity, must delete policies first.");
        }

        if (IsInInstanceProfile(role))
        {
            throw Conflict("Cannot delete entity, must remove roles from instance profile first.");
        }

        _roles.Remove(Key(account, name));
    }

    /// <summary>Adds or replaces an inline policy.</summary>
    /// <exception cref="ApiException">NoSuchEntity, MalformedPolicyDocument.</exception>
    public void PutInlinePolicy(string account, string role, string policy, string document)
    {
        var found = Get(account, role);
        EnsureWellFormed(document, PolicyKind.Identity);
        found.InlinePolicies[policy] = document;
        _roles.Put(Key(account, role), found);
    }

    /// <summary>Removes an inline policy.</summary>
    /// <exception cref="ApiException">NoSuchEntity.</exception>
    public void DeleteInlinePolicy(string account, string role, string policy)
    {
        var found = Get(account, role);
        if (!found.InlinePolicies.Remove(policy))
        {
            throw new ApiException("NoSuchEntity", $"The role policy with name {policy} cannot be found.", 404);
        }

        _roles.Put(Key(account, role), found);
    }

    /// <summary>Attaches a managed policy.</summary>
    /// <exception cref="ApiException">NoSuchEntity.</exception>
    public void Attach(string account, string role, string policyArn)
    {
        var found = Get(account, role);
        PolicyText(policyArn);
        found.ManagedPolicies.Add(policyArn);
        _roles.Put(Key(account, role), found);
    }

    /// <summary>Detaches a managed policy.</summary>
    /// <exception cref="ApiException">NoSuchEntity.</exception>
    public void Detach(string account, string role, string policyArn)
    {
        var found = Get(account, role);
        if (!found.ManagedPolicies.Remove(policyArn))
        {
            throw new ApiException("NoSuchEntity", $"Policy {policyArn} was not found.", 404);
        }

        _roles.Put(Key(account, role), found);
    }

    /// <summary>Makes a managed policy.</summary>
    /// <param name="account">The account that owns it.</param>
    /// <param name="name">Its name, unique in the account.</param>
    /// <param name="document">The policy as JSON.</param>
    /// <param name="path">Its path, which begins and ends with a slash.</param>
    /// <exception cref="ApiException">EntityAlreadyExists, MalformedPolicyDocument.</exception>
    public ManagedPolicy CreatePolicy(string account, string name, string document, string path = "/")
    {
        var arn = $"arn:aws:iam::{account}:policy{path}{name}";
        if (_policies.Get(arn) is not null)
        {
            throw new ApiException("EntityAlreadyExists", $"A policy called {name} already exists. Duplicate names are not allowed.", 409);
        }

        return SetPolicy(arn, document);
    }

    /// <summary>Gives a managed policy another default version.</summary>
    /// <exception cref="ApiException">NoSuchEntity, MalformedPolicyDocument.</exception>
    public ManagedPolicy UpdatePolicy(string arn, string document)
    {
        PolicyText(arn);
        return SetPolicy(arn, document);
    }

    /// <summary>Removes a managed policy that no role uses any more, nor has as its boundary.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html; of boundaries:
    /// https://github.com/gruntwork-io/cloud-nuke/issues/972.
    /// </remarks>
    /// <exception cref="ApiException">NoSuchEntity, DeleteConflict.</exception>
    public void DeletePolicy(string arn)
    {
        PolicyText(arn);
        if (_roles.WithPrefix("").Any(role => role.Value.ManagedPolicies.Contains(arn) || role.Value.PermissionsBoundary == arn))
        {
            throw Conflict("Cannot delete a policy attached to entities.");
        }

        _policies.Remove(arn);
    }

    /// <summary>To how many roles of an account a managed policy is attached.</summary>
    public int Attached(string account, string arn) =>
        _roles.WithPrefix(account + "/").Count(role => role.Value.ManagedPolicies.Contains(arn));

    /// <summary>The text of a managed policy, of an account or of AWS.</summary>
    /// <exception cref="ApiException">NoSuchEntity.</exception>
    public string PolicyText(string arn) =>
        _policies.Get(arn)?.Document
        ?? AwsManagedPolicies.Find(arn)
        ?? throw new ApiException("NoSuchEntity", $"Policy {arn} does not exist or is not attachable.", 404);

    /// <summary>Instance profiles are global to an account; the record of one is kept by the region of its stack.</summary>
    private bool IsInInstanceProfile(Role role) =>
        world
            .Store.Table<RecordedResource>("resources")
            .WithPrefix(role.Account + "/")
            .Any(made => made.Value.Type == "AWS::IAM::InstanceProfile" && made.Value.Properties.Texts("Roles").Contains(role.Name));

    private static ApiException Conflict(string message) => new("DeleteConflict", message, 409);

    private static string Key(string account, string name) => $"{account}/{name}";

    /// <summary>Refuses a policy that breaks the grammar, in IAM's words.</summary>
    /// <exception cref="ApiException">MalformedPolicyDocument.</exception>
    internal static void EnsureWellFormed(string document, PolicyKind kind)
    {
        try
        {
            PolicyDocument.Parse(document, kind);
        }
        catch (MalformedPolicyException malformed)
        {
            throw new ApiException("MalformedPolicyDocument", malformed.Message);
        }
    }

    private ManagedPolicy SetPolicy(string arn, string document)
    {
        EnsureWellFormed(document, PolicyKind.Identity);
        var policy = new ManagedPolicy(arn, document);
        _policies.Put(arn, policy);
        return policy;
    }

    private void Check(Role role)
    {
        if (!RoleName().IsMatch(role.Name))
        {
            throw new ApiException(
                "ValidationError",
                "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
            );
        }

        if (!RolePath().IsMatch(role.Path))
        {
            throw new ApiException(
                "ValidationError",
                "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or "
                    + "/ characters."
            );
        }

        if (role.MaxSessionDuration is < 3600 or > 43200)
        {
            throw new ApiException(
                "ValidationError",
                $"1 validation error detected: Value '{role.MaxSessionDuration}' at 'maxSessionDuration' failed to satisfy constraint: "
                    + "Member must have value between 3600 and 43200"
            );
        }

        EnsureWellFormed(role.TrustPolicy, PolicyKind.Trust);
        foreach (var document in role.InlinePolicies.Values)
        {
            EnsureWellFormed(document, PolicyKind.Identity);
        }

        foreach (var arn in role.ManagedPolicies.Append(role.PermissionsBoundary).OfType<string>())
        {
            PolicyText(arn);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9+=,.@_-]{1,64}$", RegexOptions.None, 60_000)]
    private static partial Regex RoleName();

    [GeneratedRegex("^/([!-~]+/)?$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex RolePath();
}
