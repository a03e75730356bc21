using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A pipeline with two sources, of which the deploy action names the service's as its source.</summary>
public sealed class SeveralRepositoriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Source", Verdict.Succeeded)]
    [InlineData("Other", Verdict.Failed)]
    public async Task The_artifact_that_the_action_names_is_deployed(string artifact, Verdict verdict)
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(service, "  topic: { stack: \"inventory-${target}-topic\", template: stacks/topic.yaml }\n");
        await File.WriteAllTextAsync(
            Path.Combine(service, "stacks", "topic.yaml"),
            "Resources: { Log: { Type: AWS::Logs::LogGroup } }\n",
            TestContext.Current.CancellationToken
        );
        await SmallService.AllowCloudFormation(service, "logs:*");
        await SmallService.OwnPipeline(
            service,
            "OutputArtifacts: [ { Name: Source } ]\n",
            """
            OutputArtifacts: [ { Name: Source } ]
                        - Name: Other
                          ActionTypeId: { Category: Source, Owner: AWS, Provider: CodeStarSourceConnection, Version: "1" }
                          Configuration: { ConnectionArn: !Ref Connection, FullRepositoryId: acme/other, BranchName: main }
                          OutputArtifacts: [ { Name: Other } ]

            """
        );
        const string Pipeline = "accounts/pipeline.yaml";
        await SmallService.Change(
            service,
            Pipeline,
            "InputArtifacts: [ { Name: Source } ]",
            "InputArtifacts: [ { Name: Other }, { Name: Source } ]"
        );
        await SmallService.Change(
            service,
            Pipeline,
            "\"service\":\"inventory\",",
            $"\"service\":\"inventory\",\"artifact\":\"{artifact}\","
        );
        await SmallService.TakeOwnPipeline(service);

        var run = await CommandLine.InProcess("rehearse", service, "--target", "dev");

        run.Report.Verdict.ShouldBe(verdict, run.Report.Cause ?? run.Terminal);
        if (verdict == Verdict.Failed)
        {
            run.Report.Cause!.ShouldContain("deployer.yaml", customMessage: "the other repository is no service");
        }
    }
}
