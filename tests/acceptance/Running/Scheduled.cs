using Amazon.CodeBuild.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Places;
using Deployer.Cli.Rehearsals;
using Deployer.Rehearsal.People;
using Deployer.Rehearsal.Wire;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>Rehearsals of the example in which people act by a schedule. Each has accounts of its own, copied from prepared ones.</summary>
internal static class Scheduled
{
    /// <summary>More requests than an invocation of any function makes.</summary>
    public const int MostRequests = 80;

    /// <summary>The development instance of <see cref="CopyInstance"/>.</summary>
    public const string Instance = "x";

    private static readonly Lazy<Task<string>> Prepared = new(Prepare);
    private static readonly Lazy<Task<string>> Deployed = new(() => Deploy(Verdict.Succeeded));
    private static readonly Lazy<Task<string>> RolledBack = new(() => Deploy(Verdict.Failed, "--fault", "stack-rolls-back"));

    private static readonly Lazy<Task<string>> TurnedOff = new(TurnOff);
    private static readonly Lazy<Task<string>> WithInstance = new(DeployInstance);
    private static readonly Lazy<Task<(string State, string Service, string Revision)>> Released = new(Release);

    /// <summary>Accounts of the caller's own that have the example.</summary>
    /// <param name="folder">The caller's folder.</param>
    /// <returns>Where they are kept.</returns>
    public static async Task<string> CopyDeployed(string folder) => CopyInto(folder, await Deployed.Value);

    /// <summary>Accounts in which nothing was deployed yet.</summary>
    /// <inheritdoc cref="CopyDeployed"/>
    public static async Task<string> CopyPrepared(string folder) => CopyInto(folder, await Prepared.Value);

    /// <summary>Accounts whose compute group is turned off.</summary>
    /// <inheritdoc cref="CopyDeployed"/>
    public static async Task<string> CopyTurnedOff(string folder) => CopyInto(folder, await TurnedOff.Value);

    /// <summary>Accounts that have a development instance.</summary>
    /// <inheritdoc cref="CopyDeployed"/>
    public static async Task<string> CopyInstance(string folder) => CopyInto(folder, await WithInstance.Value);

    /// <summary>Accounts to which a second revision of the ions was deployed.</summary>
    /// <param name="folder">The caller's folder.</param>
    /// <returns>Where they are kept, the service's folder, and the first revision.</returns>
    public static async Task<(string State, string Service, string Revision)> CopyReleased(string folder)
    {
        var (state, service, revision) = await Released.Value;
        return (CopyInto(folder, state), service, revision);
    }

    /// <summary>Writes a schedule file and returns its path.</summary>
    public static async Task<string> Write(string folder, string schedule)
    {
        var file = Path.Combine(folder, "schedule.yaml");
        await File.WriteAllTextAsync(file, schedule);
        return file;
    }

    /// <summary>Rehearses the example with a schedule, in process.</summary>
    /// <param name="schedule">The lines of the file.</param>
    /// <param name="look">Looks at the accounts that the rehearsal left.</param>
    /// <param name="options">Further options.</param>
    public static async Task<CommandResult> Rehearse(
        string schedule,
        Func<SimulatedAccounts, CommandResult, Task>? look = null,
        params string[] options
    ) => await Rehearse(CommandLine.Inventory, await Prepared.Value, schedule, look, options);

    /// <summary>
    /// Rehearses a change of one parameter of the example's group, in accounts that have the example: no ions are built, so it takes less.
    /// </summary>
    /// <inheritdoc cref="Rehearse(string, Func{SimulatedAccounts, CommandResult, Task}, string[])"/>
    public static async Task<CommandResult> RehearseChange(string schedule, Func<SimulatedAccounts, CommandResult, Task>? look = null)
    {
        using var folder = new TemporaryFolder();
        return await Rehearse(await Changed(folder), await Deployed.Value, schedule, look);
    }

    /// <summary>Rehearses that change with faults and without people.</summary>
    public static async Task<CommandResult> RehearseFaults(params string[] faults)
    {
        using var folder = new TemporaryFolder();
        var state = CopyInto(folder.Path, await Deployed.Value);
        var options = faults.SelectMany(fault => new[] { "--fault", fault });
        return await CommandLine.InProcess(["rehearse", await Changed(folder), "--target", "dev", "--state", state, .. options]);
    }

