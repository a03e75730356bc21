using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.ServiceQuotas;
using Amazon.ServiceQuotas.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>
/// Quotas that ions meet: builds at once in the deployer's account, and vCPUs of the compute groups' instances in the target's. They are
/// asked of Service Quotas, what runs is asked of EC2.
/// </summary>
public sealed class IonQuotasCheck(Settings settings, AwsConnection connection) : ICheck
{
    /// <summary>Of the deployer's project, which builds in BUILD_GENERAL1_SMALL (template.yaml).</summary>
    private static readonly Quota Builds = new(
        "codebuild",
        "L-9D07B6EF",
        "AWS CodeBuild, 'Concurrently running builds for Linux/Small environment'"
    );

    /// <summary>https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html#on-demand-instance-quotas.</summary>
    private static readonly Quota Instances = new(
        "ec2",
        "L-1216C47A",
        "Amazon EC2, 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances'"
    );

    /// <summary>Families whose first letter is that of a standard one, and which have a quota of their own.</summary>
    private static readonly HashSet<string> OtherFamilies = new(StringComparer.Ordinal) { "dl", "hpc", "inf", "mac", "trn" };

    /// <inheritdoc/>
    public string Name => "quotas";

    /// <inheritdoc/>
    public bool NeedsTarget => false;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        var steps = run.Source.Spec.Steps.Count(step => step is IonsStep);
        if (steps == 0)
        {
            return [];
        }

        var results = new List<CheckResult>
        {
            await UnlessRefused(
                $"builds at once of account {run.ToolsAccount}",
                $"update the deployer's stack: deployer bootstrap tools --stage {settings.Stage}",
                async () => JudgeBuilds(run.ToolsAccount, await Applied(connection, Builds), steps)
            ),
        };
        if (run.Entered is { Connection: { } way } account)
        {
            results.Add(
                await UnlessRefused(
                    $"vCPUs of account {account.Account}",
                    $"update the account's stack: deployer bootstrap target --stage {settings.Stage} --tools-account {run.ToolsAccount}",
                    async () => JudgeInstances(account.Account, await Applied(way, Instances), await Running(account))
                )
            );
        }

        return results;
    }

    /// <summary>
    /// Whether a build of ions starts, and all of a deployment at once. A new account may have none
    /// (https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html); a build that finds no room waits in a queue
    /// (https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html).
    /// </summary>
    /// <param name="account">The deployer's account.</param>
    /// <param name="quota">How many builds may run at once.</param>
    /// <param name="steps">How many steps of the service deploy ions.</param>
    internal static CheckResult JudgeBuilds(string account, double quota, int steps)
    {
        var text = $"account {account} may run {quota:0} builds of CodeBuild at once (Linux/Small)";
        return quota < 1 ? CheckResult.Problem("quotas", $"{text}, so that no build of ions starts", Ask(Builds))
            : quota < steps
                ? CheckResult.Notice(
                    "quotas",
                    $"{text}, and the service has {steps} steps with ions, whose builds wait for each other",
                    Ask(Builds)
                )
            : CheckResult.Ok("quotas", text);
    }

    /// <summary>
    /// Whether one more instance, as large as the largest that runs, finds room: a group that replaces its instances starts one.
    /// </summary>
    /// <param name="account">The target's account.</param>
    /// <param name="quota">vCPUs that may run.</param>
    /// <param name="running">vCPUs of each instance that runs.</param>
    internal static CheckResult JudgeInstances(string account, double quota, IReadOnlyList<int> running)
    {
        var used = 0;
        var largest = 1;
        foreach (var cpus in running)
        {
            used += cpus;
            largest = Math.Max(largest, cpus);
        }

        var text = $"account {account} runs {used} of {quota:0} vCPUs of on-demand standard instances";
        return quota - used >= largest
            ? CheckResult.Ok("quotas", text)
            : CheckResult.Notice(
                "quotas",
                $"{text}, which leaves no room for one more of {largest}: a group that is turned on, grows or replaces its instances fails",
                Ask(Instances)
            );
    }

    /// <summary>Whether instances of a type count for the quota of the standard families.</summary>
    /// <param name="type">Such as <c>t3.small</c>.</param>
    internal static bool IsStandard(string type)
    {
        var end = 0;
        while (end < type.Length && char.IsAsciiLetterLower(type[end]))
        {
            end++;
        }

        var letters = type[..end];
        return letters.Length > 0 && "acdhimrtz".Contains(letters[0], StringComparison.Ordinal) && !OtherFamilies.Contains(letters);
    }

    private static string Ask(Quota quota) => $"ask for a higher quota: Service Quotas, {quota.Name}";

    /// <summary>The quota of the account; where it never had one of its own, the default.</summary>
    /// <remarks>
    /// "If the applied quota value is not available for a quota, the quota is not retrieved":
    /// https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
    /// </remarks>
    private static async Task<double> Applied(AwsConnection account, Quota quota)
    {
        using IAmazonServiceQuotas quotas = account.Open(
            (credentials, config) => new AmazonServiceQuotasClient(credentials, config),
            new AmazonServiceQuotasConfig()
        );
        try
        {
            var applied = await quotas.GetServiceQuotaAsync(
                new GetServiceQuotaRequest { ServiceCode = quota.Service, QuotaCode = quota.Code }
            );
            return applied.Quota.Value ?? 0;
        }
        catch (NoSuchResourceException)
        {
            var usual = await quotas.GetAWSDefaultServiceQuotaAsync(
                new GetAWSDefaultServiceQuotaRequest { ServiceCode = quota.Service, QuotaCode = quota.Code }
            );
            return usual.Quota.Value ?? 0;
        }
    }

    /// <summary>The vCPUs of each on-demand standard instance that runs or is about to.</summary>
    private static async Task<IReadOnlyList<int>> Running(TargetAccount account)
    {
        using Amazon.EC2.IAmazonEC2 ec2 = account.Connection!.Open(
            (credentials, config) => new Amazon.EC2.AmazonEC2Client(credentials, config),
            new Amazon.EC2.AmazonEC2Config()
        );
        var found = await Pages.All<DescribeInstancesResponse, Instance>(
            next =>
                ec2.DescribeInstancesAsync(
                    new DescribeInstancesRequest
                    {
                        Filters = [new Filter { Name = "instance-state-name", Values = ["pending", "running"] }],
                        NextToken = next,
                    }
                ),
            page => page.Reservations?.SelectMany(reservation => reservation.Instances ?? []),
            page => page.NextToken
        );
        var sizes = new List<int>();
        foreach (var instance in found)
        {
            // Those of the spot market, and of hosts of one's own, have other quotas.
            if (instance.InstanceLifecycle is null && instance.Placement?.HostId is null && IsStandard(instance.InstanceType.Value))
            {
                sizes.Add((instance.CpuOptions?.CoreCount ?? 1) * (instance.CpuOptions?.ThreadsPerCore ?? 1));
            }
        }

        return sizes;
    }

    /// <summary>A role of a stack from before may not ask yet, and a deployment needs no answer.</summary>
    private static async Task<CheckResult> UnlessRefused(string what, string remedy, Func<Task<CheckResult>> check)
    {
        try
        {
            return await check();
        }
        catch (AmazonServiceException refused)
            when (refused.ErrorCode is "AccessDenied" or "AccessDeniedException" or "UnauthorizedOperation")
        {
            return CheckResult.Notice("quotas", $"the {what} were not checked: {refused.Message}", remedy);
        }
    }

    private sealed record Quota(string Service, string Code, string Name);
}
