using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Kinds;
using Deployer.Spec.Kinds;
using Deployer.Spec.Sources;
using Deployer.Spec.Tests;
using NSubstitute;

namespace Deployer.Functions.Tests.Deployments;

public sealed class CapacityRequestTests : IAsyncLifetime
{
    private static readonly DeploymentRequest Off = new("inventory", "dev", Capacity: "off");

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Groups_can_be_on_and_off_only() =>
        (await Refusal(Off with { Capacity = "half" })).ShouldBe("'capacity' is 'half'; expected one of on, off");

    [Fact]
    public async Task A_change_of_capacity_deploys_nothing()
    {
        (await Refusal(Off with { Source = new SourceObject("bucket", "key") })).ShouldContain(
            "expected neither 'source' nor 'rollbackTo' beside it"
        );
        (await Refusal(Off with { RollbackTo = "0123456" })).ShouldContain("expected neither 'source' nor 'rollbackTo' beside it");
    }

    [Fact]
    public async Task What_was_never_deployed_has_no_groups_that_are_known() =>
        (await Refusal(Off)).ShouldStartWith("nothing that this deployer has deployed of inventory to dev is there");

    [Fact]
    public async Task A_service_without_a_capacity_is_refused_with_what_has_one_by_every_kind()
    {
        await using var bench = await QueueBench.Open(
            new MemoryFolder(
                (
                    "deployer.yaml",
                    """
                    service: inventory
                    targets: { dev: { account: "111111111111", region: us-east-1 } }
                    steps: { network: { stack: "network-${target}", template: network.yaml } }
                    """
                ),
                ("network.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")
            )
        );
        await bench.Desk.Ledger.Put(
            ReleasedStep.Key("inventory", "dev", "network"),
            new ReleasedStep
            {
                Deployment = bench.Deployment.Deployment,
                Inputs = "digest",
                Resource = "arn",
            }
        );

        var refused = await Should.ThrowAsync<SpecInvalidException>(() => bench.Get<Requests>().Accept(Off.Parse()));

        refused.Message.ShouldContain(
            "deployer.yaml has no step whose capacity could be changed; "
                + "expected a compute group (kind datomic-compute or datomic-query-group) or a queue"
        );
    }

    /// <summary>
    /// A look that deploys older files again is the newest deployment, and its files do not have the group that was added since.
    /// </summary>
    [Fact]
    public async Task The_groups_are_those_of_the_newest_files_and_not_of_older_ones_that_a_look_has_deployed_again()
    {
        var (older, newer) = (Groups("old"), Groups("old", "new"));
        var aws = Substitute.For<IAws>();
        aws.DynamoDB.Returns(_desk.DynamoDB);
        var bucket = Bucket(older, newer);
        aws.S3.Returns(bucket);
        var settings = _desk.Settings with { AllowedTargets = new HashSet<string> { "111111111111" } };
        var kinds = RegisteredKinds.BuiltIn(aws, settings);
        var requests = new Requests(
            settings,
            _desk.Ledger,
            new Sources(aws, settings, StepKinds.BuiltIn),
            StepKinds.BuiltIn,
            kinds,
            new CapacityWaves(kinds),
            new Revisions(aws, settings, _desk.Ledger),
            new InstanceRegistry(settings, _desk.Ledger, _desk.Executions)
        );
        await Released("whole", older, "old");
        var added = await Released("added", newer, "new");
        await _desk.Ledger.Put(DeployedSteps.Key("inventory", "dev"), new DeployedSteps { Last = added.Deployment, Number = added.Number });
        await Released("again", older, "old", isAgain: true);

        using var accepted = (await requests.Accept((Off with { Steps = ["new"] }).Parse())).Source;

        accepted.Digest.ShouldBe(ContentDigest.Compute(newer));
    }

    private static MemoryFolder Groups(params string[] names) =>
        new([
            (
                "deployer.yaml",
                "service: inventory\ntargets: { dev: { account: '111111111111', region: us-east-1 } }\nsteps:\n"
                    + string.Concat(
                        names.Select(name => $"  {name}: {{ stack: {name}, kind: datomic-query-group, template: group.yaml }}\n")
                    )
            ),
            ("group.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }"),
        ]);

    private static IAmazonS3 Bucket(params MemoryFolder[] sources)
    {
        var s3 = Substitute.For<IAmazonS3>();
        foreach (var source in sources)
        {
            s3.GetObjectAsync(Arg.Any<string>(), Sources.Key("inventory", ContentDigest.Compute(source)), Arg.Any<CancellationToken>())
                .Returns(_ =>
                {
                    var zip = new MemoryStream();
                    SourceZip.Write(source, zip);
                    return new GetObjectResponse { ResponseStream = new MemoryStream(zip.ToArray()) };
                });
        }

        return s3;
    }

    private async Task<DeploymentRecord> Released(string name, MemoryFolder source, string step, bool isAgain = false)
    {
        var deployment = await _desk.Deployment(name) with { Digest = ContentDigest.Compute(source), IsAgain = isAgain };
        await _desk.Ledger.Put(DeploymentRecord.Key(deployment.Deployment), deployment);
        await _desk.Ledger.Put(
            ReleasedStep.Key("inventory", "dev", step),
            new ReleasedStep
            {
                Deployment = deployment.Deployment,
                Inputs = "digest",
                Resource = "arn",
            }
        );
        return deployment;
    }

    private async Task<string> Refusal(DeploymentRequest request) =>
        (await Should.ThrowAsync<SpecInvalidException>(() => _desk.Requests().Accept(request.Parse()))).Message;
}