    private static async Task<string> Changed(TemporaryFolder folder)
    {
        var service = CommandLine.CopyInventory(folder.Path);
        var description = Path.Combine(service, "deployer.yaml");
        var text = await File.ReadAllTextAsync(description);
        await File.WriteAllTextAsync(
            description,
            text.Replace("ApplicationName: inventory,", "ApplicationName: inventory, EnvironmentMap: \"{:a 1}\",", StringComparison.Ordinal)
        );
        return service;
    }

    /// <summary>Rehearses the example in accounts in which its first deployment failed and the group's stack was rolled back.</summary>
    /// <inheritdoc cref="Rehearse(string, Func{SimulatedAccounts, CommandResult, Task}, string[])"/>
    public static async Task<CommandResult> RehearseAfterRollback(
        string schedule,
        Func<SimulatedAccounts, CommandResult, Task>? look = null
    ) => await Rehearse(CommandLine.Inventory, await RolledBack.Value, schedule, look);

    private static async Task<CommandResult> Rehearse(
        string service,
        string accountsBefore,
        string schedule,
        Func<SimulatedAccounts, CommandResult, Task>? look,
        params string[] options
    )
    {
        using var folder = new TemporaryFolder();
        var file = await Write(folder.Path, schedule);
        var state = CopyInto(folder.Path, accountsBefore);
        var result = await CommandLine.InProcess([
            "rehearse",
            service,
            "--target",
            "dev",
            "--schedule",
            file,
            "--state",
            state,
            .. options,
        ]);
        if (look is not null)
        {
            await using var accounts = await SimulatedAccounts.Open(state);
            await look(accounts, result);
        }

        return result;
    }

    /// <summary>
    /// The functions that deployments and plans need. The doctor's is none of them: it changes nothing, and the program that asks it asks
    /// again.
    /// </summary>
    public static IReadOnlyList<string> Functions { get; } =
    [
        .. ScheduleNames
            .Read(new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, string>(), RehearsedService.Product)
            .Functions.Where(function => function != "Check"),
    ];

    /// <summary>
    /// A deployment that nothing disturbs: how many requests an invocation of each function makes at most, for those that make any, and
    /// what is done.
    /// </summary>
    public static Lazy<Task<(IReadOnlyDictionary<string, int> Requests, Effects Effects)>> Undisturbed { get; } = new(Observe);

    /// <summary>Lines of a schedule for the numbers from 1.</summary>
    public static string Lines(int count, Func<int, string> line) => string.Join('\n', Enumerable.Range(1, count).Select(line)) + "\n";

    /// <summary>
    /// The periods in which an execution of the deployer worked on steps: from the first task of a step, or a redrive, to the state in
    /// which the lock is released, or to a failure.
    /// </summary>
    public static async Task<IReadOnlyList<(DateTime From, DateTime To)>> WorkingPeriods(this SimulatedAccounts accounts, string execution)
    {
        var periods = new List<(DateTime, DateTime)>();
        DateTime? from = null;
        foreach (var happened in await accounts.History(execution))
        {
            if (happened.Type == HistoryEventType.MapStateEntered || happened.Type == HistoryEventType.ExecutionRedriven)
            {
                from ??= happened.Timestamp;
            }
            else if (from is { } began && Closes(happened) is { } closed)
            {
                // One that is refused the lock has worked on nothing.
                if (closed is not ("TargetBusyException" or "SupersededException"))
                {
                    periods.Add((began, happened.Timestamp!.Value));
                }

                from = null;
            }
        }

        return periods;
    }

    /// <summary>
    /// The error with which an event ends the work of an execution, empty for a success; null when it ends none. The state that releases
    /// the lock has a few requests more after that, and the next deployment may begin beside them.
    /// </summary>
    private static string? Closes(HistoryEvent happened) =>
        happened.Type.Value switch
        {
            "TaskStateEntered" when happened.StateEnteredEventDetails.Name == "Finish" => string.Empty,
            "ExecutionSucceeded" => string.Empty,
            "ExecutionFailed" => happened.ExecutionFailedEventDetails?.Error ?? string.Empty,
            "ExecutionAborted" => happened.ExecutionAbortedEventDetails?.Error ?? string.Empty,
            "ExecutionTimedOut" => happened.ExecutionTimedOutEventDetails?.Error ?? string.Empty,
            _ => null,
        };

    /// <summary>What was done in the accounts, however often it was asked for: an answer that is lost is no second effect.</summary>
    public static async Task<Effects> EffectsOf(this SimulatedAccounts accounts, CommandResult result)
    {
        var operations = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var stack in new[] { "inventory-dev", "inventory-dev-network", "inventory-dev-api" })
        {
            var events = (await accounts.Target.CloudFormation.DescribeStackEventsAsync(new() { StackName = stack })).StackEvents;
            operations[stack] = events
                .Where(happened => happened.PhysicalResourceId == happened.StackId)
                .Count(happened => happened.ResourceStatus.Value is "CREATE_IN_PROGRESS" or "UPDATE_IN_PROGRESS");
        }

