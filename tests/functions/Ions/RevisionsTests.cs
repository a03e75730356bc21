using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
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
        var folder = new MemoryFolder(
            (
                "deployer.yaml",
                """
                service: inventory
                targets:
                  dev:
                    account: "111111111111"
                    region: us-east-1
                    values: { system: datomic-dev }
                    instances: { steps: [ api ], expireAfter: 72h }
                steps: { api: { stack: "api-${target}", template: api.yaml } }
                """
            ),
            ("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
        );
        var target = instance is null ? "dev" : $"dev-{instance}";
        var record = new TaskRecord
        {
            Deployment = new("one"),
            Step = "ions",
            Task = "deploy",
            Kind = "ions",
        };
        using var run = _desk.Run(folder, record, StubbedAccount.With(), target: target);
        var revisions = new Revisions(_desk, _desk.Settings, _desk.Ledger);
        await revisions.Keep(
            "inventory",
            new PushedRevision
            {
                Target = target,
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

        var pushed = (await revisions.On("inventory", target)).ShouldHaveSingleItem();
        pushed.ReleasedBy.ShouldBe(releasedBy is null ? null : new DeploymentId(releasedBy));
    }

    /// <summary>A commit is kept for each step that ran with it.</summary>
    [Fact]
    public async Task A_revision_that_is_not_known_is_answered_with_each_known_one_once()
    {
        var revisions = new Revisions(_desk, _desk.Settings, _desk.Ledger);
        foreach (var (step, name) in new[] { ("web", "4d1e0a77"), ("transactor", "4d1e0a77"), ("web", "9b2c6f10") })
        {
            await revisions.Keep(
                "inventory",
                new PushedRevision
                {
                    Target = "dev",
                    Step = step,
                    Name = name,
                    Key = "rev",
                    Content = "c",
                    Source = "s",
                    Deployment = new("one"),
                    At = "2030",
                    Zip = "z",
                }
            );
        }

        var unknown = await Should.ThrowAsync<SpecInvalidException>(() => revisions.Find("inventory", "dev", "ffffffff", []));

        unknown.Message.Split("4d1e0a77").Length.ShouldBe(2, unknown.Message);
        unknown.Message.Split("9b2c6f10").Length.ShouldBe(2, unknown.Message);
        (await revisions.Find("inventory", "dev", "4d1e0a77", [])).Count.ShouldBe(2, "both steps go back to it");
    }
}
