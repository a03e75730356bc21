using Amazon.CodeDeploy.Model;
using Amazon.Lambda.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>What can be known to go wrong before a build is paid for. Every fault is reported at once.</summary>
public sealed class IonPreflight(TargetAccount account, string group, IonApplication application)
{
    private const int MaxLambdaName = 64;
    private const int MillisecondsLength = 13;

    // Lambda keeps 100 for functions without a reservation (Lambda guide, "Reserved concurrency"); small new accounts keep 10 (seen in
    // its refusals).
    private const int UsualLimit = 1000;
    private const int UsuallyKept = 100;
    private const int LeastKept = 10;

    private readonly List<IonFault> _faults = [];

    /// <summary>The version of ion-dev that the step asks for; <see langword="null"/> for that of <c>deps.edn</c>.</summary>
    public string? IonDev { get; init; }

    /// <summary>The repository that a build would clone; <see langword="null"/> where it gets the source as it was handed in.</summary>
    public string? ClonedFrom { get; init; }

    /// <summary>Checks a step before it is pushed.</summary>
    /// <exception cref="IonsPreflightException">Something would go wrong; all of it, a line each.</exception>
    /// <exception cref="GroupOffException">Nothing but that the group is off.</exception>
    /// <exception cref="CapacityUnknownException">The same of a group that somebody else has turned off.</exception>
    public static async Task Check(StepRun run, string revision, LedgerTable ledger)
    {
        var faults = await Faults(run, revision);
        if (faults.Count > 0)
        {
            throw IsOff(faults)
                ? await OffFailure(run, IonFiles.Config(run).AppName, run.Text(run.Step<IonsStep>().Group), ledger)
                : new IonsPreflightException(string.Join('\n', faults));
        }
    }

    /// <summary>The failure of a step whose group is off: it can be turned on only where it is known how many instances it had.</summary>
    internal static async Task<DeployerException> OffFailure(StepRun run, string application, string group, LedgerTable ledger)
    {
        if (await ledger.Read(GroupCapacity.Key(run.Deployment.Service, run.Target.Name, group)) is not null)
        {
            return new GroupOffException(Off(group));
        }

        var scaling = await new IonGroup(run.Account.CodeDeploy, run.Account.AutoScaling, application, group).ScalingGroupNames();
        return CapacityUnknownException.For(scaling, group);
    }

    /// <summary>Whether nothing is wrong but that the step's group is off.</summary>
    public static bool IsOff(IReadOnlyList<IonFault> faults) => faults is [{ Kind: IonFaultKind.GroupOff }];

    /// <summary>Everything that would go wrong with a step's revision.</summary>
    public static Task<IReadOnlyList<IonFault>> Faults(StepRun run, string revision) =>
        new IonPreflight(run.Account, run.Text(run.Step<IonsStep>().Group), IonFiles.Application(run))
        {
            IonDev = run.Step<IonsStep>().IonDev,
            ClonedFrom = Revision.CanBeCloned(run) ? run.Source.Spec.Repository!.Url : null,
        }.Faults(revision);

    /// <summary>Everything that would go wrong with a revision.</summary>
    public async Task<IReadOnlyList<IonFault>> Faults(string revision)
    {
        if (ClonedFrom is { } url && GitHost.TypeOf(url) is null)
        {
            Add(GitHost.Refusal(url));
        }

        await CheckStack();
        await CheckCodeBucket();
        await CheckDeployGroups();
        CheckNames(revision);
        await CheckConcurrency();
        return _faults;
    }

    /// <summary>What is said of ions for a group that was turned off.</summary>
    private static string Off(string group) =>
        $"{group} is off, so no instance would run the revision; turn it on first ('deployer group on', or "
        + "\"capacity\": \"on\" in the input of an execution)";

    private void Add(string text) => Add(IonFaultKind.FilesOrStack, text);

    private void Add(IonFaultKind kind, string text) => _faults.Add(new IonFault(kind, text));

