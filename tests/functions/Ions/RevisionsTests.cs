using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec;
using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.Ions;

public sealed class RevisionsTests : IAsyncLifetime
{
    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Theory]
    [InlineData(null, "one")]
    [InlineData("mine", null)]
    public async Task Only_a_release_on_the_target_itself_counts_for_the_next_stage(string? instance, string? releasedBy)
    {
        var spec = SpecReader
            .Read(
                new MemoryFolder(
                    (
                        "deployer.yaml",
                        """
                        service: inventory
                        targets: { dev: { account: "111111111111", region: us-east-1, values: { system: datomic-dev } } }
                        steps: { api: { stack: api, template: api.yaml } }
                        """
                    ),
                    ("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
                )
            )
            .Spec!;
        var target = instance is null ? spec.Target("dev")! : spec.Target("dev")!.ForInstance(instance);
        var deployment = new DeploymentRecord
        {
            Deployment = new("one"),
            Execution = new("arn"),
            Service = "inventory",
            Target = target.Name,
            Digest = "digest",
            Number = 1,
        };
        var record = new TaskRecord
        {
            Deployment = new("one"),
            Step = "ions",
            Task = "deploy",
            Kind = "ions",
        };
        var run = new StepRun(
            _desk.Ledger,
            deployment,
            new ServiceSource(new MemoryFolder(), spec, "digest"),
            target,
            account: null!,
            new Dictionary<string, ReleasedStep>(),
            record,
            token: null
        );
        var revisions = new Revisions(_desk, _desk.Settings, _desk.Ledger);
        await revisions.Keep(
            "inventory",
            new PushedRevision
            {
                Target = target.Name,
                Step = "ions",
                Name = "rev",
                Key = ":rev",
                Content = "c",
                Source = "s",
                Deployment = new("one"),
                At = "2030",
                Zip = "z",
            }
        );

        await revisions.Release(run, "rev");

        var pushed = (await revisions.On("inventory", target.Name)).ShouldHaveSingleItem();
        pushed.ReleasedBy.ShouldBe(releasedBy is null ? null : new DeploymentId(releasedBy));
    }
}
