using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Kinds;
using Deployer.Spec.Sources;
using Deployer.Spec.Tests;
using NSubstitute;

namespace Deployer.Functions.Tests.Ledger;

/// <summary>
/// Objects whose key is their content's digest are put under the condition that there is none: S3 answers 412 where there is one, and 409
/// where another conditional put is on its way (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
/// </summary>
public sealed class SourcesTests : IAsyncLifetime
{
    private const string Service = """
        service: inventory
        targets: { dev: { account: "111111111111", region: us-east-1 } }
        steps: { api: { stack: "inventory-${target}-api", template: api.yaml } }
        """;

    private Desk _desk = null!;

    private Sources Sources => new(_desk, _desk.Settings, StepKinds.BuiltIn);

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        _desk.Hold(new MemoryFolder(("deployer.yaml", Service), ("api.yaml", "Resources: { Topic: { Type: AWS::SNS::Topic } }")));
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Theory]
    [InlineData(new[] { HttpStatusCode.OK })]
    [InlineData(new[] { HttpStatusCode.PreconditionFailed })]
    [InlineData(new[] { HttpStatusCode.Conflict, HttpStatusCode.OK })]
    [InlineData(new[] { HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed })]
    public async Task An_object_is_put_until_it_is_there(HttpStatusCode[] answers)
    {
        var asked = Answer(answers);

        await Sources.Upload("artifacts/a", Content);

        asked.Count.ShouldBe(answers.Length);
        asked.ShouldAllBe(request => request.IfNoneMatch == "*");
    }

    [Fact]
    public async Task A_source_is_read_from_its_file_while_it_is_used_and_closed_then()
    {
        var deployment = await _desk.Deployment("one");
        var file = RelativePath.Parse("deployer.yaml");

        var source = await Sources.Read(deployment);

        source.Folder.Read(file).ShouldNotBeNull();
        source.Dispose();
        Should.Throw<ObjectDisposedException>(() => source.Folder.Read(file));
    }

    [Fact]
    public async Task A_source_goes_through_a_file_and_is_never_in_memory_as_a_whole()
    {
        const int Size = 32 << 20;
        var large = new byte[Size];
        new Random(1).NextBytes(large);
        var folder = new MemoryFolder(("deployer.yaml", Service), ("api.yaml", "{}"), ("large.bin", Convert.ToBase64String(large)));
        _desk.Hold(folder);
        var zip = new MemoryStream();
        SourceZip.Write(folder, zip);
        zip.Position = 0;
        _desk.S3.GetObjectAsync(default!, default(string)!, default).ReturnsForAnyArgs(new GetObjectResponse { ResponseStream = zip });
        var deployment = await _desk.Deployment("one");

        // What a stream in memory takes would be taken here: nothing but the file has this thread wait.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = Sources.Read(deployment);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        using var source = await reading;
        source.Digest.ShouldBe(_desk.Digest);
        allocated.ShouldBeLessThan(Size / 8);
    }

    [Fact]
    public async Task A_source_that_is_not_what_the_deployment_began_with_is_refused()
    {
        var deployment = await _desk.Deployment("one");

        (await Should.ThrowAsync<SourceChangedException>(Sources.Read(deployment with { Digest = new string('0', 64) }))).Message.ShouldBe(
            $"the source s3://bucket/sources/inventory/{new string('0', 64)}.zip was changed after the "
                + $"deployment began; it has the digest {_desk.Digest}"
        );
    }

    [Fact]
    public async Task A_conflict_that_does_not_end_is_worth_another_try_later()
    {
        Answer([.. Enumerable.Repeat(HttpStatusCode.Conflict, 100)]);

        (await Should.ThrowAsync<AwsUnavailableException>(Sources.Upload("artifacts/a", Content))).Message.ShouldContain("artifacts/a");
    }

    [Fact]
    public async Task Another_refusal_is_none_of_these()
    {
        Answer([HttpStatusCode.Forbidden]);

        await Should.ThrowAsync<AmazonS3Exception>(Sources.Upload("artifacts/a", Content));
    }

    private static MemoryStream Content() => new([1, 2, 3]);

    private List<PutObjectRequest> Answer(HttpStatusCode[] answers)
    {
        var asked = new List<PutObjectRequest>();
        _desk
            .S3.PutObjectAsync(default!, default)
            .ReturnsForAnyArgs(call =>
            {
                asked.Add(call.Arg<PutObjectRequest>());
                var status = answers[asked.Count - 1];
                return status == HttpStatusCode.OK ? new PutObjectResponse() : throw new AmazonS3Exception("no") { StatusCode = status };
            });
        return asked;
    }
}
