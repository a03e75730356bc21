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

    /// <summary>
    /// Only actions downstream of the namespace may use its variables:
    /// https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html.
    /// </summary>
    [Theory]
    [InlineData("#{Own.Plan}", false)]
    [InlineData("#{Beside.Plan}", false)]
    [InlineData("#{AfterIt.Plan}", false)]
    [InlineData("#{NextStage.Plan}", false)]
    [InlineData("#{Before.Plan}", true)]
    [InlineData("#{Computed.Plan}", true)]
    [InlineData("#{StageBefore.Plan}", true)]
    public void A_variable_is_known_to_actions_after_its_own(string variable, bool isKnown)
    {
        var reading = PipelineTemplates.Check(
            new MemoryFolder(
                (
                    "accounts/pipeline.yaml",
                    $$"""
                    Resources:
                      Pipeline:
                        Type: AWS::CodePipeline::Pipeline
                        Properties:
                          Stages:
                            - Name: First
                              Actions:
                                - { Name: A, RunOrder: 9, Namespace: StageBefore, ActionTypeId: { Category: Build } }
                            - !If
                              - HasSecond
                              - Name: Second
                                Actions:
                                  - !If [ IsPlanned, { Namespace: Before, ActionTypeId: { Category: Invoke } }, !Ref AWS::NoValue ]
                                  - { RunOrder: !Ref Order, Namespace: Computed, ActionTypeId: { Category: Invoke } }
                                  - { RunOrder: 2, Namespace: Beside, ActionTypeId: { Category: Invoke } }
                                  - { RunOrder: 3, Namespace: AfterIt, ActionTypeId: { Category: Invoke } }
                                  - RunOrder: 2
                                    Namespace: Own
                                    ActionTypeId: { Category: Invoke }
                                    Configuration:
                                      FunctionName: deployer-dev-AnswerJob
                                      UserParameters: !If
                                        - IsPlanned
                                        - '{"service":"inventory","target":"dev","by":"{{variable}}"}'
                                        - '{"service":"inventory","target":"dev"}'
                              - !Ref AWS::NoValue
                            - Name: Third
                              Actions:
                                - { Namespace: NextStage, ActionTypeId: { Category: Invoke } }
                    """
                )
            ),
            spec: null
        );

        reading
            .Faults.Select(fault => fault.ToString())
            .ShouldBe(
                isKnown
                    ? []
                    :
                    [
                        $"accounts/pipeline.yaml:24:23: the action of {variable} does not end before this one begins; expected a variable "
                            + "of an action in a stage before, or with a lower RunOrder",
                    ]
            );
    }

    [Fact]
    public void The_variables_of_the_deployer_s_own_pipeline_are_known() =>
        PipelineTemplates
            .Check(new MemoryFolder(("accounts/pipeline.yaml", Repository.Text("templates/pipeline.yaml"))), spec: null)
            .Faults.ShouldBeEmpty();
}
