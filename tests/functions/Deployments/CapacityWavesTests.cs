using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Kinds;
using Deployer.Spec;
using Deployer.Spec.Tests;
using NSubstitute;

namespace Deployer.Functions.Tests.Deployments;

public sealed class CapacityWavesTests
{
    private const string Templates = "https://s3.amazonaws.com/datomic-cloud-1/cft/1217";

    private static readonly ServiceSpec Spec = SpecReader
        .Read(
            new MemoryFolder(
                (
                    "deployer.yaml",
                    $$"""
                    service: inventory
                    targets: { dev: { account: "111111111111", region: us-east-1, values: { system: datomic-dev } } }
                    steps:
                      reads: { stack: reads, kind: datomic-query-group, template: "{{Templates}}/query-group-template-9399-1217.json" }
                      storage: { stack: datomic-dev, kind: datomic-storage, template: "{{Templates}}/storage-template-9399-1217.json" }
                      primary: { stack: primary, kind: datomic-compute, template: "{{Templates}}/compute-template-9399-1217.json" }
                      reports: { stack: reports, kind: datomic-query-group, template: "{{Templates}}/query-group-template-9399-1217.json" }
                    """
                )
            )
        )
        .Spec!;

    [Theory]
    [InlineData(CapacityChange.On, "primary | reads reports")]
    [InlineData(CapacityChange.Off, "reads reports | primary")]
    public void The_primary_group_is_on_first_and_off_last(CapacityChange change, string waves) => Waves(change).ShouldBe(waves);

    [Fact]
    public void Some_groups_are_turned_off_alone() => Waves(CapacityChange.Off, "reports").ShouldBe("reports");

    private static string Waves(CapacityChange change, params string[] only)
    {
        var deployment = new DeploymentRecord
        {
            Deployment = new("one"),
            Execution = new("arn"),
            Service = "inventory",
            Target = "dev",
            Digest = "digest",
            Number = 1,
            Capacity = change,
            Only = only,
        };
        var waves = new CapacityWaves(RegisteredKinds.BuiltIn(Substitute.For<IAws>())).Waves(Spec, deployment);
        waves.SelectMany(wave => wave.Steps).ShouldAllBe(step => step.Kind == "capacity");
        return string.Join(" | ", waves.Select(wave => string.Join(' ', wave.Steps.Select(step => step.Name))));
    }
}
