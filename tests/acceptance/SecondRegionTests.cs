using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Doctor;
using Deployer.Cli.Places;
using Deployer.Functions.Steps;
using Deployer.Rehearsal.Wire;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Two services of one stage in one account, the second in another region: the names of roles and policies are global to the account, and
/// events of the second region go to the bus in the deployer's.
/// </summary>
public sealed class TwoRegions : IAsyncLifetime
{
    public const string Region = "eu-west-1";

    private readonly TemporaryFolder _folder = new();

    /// <summary>The first service, before the second one was there.</summary>
    public RehearsalReport First { get; private set; } = null!;

    /// <summary>The second service, in another region.</summary>
    public RehearsalReport Second { get; private set; } = null!;

    /// <summary>The first service again.</summary>
    public RehearsalReport FirstAgain { get; private set; } = null!;

    /// <summary>What roles did for the second service.</summary>
    public IReadOnlyList<PermissionUse> Uses { get; private set; } = [];

    /// <summary>What the doctor says of the second service.</summary>
    internal DoctorReport Doctor { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var state = Path.Combine(_folder.Path, "state");
        var inventory = CommandLine.CopyInventory(_folder.Path);
        var catalog = Path.Combine(_folder.Path, "catalog");
        Folders.Copy(inventory, catalog);
        Directory.Move(Path.Combine(catalog, "ions/src/inventory"), Path.Combine(catalog, "ions/src/catalog"));
        foreach (var file in Directory.EnumerateFiles(catalog, "*", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(file);
            await File.WriteAllTextAsync(file, text.Replace("inventory", "catalog", StringComparison.Ordinal));
        }

        await SmallService.Change(catalog, "deployer.yaml", "region: us-east-1\n    values", $"region: {Region}\n    values");
        await SmallService.Change(catalog, "accounts/accounts.yaml", "ToolsRegion: us-east-1", "ToolsRegion: us-east-1, Roles: \"No\"");
        await SmallService.Drop(
            catalog,
            "accounts/accounts.yaml",
            "  - account: tools                       # the deployer itself",
            "  - account: target"
        );
        await SmallService.Change(inventory, "accounts/accounts.yaml", "Repositories: acme/", "Repositories: acme/catalog,acme/");

        await using (var accounts = await SimulatedAccounts.OpenService(inventory, state))
        {
            First = await accounts.Deploy();
        }

        // Kept accounts are those of one service; these get another one.
        File.Delete(Path.Combine(state, "rehearsal.json"));
        await using (var accounts = await SimulatedAccounts.OpenService(catalog, state))
        {
            await accounts.Add("catalog");
            Second = await accounts.Deploy();
            Uses = await accounts.Rehearsal.World.Do<IReadOnlyList<PermissionUse>>(() => [.. accounts.Rehearsal.World.Audit.Uses]);
            Doctor = await accounts.Doctor();
        }

        File.Delete(Path.Combine(state, "rehearsal.json"));
        await using (var accounts = await SimulatedAccounts.OpenService(inventory, state))
        {
            FirstAgain = await accounts.Deploy();
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SecondRegionTests(TwoRegions regions) : IClassFixture<TwoRegions>
{
    [Fact]
    public void A_second_service_is_deployed_in_a_second_region_of_the_same_account()
    {
        regions.First.Verdict.ShouldBe("succeeded", regions.First.Cause);
        regions.Second.Verdict.ShouldBe("succeeded", regions.Second.Cause);
        regions.Second.Steps.Select(step => step.Action).ShouldBe(regions.First.Steps.Select(step => step.Action));
        (regions.Second.LocksHeld, regions.Second.WaitsOpen).ShouldBe((0, 0));
        regions.Uses.Where(use => !use.Allowed).ShouldBeEmpty();
    }

    [Fact]
    public void Events_of_the_second_region_go_to_the_bus_in_the_region_of_the_deployer()
    {
        regions.Uses.ShouldContain(use =>
            use.Role == "deployer-dev-events"
            && use.Action == "events:PutEvents"
            && use.Resource == "arn:aws:events:us-east-1:222222222222:event-bus/deployer-dev"
        );
        regions.Doctor.Checks.Where(check => check.Status != CheckStatus.Ok).ShouldBeEmpty();
        regions.Doctor.Checks.ShouldContain(check => check.Check == "test-event");
    }

    [Fact]
    public void The_service_of_the_first_region_is_as_it_was() =>
        regions.FirstAgain.Verdict.ShouldBe("nothing-to-do", regions.FirstAgain.Cause);
}
