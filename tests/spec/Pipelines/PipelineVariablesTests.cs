using Deployer.Spec.Pipelines;

namespace Deployer.Spec.Tests.Pipelines;

public sealed class PipelineVariablesTests
{
    private static PipelineReading Read(string by, string provider = "CodeStarSourceConnection") =>
        PipelineTemplates.Check(
            new MemoryFolder(
                (
                    "accounts/pipeline.yaml",
                    $$"""
                    Resources:
                      Pipeline:
                        Type: AWS::CodePipeline::Pipeline
                        Properties:
                          Variables: [ { Name: ticket } ]
                          Stages:
                            - Name: Source
                              Actions:
                                - { Name: S, Namespace: SourceVariables, ActionTypeId: { Category: Source, Provider: {{provider}} } }
                            - Name: Build
                              Actions:
                                - { Name: B, Namespace: Build, ActionTypeId: { Category: Build, Provider: CodeBuild } }
                            - Name: Deploy
                              Actions:
                                - Name: D
                                  Configuration:
                                    FunctionName: deployer-dev-AnswerJob
                                    UserParameters: '{"service":"inventory","target":"dev","by":"{{by}}"}'
                    """
                )
            ),
            spec: null
        );

    [Theory]
    [InlineData(
        "#{SourceVariables.AuthorDisplayName}",
        "the pipeline has no variable #{SourceVariables.AuthorDisplayName}; expected one of AuthorDate, BranchName, "
            + "CommitId, CommitMessage, ConnectionArn, FullRepositoryName, DestinationBranchName, PullRequestId, "
            + "PullRequestTitle, SourceBranchName"
    )]
    [InlineData(
        "#{SourceVariable.CommitId}",
        "no action of the pipeline has the namespace of #{SourceVariable.CommitId}; expected one of codepipeline, "
            + "variables, SourceVariables, Build (did you mean \"SourceVariables\"?)"
    )]
    [InlineData(
        "#{codepipeline.PipelineExecutionID}",
        "the pipeline has no variable #{codepipeline.PipelineExecutionID}; expected one of PipelineExecutionId (did "
            + "you mean \"PipelineExecutionId\"?)"
    )]
    [InlineData("#{variables.tickt}", "the pipeline has no variable #{variables.tickt}; expected one of ticket (did you mean \"ticket\"?)")]
    public void A_variable_that_does_not_exist_is_a_fault(string by, string fault) =>
        Read(by).Faults.Select(found => found.ToString()).ShouldBe([$"accounts/pipeline.yaml:18:33: {fault}"]);

    [Theory]
    [InlineData("#{SourceVariables.BranchName}", "CodeStarSourceConnection")]
    [InlineData("#{SourceVariables.CommitterDate}", "CodeCommit")]
    [InlineData("#{SourceVariables.CommitUrl}", "GitHub")]
    [InlineData("#{SourceVariables.ETag}", "S3")]
    [InlineData("#{SourceVariables.ImageDigest}", "ECR")]
    [InlineData("#{SourceVariables.Anything}", "SomebodyElses")]
    [InlineData("#{Build.WHO} #{variables.ticket} #{codepipeline.PipelineExecutionId}", "S3")]
    public void A_variable_that_exists_or_that_the_action_chooses_is_accepted(string by, string provider)
    {
        Read(by, provider).Faults.ShouldBeEmpty();
        Read(by, provider).Notices.ShouldBeEmpty();
    }

    [Fact]
    public void A_text_that_people_write_freely_is_a_notice()
    {
        Read("#{SourceVariables.CommitMessage}").Faults.ShouldBeEmpty();
        Read("#{SourceVariables.CommitMessage}")
            .Notices.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe(
                "accounts/pipeline.yaml:18:33: #{SourceVariables.CommitMessage} is put into the JSON as it is: a "
                    + "quote or a line break in it makes the user parameters unreadable"
            );
    }
}
