using Amazon.ECS.Model;
using Deployer.Functions.Services;
using Deployer.Rehearsal.Datomic.Transactors;
using Deployer.Rehearsal.World;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>A copy of the example with a transactor, and what a writer saw of it.</summary>
internal static class OrdersService
{
    /// <summary>The transactor's name, and that of its table.</summary>
    public const string Name = "orders-dev";

    /// <summary>The account of the target.</summary>
    public const string Account = "111111111111";

    /// <summary>The region of the target.</summary>
    public const string Region = "us-east-1";

    /// <summary>The example.</summary>
    public static string Example { get; } = Repository.At("examples/orders");

    private static readonly Lazy<Task<string>> Pair = new(() => Deploy(isSingle: false));
    private static readonly Lazy<Task<string>> Single = new(() => Deploy(isSingle: true));

    /// <summary>Accounts of the caller's own in which a pair, or a single transactor, was deployed once.</summary>
    /// <param name="folder">The caller's folder.</param>
    /// <param name="isSingle">Whether it is a single one.</param>
    public static async Task<(string State, string Service)> CopyDeployed(string folder, bool isSingle = false)
    {
        Folders.Copy(await (isSingle ? Single : Pair).Value, folder);
        return (Path.Combine(folder, "state"), Path.Combine(folder, "service"));
    }

    /// <summary>Copies the example, without its second step so that tests take less time.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="isSingle">Whether the transactor is a single one.</param>
    /// <returns>The copy.</returns>
    public static async Task<string> Write(string folder, bool isSingle = false)
    {
        var service = Path.Combine(folder, "service");
        Folders.Copy(Example, service);
        var file = Path.Combine(service, "deployer.yaml");
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, text[..text.IndexOf("  web:", StringComparison.Ordinal)]);
        if (isSingle)
        {
            await SmallService.Change(service, "deployer.yaml", "mode: pair", "mode: single\n    allowWriteGap: true");
            await SmallService.Change(service, "accounts/accounts.yaml", "Mode: pair", "Mode: single");
        }

        return service;
    }

    /// <summary>Gives the transactor another image.</summary>
    /// <param name="service">The copy.</param>
    /// <param name="before">The first digit of the present image's digest.</param>
    /// <param name="after">The first digit of the other one's.</param>
    public static Task AnotherImage(string service, char before = '5', char after = '6') =>
        SmallService.Change(service, "deployer.yaml", $"@sha256:{before}f0c3b0e", $"@sha256:{after}f0c3b0e");

    /// <summary>The ARN of a revision of its task definition.</summary>
    public static string Definition(int revision) => $"arn:aws:ecs:{Region}:{Account}:task-definition/orders-dev:{revision}";

    /// <summary>Writes a schedule in which somebody changes one of both services while a task of the roll runs.</summary>
    /// <param name="folder">The test's folder.</param>
    /// <param name="task">The task.</param>
    /// <param name="wait">How long after it has begun.</param>
    /// <param name="part">The service's letter, in either case.</param>
    /// <param name="properties">What of the service is changed.</param>
    /// <returns>The file of the schedule.</returns>
    public static async Task<string> ScheduleChange(string folder, string task, string wait, string part, string properties)
    {
        var schedule = Path.Combine(folder, "schedule.yaml");
        await File.WriteAllTextAsync(
            schedule,
            $$"""
            schedule:
              - when: { begins: transactor/{{task}}, wait: {{wait}} }
                do:
                  changeResource:
                    stack: orders-dev-transactor
                    resource: Service{{part.ToUpperInvariant()}}
                    properties: { {{properties}} }
            """,
            TestContext.Current.CancellationToken
        );
        return schedule;
    }

    /// <summary>Rehearses the service.</summary>
    public static Task<CommandResult> Rehearse(string service, string state, params string[] options) =>
        CommandLine.InProcess(["rehearse", service, "--target", "dev", "--state", state, .. options]);

    /// <summary>Has the service's deployment planned.</summary>
    public static Task<CommandResult> Plan(string service, string state) =>
        CommandLine.InProcess("plan", service, "--target", "dev", "--state", state);

    /// <summary>What both services run: revision, state of the rollout, tasks that run and are to.</summary>
    public static async Task<string> Described(string service, string state)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        var found = (
            await accounts
                .Target.Target(Region)
                .Ecs.DescribeServicesAsync(new DescribeServicesRequest { Cluster = Name, Services = [$"{Name}-a", $"{Name}-b"] })
        ).Services;
        return string.Join(
            ", ",
            found.Select(one =>
                $"{one.ServiceName[^1]} {one.TaskDefinition[(one.TaskDefinition.LastIndexOf(':') + 1)..]} "
                + $"{one.Deployments[0].RolloutState} {one.RunningCount}/{one.DesiredCount}"
            )
        );
    }

    /// <summary>The times in which a writer that tries at every moment could write nothing, and whether it can now.</summary>
    public static async Task<(IReadOnlyList<WriteGap> Gaps, bool IsWritable)> Writer(string service, string state)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        var writable = new WritablePeriods(accounts.Rehearsal.World);
        return await accounts.Rehearsal.World.Do(() => (writable.Gaps(Account, Region, Name), writable.IsWritable(Account, Region, Name)));
    }

    /// <summary>The service whose transactor is active, by the address in its last heartbeat.</summary>
    public static async Task<string> Active(string service, string state)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        var world = accounts.Rehearsal.World;
        return await world.Do(() =>
            world
                .Store.Table<TransactorProcess>("datomic/transactors")
                .WithPrefix(RegionalKey.Prefix(Account, Region))
                .Single(process => process.Value.Phase == TransactorPhase.Active)
                .Value.Service
        );
    }

    private static async Task<string> Deploy(bool isSingle)
    {
        var folder = Directory.CreateTempSubdirectory("deployer-orders-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var service = await Write(folder, isSingle);
        var deployed = await Rehearse(service, Path.Combine(folder, "state"));
        deployed.ExitCode.ShouldBe(0, deployed.Terminal);
        return folder;
    }
}
