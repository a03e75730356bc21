using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Tests;
using NSubstitute;

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
        (await revisions.Find("inventory", "dev", "4d1e0a77", [])).Revisions.Count.ShouldBe(2, "both steps go back to it");
    }

    /// <summary>A step that had no changes at a commit ran a revision of an earlier one, which a rollback brings back, too.</summary>
    [Fact]
    public async Task What_ran_at_a_commit_is_gone_back_to_whether_or_not_the_step_had_changes_there()
    {
        var revisions = new Revisions(_desk, _desk.Settings, _desk.Ledger);
        IReadOnlyList<(string Name, IStepKind Kind)> steps = [("web", Kind()), ("transactor", Kind())];
        await Deploy("one", 1, "1111111aaaa", "web", "transactor");
        await Deploy("two", 2, "2222222bbbb", "web");
        await Deploy("three", 3, "3333333cccc", "web", "transactor");
        await Deploy("same", 4, "4444444dddd");

        var second = await revisions.Find("inventory", "dev", "2222222", []);
        var web = await revisions.Find("inventory", "dev", "2222222bbbb", ["web"]);
        var unchanged = await revisions.Find("inventory", "dev", "4444444", []);

        (second.Name, second.Commit, second.Source).ShouldBe(("2222222bbbb", "2222222bbbb", "source-two"));
        Steps(second).ShouldBe(["transactor 1111111aaaa", "web 2222222bbbb"]);
        Steps(web).ShouldBe(["web 2222222bbbb"]);
        Steps(unchanged).ShouldBe(["transactor 3333333cccc", "web 3333333cccc"]);
        await revisions.KeepRelease(
            await _desk.Deployment("part") with
            {
                Number = 5,
                Revision = "2222222bbbb",
                Digest = "source-two",
            },
            [("web", Kind())]
        );
        Steps(await revisions.Find("inventory", "dev", "2222222", []))
            .ShouldBe(["transactor 1111111aaaa", "web 3333333cccc"], "a deployment of one step says nothing of the other");
        using var run = Run("transactor", "2222222bbbb");
        (await revisions.GoneBackTo(run)).ShouldNotBeNull().Name.ShouldBe("1111111aaaa");
        (await revisions.WayBack(run, "1111111aaaa")).ShouldBe("2222222bbbb", "the last commit that had it");
        (await revisions.WayBack(run, "0000000eeee")).ShouldBe("0000000eeee", "no record says more");

        async Task Deploy(string name, long number, string commit, params string[] changed)
        {
            var deployment = await _desk.Deployment(name) with { Number = number, Revision = commit, Digest = $"source-{name}" };
            foreach (var step in changed)
            {
                await revisions.KeepReleased("inventory", Pushed(step, commit, deployment.Deployment));
                await _desk.Ledger.Put(
                    ReleasedStep.Key("inventory", "dev", step),
                    new ReleasedStep
                    {
                        Step = step,
                        Deployment = deployment.Deployment,
                        Inputs = commit,
                        Resource = commit,
                    }
                );
            }

            await revisions.KeepRelease(deployment, steps);
        }

        static IEnumerable<string> Steps(EarlierRelease release) =>
            release.Revisions.Select(revision => $"{revision.Step} {revision.Name}").Order(StringComparer.Ordinal);
    }

    /// <summary>A list of deployments shows what each has released, whatever was released after it.</summary>
    [Fact]
    public async Task A_revision_that_is_released_again_keeps_who_released_it_first()
    {
        var revisions = new Revisions(_desk, _desk.Settings, _desk.Ledger);

        await revisions.KeepReleased("inventory", Pushed("web", "1111111aaaa", new("one")));
        await revisions.KeepReleased("inventory", Pushed("web", "1111111aaaa", new("two")));
        await revisions.KeepReleased("inventory", Pushed("web", "1111111aaaa", new("two")));

        var kept = (await revisions.On("inventory", "dev")).ShouldHaveSingleItem();
        kept.Deployment.ShouldBe(new DeploymentId("one"));
        kept.ReleasedAgainBy.ShouldNotBeNull().ShouldBe([new DeploymentId("two")]);
    }

    /// <summary>A rollback releases ions again, and one that finds them live has released nothing.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Ions_that_are_released_again_are_of_both_deployments(bool wasLive, bool isAgain)
    {
        var revisions = new Revisions(_desk, _desk.Settings, _desk.Ledger);
        await revisions.Keep("inventory", Pushed("ions", "1111111aaaa", new("one")));
        using var run = Run("ions", "1111111aaaa");

        await revisions.Release(run, "1111111aaaa", wasLive);

        var kept = (await revisions.On("inventory", "dev")).ShouldHaveSingleItem();
        (kept.Deployment, kept.ReleasedBy).ShouldBe((new DeploymentId("one"), new DeploymentId("one")));
        (kept.ReleasedAgainBy?.Contains(run.Deployment.Deployment) == true).ShouldBe(isAgain);
    }

    private StepRun Run(string step, string back)
    {
        var folder = new MemoryFolder(
            (
                "deployer.yaml",
                $$"""
                service: inventory
                targets: { dev: { account: "111111111111", region: us-east-1 } }
                steps: { {{step}}: { stack: api, template: api.yaml } }
                """
            ),
            ("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
        );
        var record = new TaskRecord
        {
            Deployment = new("back"),
            Step = step,
            Task = "stack",
            Kind = "stack",
        };
        return _desk.Run(folder, record, StubbedAccount.With(), target: "dev", rollbackTo: back);
    }

    private static IStepKind Kind()
    {
        var kind = Substitute.For<IStepKind>();
        kind.ReleasedRevision(Arg.Any<ReleasedStep>()).Returns((string?)null);
        return kind;
    }

    private static PushedRevision Pushed(string step, string name, DeploymentId deployment) =>
        new()
        {
            Target = "dev",
            Step = step,
            Name = name,
            Key = "rev",
            Commit = name,
            Content = "c",
            Source = "s",
            Deployment = deployment,
            ReleasedBy = deployment,
            At = "2030",
            Zip = "z",
        };
}
