using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>Quotas that a deployment meets: concurrent executions of functions, and managed policies of a role.</summary>
public sealed class QuotasCheck(Settings settings, AwsConnection connection) : ICheck
{
    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; 20 on request.</summary>
    private const int ManagedPolicies = 10;

    /// <summary>What the functions of one deployment take at once at most, a wave of steps beside each other and the events.</summary>
    private const int EnoughExecutions = 10;

    private const string Quotas = "quotas";

    /// <summary>The roles of the target's account to which templates/service-access.yaml attaches policies of each service.</summary>
    private static readonly string[] Attached = ["target", "ions", "cloudformation"];

    /// <inheritdoc/>
    public string Name => Quotas;

    /// <inheritdoc/>
    public bool NeedsTarget => false;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        using var lambda = connection.OpenLambda();
        var results = new List<CheckResult> { await Executions(lambda, run.ToolsAccount) };
        if (run.Entered is not { } account)
        {
            return results;
        }

        if (account.Account != run.ToolsAccount)
        {
            results.Add(await Executions(account.Lambda, account.Account));
        }

        using var iam = account.Connection().OpenIam();
        foreach (var role in Attached)
        {
            results.Add(await Policies(iam, role));
        }

        return results;
    }

    private static async Task<CheckResult> Executions(IAmazonLambda lambda, string account)
    {
        return Judge(account, (await lambda.GetAccountSettingsAsync(new GetAccountSettingsRequest())).AccountLimit);
    }

    /// <summary>
    /// Whether the functions of a deployment find room. New accounts begin with fewer than 1,000
    /// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
    /// </summary>
    internal static CheckResult Judge(string account, AccountLimit limit)
    {
        var text =
            $"account {account}: {limit.UnreservedConcurrentExecutions} of {limit.ConcurrentExecutions} concurrent executions of Lambda "
            + "are unreserved";
        return limit.UnreservedConcurrentExecutions >= EnoughExecutions
            ? CheckResult.Ok(Quotas, text)
            : CheckResult.Problem(Quotas, text, "ask for a higher quota: Service Quotas, AWS Lambda, 'Concurrent executions'");
    }

    private async Task<CheckResult> Policies(IAmazonIdentityManagementService iam, string name)
    {
        var role = $"deployer-{settings.Stage}-{name}";
        var attached = await iam.ListAttachedRolePoliciesAsync(new ListAttachedRolePoliciesRequest { RoleName = role });
        var count = attached.AttachedPolicies?.Count ?? 0;
        var text = $"{role} has {count} managed policies, by which each service and region has its access";
        return count < ManagedPolicies
            ? CheckResult.Ok(Name, text)
            : CheckResult.Notice(
                Name,
                $"{text}, and a role takes {ManagedPolicies}, 20 after a request",
                "ask for a higher quota before the next service: Service Quotas, IAM, 'Managed policies per role'"
            );
    }
}
