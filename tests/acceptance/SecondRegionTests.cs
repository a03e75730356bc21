using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Doctor;
using Deployer.Cli.Places;
using Deployer.Functions.Steps;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

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
    public DeploymentReport First { get; private set; } = null!;

    /// <summary>The second service, in another region.</summary>
    public DeploymentReport Second { get; private set; } = null!;

    /// <summary>The first service again.</summary>
    public DeploymentReport FirstAgain { get; private set; } = null!;

    /// <summary>What roles did for the second service.</summary>
    public IReadOnlyList<PermissionUse> Uses { get; private set; } = [];

    /// <summary>What the role of the one service's builds is answered for what is the other's.</summary>
    public IReadOnlyList<(string Request, bool Allowed)> OfOthers { get; private set; } = [];

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
            OfOthers = await accounts.Rehearsal.World.Do(() => Asked(accounts.Rehearsal.World));
        }

        File.Delete(Path.Combine(state, "rehearsal.json"));
        await using (var accounts = await SimulatedAccounts.OpenService(inventory, state))
        {
            FirstAgain = await accounts.Deploy();
        }
    }

    /// <summary>The same requests of both builds' roles, with what each service has.</summary>
    private static IReadOnlyList<(string Request, bool Allowed)> Asked(RehearsalWorld world)
    {
        var asked = new List<(string, bool)>();
        foreach (var builder in new[] { "inventory", "catalog" })
        {
            var build = Principal.AssumedRole("222222222222", $"deployer-dev-build-{builder}", "AWSCodeBuild-1");
            foreach (var service in new[] { "inventory", "catalog" })
            {
                Ask(build, service, "s3:GetObject", $"arn:aws:s3:::deployer-dev-222222222222/sources/{service}/x.zip");
                Ask(build, service, "s3:PutObject", $"arn:aws:s3:::deployer-dev-222222222222/answers/{service}/x/push.edn");
                Ask(
                    build,
                    service,
                    "codeconnections:UseConnection",
                    "arn:aws:codeconnections:us-east-1:222222222222:connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301",
                    ("codeconnections:FullRepositoryId", $"acme/{service}"),
                    ("codeconnections:ProviderPermissionsRequired", "read_only")
                );
            }

            Ask(
                build,
                builder,
                "codeconnections:UseConnection for writing",
                "arn:aws:codeconnections:us-east-1:222222222222:connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301",
                ("codeconnections:FullRepositoryId", $"acme/{builder}"),
                ("codeconnections:ProviderPermissionsRequired", "read_write")
            );
        }

        // The role that all builds shared before, and that the project still has, reads and writes nobody's.
        var shared = Principal.AssumedRole("222222222222", "deployer-dev-build", "AWSCodeBuild-1");
        Ask(shared, "catalog", "s3:GetObject", "arn:aws:s3:::deployer-dev-222222222222/sources/catalog/x.zip");
        Ask(shared, "catalog", "s3:PutObject", "arn:aws:s3:::deployer-dev-222222222222/answers/catalog/x/push.edn");
        return asked;

        void Ask(Principal build, string service, string action, string resource, params (string Key, string Value)[] keys) =>
            asked.Add(
                (
                    $"{build.Role} {action} {service}",
                    world
                        .Api.Authorizer!.Decide(
                            build,
                            action.Split(' ')[0],
                            resource,
                            "222222222222",
                            resourcePolicy: null,
                            keys.ToDictionary(key => key.Key, key => key.Value)
                        )
                        .Allowed
                )
            );
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
        regions.First.Verdict.ShouldBe(Verdict.Succeeded, regions.First.Cause);
        regions.Second.Verdict.ShouldBe(Verdict.Succeeded, regions.Second.Cause);
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
        regions.FirstAgain.Verdict.ShouldBe(Verdict.NothingToDo, regions.FirstAgain.Cause);

    [Fact]
    public void The_build_of_one_service_reads_writes_and_clones_nothing_of_another()
    {
        regions
            .OfOthers.Where(asked => asked.Allowed)
            .Select(asked => asked.Request)
            .ShouldBe(
                new[] { "inventory", "catalog" }.SelectMany(service =>
                    new[] { "s3:GetObject", "s3:PutObject", "codeconnections:UseConnection" }.Select(action =>
                        $"deployer-dev-build-{service} {action} {service}"
                    )
                ),
                ignoreOrder: true
            );
        regions.OfOthers.Count.ShouldBe(16);
        regions.Uses.ShouldContain(use => use.Role == "deployer-dev-build-catalog" && use.Action == "s3:PutObject");
        regions.Uses.ShouldNotContain(use => use.Role == "deployer-dev-build" && use.Action.StartsWith("s3:", StringComparison.Ordinal));
    }
}
