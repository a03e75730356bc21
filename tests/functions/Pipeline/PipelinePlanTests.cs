using System.IO.Compression;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;
using NSubstitute;

namespace Deployer.Functions.Tests.Pipeline;

/// <summary>What the action of a plan gives the actions after it.</summary>
public sealed class PipelinePlanTests
{
    private const string Execution = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:plan-1";

    /// <summary>https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ManualApproval.html</summary>
    private const int LongestText = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void The_text_of_the_approval_that_the_template_makes_of_it_is_not_too_long_for_CodePipeline(int steps)
    {
        var variables = new PipelinePlan(Substitute.For<IAws>(), new StepKindRegistry([])).Variables(Plan(steps), new(Execution));

        var template = File.ReadAllLines(Repository.At("templates/pipeline.yaml"))
            .First(line => line.Contains("CustomData:", StringComparison.Ordinal))
            .Split('"')[1];
        var text = template
            .Replace("#{FirstPlan.Summary}", variables["Summary"], StringComparison.Ordinal)
            .Replace("#{FirstPlan.Digest}", variables["Digest"], StringComparison.Ordinal);
        text.ShouldNotContain("#{");
        text.Length.ShouldBeLessThanOrEqualTo(LongestText);
        text.ShouldStartWith($"inventory to prod: {steps} of {steps} steps have something to do, 3 to review; step-0: update stack-0");
        text.ShouldEndWith($"; digest {variables["Digest"]}");
    }

    [Fact]
    public void Later_actions_can_ask_whether_an_approval_is_needed_what_changes_and_where_the_plan_is()
    {
        var variables = new PipelinePlan(Substitute.For<IAws>(), new StepKindRegistry([])).Variables(Plan(2), new(Execution));

        variables["Plan"].ShouldBe("plan-1");
        variables["NeedsApproval"].ShouldBe("true");
        variables["Changing"].ShouldBe("2");
        variables["Risks"].ShouldBe("3");
        variables["Link"].ShouldContain(Execution);
        new PipelinePlan(Substitute.For<IAws>(), new StepKindRegistry([]))
            .Variables(Plan(2) with { NeedsApproval = [] }, new(Execution))["NeedsApproval"]
            .ShouldBe("false");
    }

    [Fact]
    public async Task The_plan_is_a_file_of_the_output_artifact_written_with_the_credentials_of_the_job()
    {
        var aws = Substitute.For<IAws>();
        var s3 = Substitute.For<IAmazonS3>();
        AWSCredentials? used = null;
        aws.S3With(default!)
            .ReturnsForAnyArgs(call =>
            {
                used = call.Arg<AWSCredentials>();
                return s3;
            });
        var put = new List<(string Place, byte[] Body)>();
        s3.PutObjectAsync(default!, default)
            .ReturnsForAnyArgs(call =>
            {
                var request = call.Arg<PutObjectRequest>();
                put.Add(($"{request.BucketName}/{request.Key}", ((MemoryStream)request.InputStream).ToArray()));
                return new PutObjectResponse();
            });

        await new PipelinePlan(aws, new StepKindRegistry([])).WriteArtifact(
            Plan(2),
            new Deployer.Functions.Pipeline.JobData(
                null,
                [],
                new JobCredentials("AKIA", "secret", "token"),
                OutputArtifacts: [new JobArtifact("Plan", new JobArtifactLocation("S3", new JobS3Location("artifacts", "plan.zip")))]
            )
        );

        var (place, body) = put.ShouldHaveSingleItem();
        place.ShouldBe("artifacts/plan.zip");
        (await used!.GetCredentialsAsync()).Token.ShouldBe("token");
        await using var zip = await ZipArchive.CreateAsync(
            new MemoryStream(body),
            ZipArchiveMode.Read,
            leaveOpen: false,
            entryNameEncoding: null,
            TestContext.Current.CancellationToken
        );
        var entry = zip.Entries.ShouldHaveSingleItem();
        entry.FullName.ShouldBe("plan.json");
        using var document = await JsonDocument.ParseAsync(
            await entry.OpenAsync(TestContext.Current.CancellationToken),
            cancellationToken: TestContext.Current.CancellationToken
        );
        document.RootElement.GetProperty("digest").GetString().ShouldBe(Plan(2).Digest);
        document.RootElement.GetProperty("steps").GetArrayLength().ShouldBe(2);
    }

    private static ServicePlan Plan(int steps) =>
        new(
            "inventory",
            "prod",
            "abc",
            [
                .. Enumerable
                    .Range(0, steps)
                    .Select(number => new StepPlan
                    {
                        Step = $"step-{number}",
                        Kind = "stack",
                        Subject = $"stack-{number}",
                        Action = PlannedAction.Update,
                    }),
            ]
        )
        {
            Risks = 3,
            Digest = new string('d', 64),
            NeedsApproval = ["approval: true"],
        };
}
