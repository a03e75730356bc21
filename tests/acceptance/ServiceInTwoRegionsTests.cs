using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Doctor;
using Deployer.Cli.Places;
using Deployer.Cli.Records;
using Deployer.Functions.Steps;
using Deployer.Rehearsal.Wire;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// One service on two targets of one stage, <c>dev</c> and <c>dev-eu</c>, in two regions of one account: one deployer deploys both, each
/// under a lock and with records of its own.
/// </summary>
public sealed class ServiceInTwoRegions : IAsyncLifetime
{
    private const string Region = "eu-west-1";

    private readonly TemporaryFolder _folder = new();

    /// <summary>The first target, before the second one was there.</summary>
    public DeploymentReport First { get; private set; } = null!;

    /// <summary>The second target, by its pipeline.</summary>
    public DeploymentReport Second { get; private set; } = null!;

    /// <summary>The first target again.</summary>
    public DeploymentReport FirstAgain { get; private set; } = null!;

    /// <summary>What roles did for the second target.</summary>
    public IReadOnlyList<PermissionUse> Uses { get; private set; } = [];

    /// <summary>What the deployer of <c>dev</c> has recorded as released, by target.</summary>
    internal ILookup<string, ReleaseReport> Releases { get; private set; } = null!;

    /// <summary>What the doctor says of the second target.</summary>
    internal DoctorReport Doctor { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var state = Path.Combine(_folder.Path, "state");
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.Drop(service, "deployer.yaml", "    instances:", "  prod:");
        await SmallService.Change(
            service,
            "deployer.yaml",
            "  prod: {",
            $"  dev-eu: {{ account: \"111111111111\", region: {Region}, values: {{ system: datomic-eu, promotesFrom: \"\" }} }}\n  prod: {{"
        );
        var both = Path.Combine(_folder.Path, "both");
        Folders.Copy(service, both);
        // The deployer and the role of the service's builds are there, and so are the account's roles.
        await SmallService.Drop(
            both,
            "accounts/accounts.yaml",
            "  - account: tools                       # the deployer itself",
            "  - account: target"
        );
        await SmallService.Drop(
            both,
            "accounts/accounts.yaml",
            "  - account: tools                       # the role of its builds",
            "  - account: target                      # Datomic"
        );
        await SmallService.Change(both, "accounts/accounts.yaml", "ToolsRegion: us-east-1", "ToolsRegion: us-east-1, Roles: \"No\"");

        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            First = await accounts.Deploy();
        }

        // Kept accounts are those of one target; these get another one.
        File.Delete(Path.Combine(state, "rehearsal.json"));
        await using (var accounts = await SimulatedAccounts.OpenTarget("dev-eu", state, both))
        {
            await accounts.Add("dev-eu");
            Second = await accounts.Deploy();
            Uses = await accounts.Rehearsal.World.Do<IReadOnlyList<PermissionUse>>(() => [.. accounts.Rehearsal.World.Audit.Uses]);
            Doctor = await accounts.Doctor();
        }

        File.Delete(Path.Combine(state, "rehearsal.json"));
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            FirstAgain = await accounts.Deploy();
            using var records = new DeployerRecords(accounts.Tools, stage => throw new InvalidOperationException(stage));
            var found = new List<(string Target, ReleaseReport Release)>();
            foreach (var target in new[] { "dev", "dev-eu" })
            {
                found.AddRange(
                    (await records.Releases("inventory", target, "dev", CancellationToken.None)).Select(release => (target, release))
                );
            }

            Releases = found.ToLookup(entry => entry.Target, entry => entry.Release);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class ServiceInTwoRegionsTests(ServiceInTwoRegions regions) : IClassFixture<ServiceInTwoRegions>
{
    [Fact]
    public void The_deployer_of_the_stage_deploys_both_targets_with_what_it_is_granted()
    {
        regions.First.Verdict.ShouldBe(Verdict.Succeeded, regions.First.Cause);
        regions.Second.Verdict.ShouldBe(Verdict.Succeeded, regions.Second.Cause);
        regions.Second.Deployment!.ShouldContain("deployer-dev-deploy");
        regions
            .Second.Steps.Select(step => (step.Name, step.Action))
            .ShouldBe(regions.First.Steps.Select(step => (step.Name, step.Action)));
        (regions.Second.LocksHeld, regions.Second.WaitsOpen).ShouldBe((0, 0));
        regions.Uses.Where(use => !use.Allowed).ShouldBeEmpty();
    }

    [Fact]
    public void What_runs_in_the_first_region_is_left_alone() =>
        regions.FirstAgain.Verdict.ShouldBe(Verdict.NothingToDo, regions.FirstAgain.Cause);

    [Fact]
    public void Each_target_has_records_of_its_own()
    {
        regions.Releases["dev"].Select(release => release.Step).ShouldContain("ions");
        regions
            .Releases["dev-eu"]
            .Select(release => release.Step)
            .ShouldBe(regions.Releases["dev"].Select(release => release.Step), ignoreOrder: true);
        regions
            .Releases["dev-eu"]
            .Select(release => release.Deployment)
            .ShouldAllBe(deployment => !regions.Releases["dev"].Select(release => release.Deployment).Contains(deployment));
    }

    [Fact]
    public void The_doctor_finds_everything_of_the_second_target() =>
        regions.Doctor.Checks.Where(check => check.Status != CheckStatus.Ok).ShouldBeEmpty();
}
