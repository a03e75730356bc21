using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>
/// Every permission that a deployment uses, as IAM's simulator judges it. It reads the policies of the role and knows nothing of trusts
/// (https://github.com/aws/aws-cli/issues/10314): those are proven by the roles that the checks themselves assume.
/// </summary>
public sealed class PermissionsCheck(Settings settings, AwsConnection connection, IEnumerable<IPermissionNeeds> needs) : ICheck
{
    private const int MostShown = 5;

    /// <summary>
    /// Keys of which a request has many values
    /// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html, ArrayOfString).
    /// </summary>
    private static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase) { "dynamodb:LeadingKeys" };

    /// <inheritdoc/>
    public string Name => "permissions";

    /// <inheritdoc/>
    public bool NeedsTarget => false;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        using var tools = connection.OpenIam();
        using var target = run.Entered?.Connection().OpenIam();
        var results = new List<CheckResult>();
        var (roles, granted) = (0, 0);
        foreach (var role in needs.SelectMany(source => source.For(run)).GroupBy(need => (need.Account, need.Role)))
        {
            var needed = role.Distinct().ToList();
            if ((role.Key.Account == run.ToolsAccount ? tools : target) is not { } iam)
            {
                results.Add(CheckResult.Notice(Named(role.Key.Role), Checklist.NotEntered));
            }
            else if (await Checked(iam, run, role.Key.Account, role.Key.Role, needed) is { Count: > 0 } faults)
            {
                results.AddRange(faults);
            }
            else
            {
                (roles, granted) = (roles + 1, granted + needed.Count);
            }
        }

        return [CheckResult.Ok(Name, $"{granted} permissions of {roles} roles are granted"), .. results];
    }

    /// <summary>A role that cannot be looked at hides none of the others.</summary>
    private async Task<IReadOnlyList<CheckResult>> Checked(
        IAmazonIdentityManagementService iam,
        CheckRun run,
        string account,
        string role,
        IReadOnlyList<NeededPermission> needed
    )
    {
        try
        {
            return await Simulate(iam, run, account, role, needed);
        }
        catch (AmazonIdentityManagementServiceException exception)
        {
            return [CheckResult.NotChecked(Named(role), exception)];
        }
    }

    private static string Named(string role) => $"permissions {role}";

    private async Task<IReadOnlyList<CheckResult>> Simulate(
        IAmazonIdentityManagementService iam,
        CheckRun run,
        string account,
        string role,
        IReadOnlyList<NeededPermission> needed
    )
    {
        var missing = new List<NeededPermission>();
        try
        {
            // Actions that take other authorization information cannot be simulated together: one request for each resource and service.
            foreach (var alike in needed.GroupBy(need => (need.Resource, need.Action.Split(':')[0], Keys(need))))
            {
                missing.AddRange(await Denied(iam, $"arn:aws:iam::{account}:role/{role}", [.. alike.DistinctBy(need => need.Action)]));
            }
        }
        catch (NoSuchEntityException)
        {
            return [CheckResult.Problem(Named(role), $"account {account} has no role {role}", Remedy(run, needed[0].Needed))];
        }

        // What no policy covers goes first and has a line of its own: no bootstrap helps, and it would be lost among what one grants.
        var uncovered = missing.Where(need => need.Needed is PermissionSource.None).ToList();
        var covered = missing.Where(need => need.Needed is not PermissionSource.None).ToList();
        return
        [
            .. uncovered.Count == 0
                ? Array.Empty<CheckResult>()
                : [CheckResult.Problem(Named(role), $"{role} may not {ByResource(uncovered)}", Remedies(run, uncovered))],
            .. covered.Count == 0
                ? Array.Empty<CheckResult>()
                : [CheckResult.Problem(Named(role), $"{role} may not {Shown(covered)}", Remedies(run, covered))],
        ];
    }

    private static async Task<IReadOnlyList<NeededPermission>> Denied(
        IAmazonIdentityManagementService iam,
        string role,
        IReadOnlyList<NeededPermission> alike
    )
    {
        var answers = await Pages.All(
            marker =>
                iam.SimulatePrincipalPolicyAsync(
                    new SimulatePrincipalPolicyRequest
                    {
                        PolicySourceArn = role,
                        ActionNames = [.. alike.Select(need => need.Action)],
                        ResourceArns = [alike[0].Resource],
                        ContextEntries =
                        [
                            .. alike[0]
                                .Context.Select(key => new ContextEntry
                                {
                                    ContextKeyName = key.Key,
                                    ContextKeyType = Lists.Contains(key.Key) ? ContextKeyTypeEnum.StringList : ContextKeyTypeEnum.String,
                                    ContextKeyValues = [key.Value],
                                }),
                        ],
                        Marker = marker,
                    }
                ),
            answer => answer.EvaluationResults,
            answer => answer.Marker
        );

        var allowed = answers
            .Where(answer => answer.EvalDecision == PolicyEvaluationDecisionType.Allowed)
            .Select(answer => answer.EvalActionName)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. alike.Where(need => !allowed.Contains(need.Action))];
    }

    private static string Keys(NeededPermission need) => string.Join(',', need.Context.Select(key => $"{key.Key}={key.Value}"));

    /// <summary>Each resource once, since all of them are to be called otherwise, with how many actions miss.</summary>
    private static string ByResource(IReadOnlyList<NeededPermission> missing) =>
        string.Join(
            ", ",
            missing
                .GroupBy(need => need.Resource)
                .Select(on =>
                {
                    var actions = on.ToList();
                    return actions.Count == 1
                        ? $"{actions[0].Action} on {on.Key}"
                        : $"{actions[0].Action} and {actions.Count - 1} more on {on.Key}";
                })
        );

    private static string Shown(IReadOnlyList<NeededPermission> missing)
    {
        var shown = string.Join(", ", missing.Take(MostShown).Select(need => $"{need.Action} on {need.Resource}"));
        return missing.Count > MostShown ? $"{shown} and {missing.Count - MostShown} more" : shown;
    }

    private string Remedies(CheckRun run, IReadOnlyList<NeededPermission> missing)
    {
        var remedies = new List<string>();
        foreach (var need in missing)
        {
            var remedy = Remedy(run, need.Needed);
            if (!remedies.Contains(remedy))
            {
                remedies.Add(remedy);
            }
        }

        return string.Join("; ", remedies);
    }

    private string Remedy(CheckRun run, PermissionSource source) =>
        source is PermissionSource.None
            ? $"no policy covers these names: stacks are called {run.Source.Spec.Service}-{settings.Stage} or begin with "
                + $"{run.Source.Spec.Service}-{settings.Stage}-"
            : "the stack that grants it is missing, older, or was changed by hand: deployer bootstrap "
                + source switch
                {
                    PermissionSource.Deployer => $"tools --stage {settings.Stage}",
                    PermissionSource.Target => $"target --stage {settings.Stage} --tools-account {run.ToolsAccount}",
                    PermissionSource.Build => $"build {run.Folder} --target {run.Target.Declared} --stage {settings.Stage}",
                    _ => $"service {run.Folder} --target {run.Target.Declared} --tools-account {run.ToolsAccount}",
                };
}
