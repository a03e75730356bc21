using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Runtime;
using Deployer.Cli.Tests.Rehearsals;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Tests.Serving;

/// <summary>A service of two targets is served whose pipelines have a further source each, of another repository.</summary>
public sealed class FurtherSourcesTests : IDisposable
{
    private const string Connection = "arn:aws:codeconnections:us-east-1:222222222222:connection/c";

    private readonly SmallService _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Those_of_every_target_can_be_read()
    {
        await Write(
            "deployer.yaml",
            $$"""
            service: inventory
            repository: { url: https://github.com/acme/inventory, connection: "{{Connection}}" }
            targets:
              dev: { account: "111111111111", region: us-east-1 }
              qa: { account: "111111111111", region: us-east-1 }
            steps:
              group: { stack: "inventory-${target}", template: stacks/group.yaml }
            """
        );
        await Write(
            "accounts/accounts.yaml",
            """
            tools: { account: "222222222222", region: us-east-1 }
            pipeline: pipeline-${target}
            stacks:
              - account: tools
                stack: pipeline-${target}
                template: sources.yaml
                parameters: { Name: "pipeline-${target}", Other: "acme/${target}" }
            """
        );
        await Write(
            "accounts/sources.yaml",
            $$"""
            Parameters: { Name: { Type: String }, Other: { Type: String } }
            Resources:
              Artifacts: { Type: AWS::S3::Bucket }
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: [ { Effect: Allow, Principal: { Service: codepipeline.amazonaws.com }, Action: "sts:AssumeRole" } ]
                  Policies:
                    - PolicyName: all
                      PolicyDocument: { Version: "2012-10-17", Statement: [ { Effect: Allow, Action: "*", Resource: "*" } ] }
              Pipeline:
                Type: AWS::CodePipeline::Pipeline
                Properties:
                  Name: !Ref Name
                  PipelineType: V2
                  RoleArn: !GetAtt Role.Arn
                  ArtifactStore: { Type: S3, Location: !Ref Artifacts }
                  Stages:
                    - Name: Source
                      Actions:
                        - Name: Source
                          ActionTypeId: { Category: Source, Owner: AWS, Provider: CodeStarSourceConnection, Version: "1" }
                          Configuration: { ConnectionArn: "{{Connection}}", FullRepositoryId: acme/inventory, BranchName: main }
                          OutputArtifacts: [ { Name: Source } ]
                        - Name: Other
                          ActionTypeId: { Category: Source, Owner: AWS, Provider: CodeStarSourceConnection, Version: "1" }
                          Configuration: { ConnectionArn: "{{Connection}}", FullRepositoryId: !Ref Other, BranchName: main }
                          OutputArtifacts: [ { Name: Other } ]
                    - Name: Look
                      Actions:
                        - Name: Look
                          ActionTypeId: { Category: Approval, Owner: AWS, Provider: Manual, Version: "1" }
            """
        );

        await using var serve = await ServeProcess.Start(_service.Folder);

        (await Sources(serve, "pipeline-dev")).ShouldBe(["Succeeded", "Succeeded"]);
        (await Sources(serve, "pipeline-qa")).ShouldBe(["Succeeded", "Succeeded"]);
    }

    /// <summary>How the source actions of a pipeline end.</summary>
    private static async Task<IReadOnlyList<string>> Sources(ServeProcess serve, string name)
    {
        using var pipelines = new AwsConnection(
            new BasicAWSCredentials(serve.Variables["AWS_ACCESS_KEY_ID"], serve.Variables["AWS_SECRET_ACCESS_KEY"]),
            serve.Variables["AWS_REGION"],
            serve.Address.GetLeftPart(UriPartial.Authority),
            null
        ).Open((credentials, config) => new AmazonCodePipelineClient(credentials, config), new AmazonCodePipelineConfig());
        var cancellation = TestContext.Current.CancellationToken;
        await pipelines.StartPipelineExecutionAsync(new StartPipelineExecutionRequest { Name = name }, cancellation);
        while (true)
        {
            var listed = await pipelines.ListActionExecutionsAsync(new ListActionExecutionsRequest { PipelineName = name }, cancellation);
            var sources = listed.ActionExecutionDetails.Where(action => action.StageName == "Source").ToList();
            if (sources.Count == 2 && sources.TrueForAll(action => action.Status != ActionExecutionStatus.InProgress))
            {
                return [.. sources.Select(action => action.Output?.ExecutionResult?.ErrorDetails?.Message ?? action.Status.Value)];
            }

            await Task.Delay(50, cancellation);
        }
    }

    private Task Write(string path, string text) =>
        File.WriteAllTextAsync(Path.Combine(_service.Folder, path), text, TestContext.Current.CancellationToken);
}