        var builds = await accounts.Rehearsal.World.Do(() =>
            accounts.Rehearsal.World.Api.Invoke<ListBuildsForProjectResponse>(
                Principal.Root("222222222222"),
                "us-east-1",
                new ListBuildsForProjectRequest { ProjectName = "deployer-dev-ions" }
            )
        );
        return new Effects(
            string.Join(", ", operations),
            builds.Ids?.Count ?? 0,
            result.Report.Executions.Count(execution => execution.Machine == "datomic-inventory-dev"),
            string.Join(", ", result.Report.Stacks.Select(stack => $"{stack.Name} {stack.Action} {stack.Status}")),
            string.Join(
                ", ",
                result.Report.Ions.Select(ions => $"{ions.Group} {ions.Revision} {ions.DeployStatus} {ions.CodeDeployStatus}")
            ),
            string.Join(", ", result.Report.Ions.SelectMany(ions => ions.Instances).Select(instance => instance.Revision)),
            string.Join(", ", result.Report.Endpoints.Select(endpoint => $"{endpoint.Function} {string.Join(' ', endpoint.Variables)}"))
        );
    }

    private static async Task<(IReadOnlyDictionary<string, int> Requests, Effects Effects)> Observe()
    {
        Effects? effects = null;
        var result = await Rehearse(
            "schedule:\n"
                + string.Concat(
                    Functions.Select(function =>
                        Lines(
                            MostRequests,
                            number => $"  - {{ when: {{ request: {number}, of: {function} }}, do: {{ delay: {{ by: 0s }} }} }}"
                        )
                    )
                ),
            async (accounts, undisturbed) => effects = await accounts.EffectsOf(undisturbed)
        );
        result.Report.Verdict.ShouldBe(Verdict.Succeeded);
        var requests = result
            .Report.People!.Where(act => act.Outcome == ActOutcome.Done)
            .CountBy(act => act.When.Split(' ')[^1])
            .ToDictionary();
        requests.Values.Max().ShouldBeLessThan(MostRequests);
        return (requests, effects!);
    }

    private static async Task<string> Prepare()
    {
        var folder = UntilTheEnd();
        await (await SimulatedAccounts.Open(folder)).DisposeAsync();
        return folder;
    }

    private static async Task<string> Deploy(Verdict verdict, params string[] options)
    {
        var folder = UntilTheEnd();
        Folders.Copy(await Prepared.Value, folder);
        (await CommandLine.Rehearse(["--state", folder, .. options])).Report.Verdict.ShouldBe(verdict);
        return folder;
    }

    private static async Task<string> TurnOff()
    {
        var folder = UntilTheEnd();
        Folders.Copy(await Deployed.Value, folder);
        (await CommandLine.InProcess("group", "off", CommandLine.Inventory, "--target", "dev", "--state", folder)).Report.Verdict.ShouldBe(
            Verdict.Succeeded
        );
        return folder;
    }

    private static async Task<string> DeployInstance()
    {
        var folder = UntilTheEnd();
        await using var accounts = await SimulatedAccounts.OpenInstance(folder, Instance);
        (await accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
        return folder;
    }

    private static async Task<(string State, string Service, string Revision)> Release()
    {
        var folder = UntilTheEnd();
        Folders.Copy(await Deployed.Value, folder);
        var first = (await CommandLine.Rehearse("--state", folder)).Report.Revision.ShouldNotBeNull();
        var service = CommandLine.CopyInventory(UntilTheEnd());
        await File.AppendAllTextAsync(Path.Combine(service, "ions", "src", "inventory", "ions.clj"), "\n; a second release\n");
        var second = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", folder);
        second.Report.Verdict.ShouldBe(Verdict.Succeeded);
        second.Report.Revision.ShouldNotBe(first);
        return (folder, service, first);
    }

    private static string CopyInto(string folder, string from)
    {
        var state = Path.Combine(folder, "state");
        Folders.Copy(from, state);
        return state;
    }

    /// <summary>A folder that several tests share.</summary>
    private static string UntilTheEnd()
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder.Path;
    }
}

/// <summary>What a deployment did: how often, and how things stand at its end.</summary>
public sealed record Effects(
    string StackOperations,
    int Builds,
    int IonDeploys,
    string Stacks,
    string Ions,
    string Instances,
    string Endpoints
);
