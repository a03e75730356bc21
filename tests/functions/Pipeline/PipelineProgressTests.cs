using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ledger;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;

namespace Deployer.Functions.Tests.Pipeline;

/// <summary>A deployment of three steps, of which two run side by side.</summary>
public sealed class PipelineProgressTests : IAsyncLifetime
{
    private static readonly DeploymentId Deployment = new("one");

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.Open();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_deployment_of_which_nothing_has_begun_runs() => (await Read()).ShouldBe(new DeploymentProgress("running", null));

    /// <summary>What the proof compares beside the steps is listed before anything has begun.</summary>
    [Fact]
    public async Task What_is_only_listed_for_the_proof_is_no_step_that_has_begun()
    {
        await Begin("elsewhere", Proof.Task);

        (await Read()).ShouldBe(new DeploymentProgress("running", null));
    }

    [Fact]
    public async Task A_step_is_done_once_a_step_of_a_later_wave_has_begun()
    {
        await Begin("first", "stack");
        (await Read()).ShouldBe(new DeploymentProgress("0 of 3 steps done, at first", 0));
        await Begin("first", "publish");
        (await Read()).ShouldBe(new DeploymentProgress("0 of 3 steps done, at first", 0), "a step may have several tasks");

        await Begin("third", "stack");

        (await Read()).ShouldBe(new DeploymentProgress("1 of 3 steps done, at second, third", 33));
        await Begin("elsewhere", Proof.Task);
        (await Read()).ShouldBe(new DeploymentProgress("1 of 3 steps done, at second, third", 33));
    }

    [Fact]
    public async Task Once_a_step_is_compared_once_more_all_are_done()
    {
        await Begin("first", "stack");
        await Begin("second", "stack");

        await Begin("first", Proof.Task);

        (await Read()).ShouldBe(new DeploymentProgress("3 of 3 steps done, comparing all once more", 99));
    }

    private Task Begin(string step, string task) =>
        _desk.Ledger.Put(
            TaskRecord.Key(Deployment, step, task),
            new TaskRecord
            {
                Deployment = Deployment,
                Step = step,
                Task = task,
                Kind = "stack",
            }
        );

    private async Task<DeploymentProgress> Read()
    {
        var waves = JsonSerializer.SerializeToUtf8Bytes(
            new DeploymentWaves([new Wave([new("first", "stack")]), new Wave([new("second", "stack"), new("third", "stack")])]),
            JsonSerializerOptions.Web
        );
        var s3 = Substitute.For<IAmazonS3>();
        s3.GetObjectAsync(_desk.Settings.Bucket, DeploymentWaves.Key(Deployment), Arg.Any<CancellationToken>())
            .Returns(_ => new GetObjectResponse { ResponseStream = new MemoryStream(waves) });
        var aws = Substitute.For<IAws>();
        aws.S3.Returns(s3);
        return await new PipelineProgress(aws, _desk.Settings, _desk.Ledger).Read(Deployment);
    }
}