    private async Task CheckStack()
    {
        if (await account.CloudFormation.Find(group) is not { } stack)
        {
            Add(
                $"there is no stack {group} in account {account.Account}, {account.Region}; check the target's "
                    + "account and region, and the step's group"
            );
            return;
        }

        var wanted = stack.Parameters?.Find(parameter => parameter.ParameterKey == "ApplicationName")?.ParameterValue
            is { Length: > 0 } name
            ? name
            : group;
        if (wanted != application.Config.AppName)
        {
            Add(
                $"{application.Config.AppNamePosition}: :app-name is \"{application.Config.AppName}\", the "
                    + $"ApplicationName of {group} is \"{wanted}\""
            );
        }

        if (
            (IonDev ?? application.Deps.IonDevVersion) is { } version
            && stack.OutputValues().GetValueOrDefault("DatomicCloudVersion") is { } release
            && IonDevReleases.Needed(release) is { } needed
            && IonDevReleases.IsOlder(version, needed)
        )
        {
            Add(
                $"{(IonDev is null ? "deps.edn" : "deployer.yaml")} has ion-dev {version}, Datomic Cloud {release} "
                    + $"on {group} needs {needed}: an older one knows other dependencies than the nodes have"
            );
        }
    }

    private async Task CheckCodeBucket()
    {
        var buckets = await CodeBucket.Tagged(account);
        if (buckets.Count != 1)
        {
            Add(
                IonFaultKind.CodeBucket,
                $"one bucket of account {account.Account} in {account.Region} has to have the tag datomic:code; "
                    + $"{(buckets.Count == 0 ? "none has" : $"these have: {string.Join(", ", buckets)}")}"
            );
        }
    }

    private async Task CheckDeployGroups()
    {
        List<string> groups;
        try
        {
            groups = await Pages.All(
                next =>
                    account.CodeDeploy.ListDeploymentGroupsAsync(
                        new ListDeploymentGroupsRequest { ApplicationName = application.Config.AppName, NextToken = next }
                    ),
                answer => answer.DeploymentGroups,
                answer => answer.NextToken
            );
        }
        catch (ApplicationDoesNotExistException)
        {
            Add($"there is no CodeDeploy application {application.Config.AppName}; ion-dev pushes to the one that :app-name names");
            return;
        }

        if (!groups.Contains(group))
        {
            Add($"{group} is none of the groups to which {application.Config.AppName} is deployed: {string.Join(", ", groups)}");
        }
        else if (await new IonGroup(account.CodeDeploy, account.AutoScaling, application.Config.AppName, group).IsOff())
        {
            Add(IonFaultKind.GroupOff, Off(group));
        }
    }

    private void CheckNames(string revision)
    {
        foreach (var lambda in application.Config.Lambdas)
        {
            var name = lambda.FunctionName(group);
            if (name.Length > MaxLambdaName)
            {
                Add($"{lambda.Position}: the Lambda {name} has {name.Length} characters; at most {MaxLambdaName} are allowed");
            }
        }

        var execution = group.Length + revision.Length + MillisecondsLength + 2;
        if (execution > Names.ExecutionLength)
        {
            Add($"the execution {group}-{revision}-MILLISECONDS has {execution} characters; at most {Names.ExecutionLength} are allowed");
        }
    }

    private async Task CheckConcurrency()
    {
        var limit = (await account.Lambda.GetAccountSettingsAsync(new GetAccountSettingsRequest())).AccountLimit;
        var more = 0;
        foreach (var lambda in application.Config.Lambdas)
        {
            more += (lambda.ReservedConcurrency ?? 0) - await Reserved(lambda.FunctionName(group));
        }

        var kept = limit.ConcurrentExecutions >= UsualLimit ? UsuallyKept : LeastKept;
        var left = (limit.UnreservedConcurrentExecutions ?? 0) - more;
        if (more > 0 && left < kept)
        {
            Add(
                $"the Lambdas reserve {application.Config.ReservedConcurrency} concurrent executions, {more} more "
                    + $"than now; {limit.UnreservedConcurrentExecutions} of the account's "
                    + $"{limit.ConcurrentExecutions} are unreserved and {kept} have to stay so: {kept - left} too many"
            );
        }
    }

    private async Task<int> Reserved(string function)
    {
        try
        {
            return (
                    await account.Lambda.GetFunctionConcurrencyAsync(new GetFunctionConcurrencyRequest { FunctionName = function })
                ).ReservedConcurrentExecutions
                ?? 0;
        }
        catch (ResourceNotFoundException)
        {
            return 0;
        }
    }
}
