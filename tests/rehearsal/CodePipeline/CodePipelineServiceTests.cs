using System.Text.Json.Nodes;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Runtime;
using Amazon.S3;
using Deployer.Rehearsal.CodePipeline;
using Deployer.Rehearsal.Git;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Tests.Git;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.CodePipeline;

public sealed class CodePipelineServiceTests : IAsyncDisposable
{
    private const string Connection = "arn:aws:codeconnections:us-east-1:222222222222:connection/c";
    private readonly Functions _functions = new();
    private TestAws _aws = null!;
    private AmazonCodePipelineClient _pipelines = null!;
    private PipelineEngine _engine = null!;
    private TestRepository _repository = null!;
    private string? _state;

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _repository.Dispose();
        if (_state is not null)
        {
            Directory.Delete(_state, recursive: true);
        }
    }

    [Fact]
    public async Task A_function_is_called_with_a_job_and_ends_the_pipeline_with_its_answer()
    {
        await Start();
        var execution = await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);

        var call = _functions.Calls.Single();
        call.Function.ShouldBe("deploy");
        call.Principal.Role.ShouldBe("pipeline");
        var job = Job(0);
        job["accountId"]!.GetValue<string>().ShouldBe(TestAws.Tools);
        var configuration = job["data"]!["actionConfiguration"]!["configuration"]!;
        configuration["FunctionName"]!.GetValue<string>().ShouldBe("deploy");
        configuration["UserParameters"]!
            .GetValue<string>()
            .ShouldBe($$"""{"commit":"{{_repository.Commit}}","execution":"{{execution}}"}""");
        var input = job["data"]!["inputArtifacts"]!.AsArray().Single()!;
        input["revision"]!.GetValue<string>().ShouldBe(_repository.Commit);
        job["data"]!["continuationToken"].ShouldBeNull();

        await _pipelines.PutJobSuccessResultAsync(
            new PutJobSuccessResultRequest
            {
                JobId = Id(0),
                OutputVariables = new() { ["digest"] = "abc" },
                ExecutionDetails = new ExecutionDetails
                {
                    Summary = "done",
                    PercentComplete = 100,
                    ExternalExecutionId = "execution-1",
                },
            }
        );
        await _aws.World.RunUntil(() => true);

        (await Status(execution)).ShouldBe(PipelineExecutionStatus.Succeeded);
        var actions = (
            await _pipelines.ListActionExecutionsAsync(new ListActionExecutionsRequest { PipelineName = "inventory" })
        ).ActionExecutionDetails;
        actions.Select(action => action.ActionName).ShouldBe(["Deploy", "Source"]);
        actions[0].Output.OutputVariables.ShouldBe(new Dictionary<string, string> { ["digest"] = "abc" });
        actions[1].Output.OutputVariables["CommitMessage"].ShouldBe("first");
        Outcome()
            .ShouldBeEquivalentTo(
                new InvokeOutcome("Succeeded", Id(0), "done", new Dictionary<string, string> { ["digest"] = "abc" }, 1, "execution-1")
            );
    }

    [Fact]
    public async Task The_jobs_credentials_reach_the_artifact_bucket_and_nothing_else()
    {
        await Start();
        await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);
        var credentials = Job(0)["data"]!["artifactCredentials"]!;
        using var s3 = new AmazonS3Client(
            new SessionAWSCredentials(
                (string)credentials["accessKeyId"]!,
                (string)credentials["secretAccessKey"]!,
                (string)credentials["sessionToken"]!
            ),
            _aws.Configure(new AmazonS3Config { ForcePathStyle = true })
        );
        var location = Job(0)["data"]!["inputArtifacts"]![0]!["location"]!["s3Location"]!;

        using var answer = await s3.GetObjectAsync((string)location["bucketName"]!, (string)location["objectKey"]!);
        using var zip = new System.IO.Compression.ZipArchive(answer.ResponseStream);
        zip.Entries.Select(entry => entry.FullName).ShouldBe(["deployer.yaml"]);
        (await Should.ThrowAsync<AmazonS3Exception>(s3.GetObjectAsync("others", "secret"))).ErrorCode.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task A_continuation_token_brings_another_job_with_it()
    {
        await Start();
        var execution = await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);
        var answered = _aws.World.Now;

        await _pipelines.PutJobSuccessResultAsync(
            new PutJobSuccessResultRequest
            {
                JobId = Id(0),
                ContinuationToken = "arn:execution",
                ExecutionDetails = new ExecutionDetails
                {
                    Summary = "waits",
                    PercentComplete = 40,
                    ExternalExecutionId = "x",
                },
            }
        );
        var state = await _pipelines.GetPipelineStateAsync(new GetPipelineStateRequest { Name = "inventory" });
        var shown = state.StageStates[1].ActionStates.Single().LatestExecution;
        (shown.Status.Value, shown.Summary, shown.PercentComplete, shown.ExternalExecutionId).ShouldBe(("InProgress", "waits", 40, "x"));
        await _aws.World.RunUntil(() => _functions.Calls.Count == 2);

        (_aws.World.Now - answered).TotalSeconds.ShouldBe(30);
        Id(1).ShouldNotBe(Id(0));
        Job(1)["data"]!["continuationToken"]!.GetValue<string>().ShouldBe("arn:execution");
        await Should.ThrowAsync<InvalidJobStateException>(
            _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(0) })
        );
        await _pipelines.PutJobFailureResultAsync(
            new PutJobFailureResultRequest
            {
                JobId = Id(1),
                FailureDetails = new FailureDetails { Type = FailureType.JobFailed, Message = "StackFailedException: because" },
            }
        );
        await Should.ThrowAsync<InvalidJobStateException>(
            _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(1) })
        );

        (await Status(execution)).ShouldBe(PipelineExecutionStatus.Failed);
        Outcome().Summary.ShouldBe("StackFailedException: because");
        Outcome().FinalResults.ShouldBe(3);
    }

    [Theory]
    [InlineData("s3:PutObject")]
    [InlineData("codeconnections:UseConnection")]
    public async Task A_role_without_what_the_source_action_does_fails_there(string lacking)
    {
        await Start(denied: lacking);

        var execution = await Run();
        await _aws.World.RunUntil(() => Outcome() is { Status: "Failed" });

        (await Status(execution)).ShouldBe(PipelineExecutionStatus.Failed);
        Outcome().Summary!.ShouldContain($"is not authorized to perform: {lacking} on resource: ");
        _functions.Calls.ShouldBeEmpty();
    }

    /// <summary>https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html</summary>
    [Theory]
    [InlineData("s3:GetBucketVersioning")]
    [InlineData("s3:GetBucketAcl")]
    [InlineData("s3:GetBucketLocation")]
    [InlineData("s3:GetObject")]
    [InlineData("s3:GetObjectVersion")]
    [InlineData("s3:PutObjectAcl")]
    public async Task A_role_without_one_of_the_permissions_that_AWS_wants_of_any_pipeline_is_noticed(string lacking)
    {
        await Start(denied: lacking);

        await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);

        _engine.Notices.ShouldHaveSingleItem().ShouldContain($" of a pipeline lacks {lacking} on its artifact bucket ");
    }

    [Fact]
    public async Task Of_a_role_with_all_of_them_there_is_nothing_to_notice()
    {
        await Start();

        await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);

        _engine.Notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_function_that_does_not_answer_fails_after_twenty_minutes()
    {
        await Start();
        var execution = await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);
        var called = _aws.World.Now;

        await _aws.World.RunUntil(() => Outcome().Status == "Failed");

        (_aws.World.Now - called).TotalMinutes.ShouldBe(20);
        Outcome().Summary!.ShouldContain("did not complete");
        (await Status(execution)).ShouldBe(PipelineExecutionStatus.Failed);
        await Should.ThrowAsync<InvalidJobStateException>(
            _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(0) })
        );
    }

    [Fact]
    public async Task An_action_that_goes_on_for_a_day_fails()
    {
        await Start();
        await Run();
        _functions.OnCall = () =>
            _engine.Jobs.PutSuccess(new PutJobSuccessResultRequest { JobId = Id(_functions.Calls.Count - 1), ContinuationToken = "again" });

        await _aws.World.RunUntil(() => _engine.LastInvoke(Pipeline()) is { Status: "Failed" });

        Outcome().Summary!.ShouldContain("1440 minutes");
    }

    [Fact]
    public async Task A_retried_stage_calls_the_function_with_a_new_job()
    {
        await Start();
        var execution = await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);
        await Should.ThrowAsync<StageNotRetryableException>(Retry());
        await _pipelines.PutJobFailureResultAsync(
            new PutJobFailureResultRequest
            {
                JobId = Id(0),
                FailureDetails = new FailureDetails { Type = FailureType.JobFailed, Message = "m" },
            }
        );

        await Retry();
        (await Status(execution)).ShouldBe(PipelineExecutionStatus.InProgress);
        await _aws.World.RunUntil(() => _functions.Calls.Count == 2);
        Id(1).ShouldNotBe(Id(0));
        await _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(1) });
        (await Status(execution)).ShouldBe(PipelineExecutionStatus.Succeeded);
        var retries = (await _pipelines.GetPipelineStateAsync(new GetPipelineStateRequest { Name = "inventory" }))
            .StageStates.Single(stage => stage.StageName == "Deploy")
            .RetryStageMetadata;
        (retries.AutoStageRetryAttempt, retries.ManualStageRetryAttempt, retries.LatestRetryTrigger).ShouldBe(
            ((int?)null, (int?)1, RetryTrigger.ManualStageRetry)
        );

        Task Retry() =>
            _pipelines.RetryStageExecutionAsync(
                new RetryStageExecutionRequest
                {
                    PipelineName = "inventory",
                    StageName = "Deploy",
                    PipelineExecutionId = execution,
                    RetryMode = StageRetryMode.FAILED_ACTIONS,
                }
            );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_approval_waits_for_an_answer(bool approved)
    {
        await Start(
            new ActionDeclaration
            {
                Name = "Approve",
                ActionTypeId = Type("Approval", "Manual"),
                RunOrder = 1,
            }
        );
        var execution = await Run();
        await _aws.World.RunUntil(() => Approval() is { Status: "InProgress" });
        await Should.ThrowAsync<RehearsalStalledException>(_aws.World.RunUntil(() => false));
        _functions.Calls.ShouldBeEmpty();

        var asked = await State();
        var answer = new PutApprovalResultRequest
        {
            PipelineName = "inventory",
            StageName = "Deploy",
            ActionName = "Approve",
            Token = asked.Token,
            Result = new ApprovalResult { Status = approved ? ApprovalStatus.Approved : ApprovalStatus.Rejected, Summary = "by me" },
        };
        await Should.ThrowAsync<StageNotFoundException>(Answer(given => given.StageName = "Other"));
        await Should.ThrowAsync<ActionNotFoundException>(Answer(given => given.ActionName = "Other"));
        await Should.ThrowAsync<InvalidApprovalTokenException>(Answer(given => given.Token = "other"));
        await Answer(_ => { });
        await Should.ThrowAsync<ApprovalAlreadyCompletedException>(Answer(_ => { }));

        Approval()!.Status.ShouldBe(approved ? "Succeeded" : "Failed");
        var answered = await State();
        (answered.Token, answered.Summary, answered.LastUpdatedBy).ShouldBe((null, "by me", $"arn:aws:iam::{TestAws.Tools}:root"));
        (await Status(execution)).ShouldBe(approved ? PipelineExecutionStatus.InProgress : PipelineExecutionStatus.Failed);

        Task Answer(Action<PutApprovalResultRequest> change)
        {
            var given = new PutApprovalResultRequest
            {
                PipelineName = answer.PipelineName,
                StageName = answer.StageName,
                ActionName = answer.ActionName,
                Token = answer.Token,
                Result = answer.Result,
            };
            change(given);
            return _pipelines.PutApprovalResultAsync(given);
        }

        async Task<ActionExecution> State() =>
            (await _pipelines.GetPipelineStateAsync(new GetPipelineStateRequest { Name = "inventory" }))
                .StageStates.SelectMany(stage => stage.ActionStates)
                .Single(action => action.ActionName == "Approve")
                .LatestExecution;

        ActionRun? Approval() =>
            _engine
                .Runs(Pipeline())
                .SelectMany(_engine.Actions)
                .SingleOrDefault(action => action.Action == "Approve" && action.Started < _aws.World.Now);
    }

    /// <summary>https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html</summary>
    [Theory]
    [InlineData(null, 7 * 24 * 60)]
    [InlineData(60, 60)]
    public async Task An_approval_that_nobody_answers_in_time_fails_and_names_nobody(int? timeout, int minutes)
    {
        await Start(
            new ActionDeclaration
            {
                Name = "Approve",
                ActionTypeId = Type("Approval", "Manual"),
                RunOrder = 1,
                TimeoutInMinutes = timeout,
            }
        );
        var execution = await Run();
        await _aws.World.RunUntil(() => _engine.Waiting(Pipeline()) is not null);
        var asked = _aws.World.Now;
        await _aws.World.RunUntil(() => _engine.Waiting(Pipeline()) is null, TimeSpan.FromDays(8));

        (_aws.World.Now - asked).ShouldBe(TimeSpan.FromMinutes(minutes));
        (await Status(execution)).ShouldBe(PipelineExecutionStatus.Failed);
        (await Approval()).ShouldBe(("Failed", null));
        _functions.Calls.ShouldBeEmpty();

        await _pipelines.RetryStageExecutionAsync(
            new RetryStageExecutionRequest
            {
                PipelineName = "inventory",
                StageName = "Deploy",
                PipelineExecutionId = execution,
                RetryMode = StageRetryMode.FAILED_ACTIONS,
            }
        );
        await _aws.World.RunUntil(() => _engine.Waiting(Pipeline()) is not null);
        (await Approval()).ShouldBe(("InProgress", null), "it is asked for once more");

        async Task<(string Status, string? By)> Approval()
        {
            var listed = await _pipelines.ListActionExecutionsAsync(new ListActionExecutionsRequest { PipelineName = "inventory" });
            var approval = listed.ActionExecutionDetails.First(action => action.ActionName == "Approve");
            return (approval.Status.Value, approval.UpdatedBy);
        }
    }

    [Fact]
    public async Task An_approval_that_was_answered_does_not_fail_afterwards()
    {
        await Start(
            new ActionDeclaration
            {
                Name = "Approve",
                ActionTypeId = Type("Approval", "Manual"),
                RunOrder = 1,
                TimeoutInMinutes = 5,
            }
        );
        var execution = await Run();
        await _aws.World.RunUntil(() => _engine.Waiting(Pipeline()) is not null);
        var state = await _pipelines.GetPipelineStateAsync(new GetPipelineStateRequest { Name = "inventory" });
        await _pipelines.PutApprovalResultAsync(
            new PutApprovalResultRequest
            {
                PipelineName = "inventory",
                StageName = "Deploy",
                ActionName = "Approve",
                Token = state.StageStates.Single(stage => stage.StageName == "Deploy").ActionStates[0].LatestExecution.Token,
                Result = new ApprovalResult { Status = ApprovalStatus.Approved, Summary = "by me" },
            }
        );
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);
        var answered = _aws.World.Now;

        await _aws.World.RunUntil(() => _aws.World.Now > answered);

        (_aws.World.Now - answered).ShouldBe(TimeSpan.FromMinutes(20), "the next that is due is that the function has not answered");
        var listed = await _pipelines.ListActionExecutionsAsync(new ListActionExecutionsRequest { PipelineName = "inventory" });
        listed
            .ActionExecutionDetails.Select(action => $"{action.ActionName} {action.Status}")
            .ShouldBe(["Deploy Failed", "Approve Succeeded", "Source Succeeded"]);
        (await Status(execution)).ShouldBe(PipelineExecutionStatus.Failed);
    }

    [Theory]
    [InlineData("Approval", "Manual", 4)]
    [InlineData("Approval", "Manual", 86_401)]
    [InlineData("Invoke", "Lambda", 60)]
    public async Task A_timeout_is_for_approvals_alone_and_within_its_limits(string category, string provider, int minutes)
    {
        var refused = await Should.ThrowAsync<InvalidActionDeclarationException>(
            Start(
                new ActionDeclaration
                {
                    Name = "Early",
                    ActionTypeId = Type(category, provider),
                    RunOrder = 1,
                    Configuration = provider == "Lambda" ? new() { ["FunctionName"] = "deploy" } : [],
                    TimeoutInMinutes = minutes,
                }
            )
        );

        refused.Message.ShouldContain("from 5 to 86400");
    }

    /// <summary>https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html</summary>
    [Fact]
    public async Task The_token_of_an_approval_of_a_parallel_pipeline_is_the_external_id_of_its_action()
    {
        await Start(
            new ActionDeclaration
            {
                Name = "Approve",
                ActionTypeId = Type("Approval", "Manual"),
                RunOrder = 1,
            }
        );
        var declaration = (await _pipelines.GetPipelineAsync(new GetPipelineRequest { Name = "inventory" })).Pipeline;
        (declaration.ExecutionMode, declaration.PipelineType) = (ExecutionMode.PARALLEL, PipelineType.V2);
        await _aws.World.Do(() => new Pipelines(_aws.World).Put(TestAws.Tools, "us-east-1", declaration));
        var execution = await Run();
        await Should.ThrowAsync<RehearsalStalledException>(_aws.World.RunUntil(() => false));

        var state = await _pipelines.GetPipelineStateAsync(new GetPipelineStateRequest { Name = "inventory" });
        var listed = await _pipelines.ListActionExecutionsAsync(new ListActionExecutionsRequest { PipelineName = "inventory" });
        var waiting = listed.ActionExecutionDetails.Single(action => action.ActionName == "Approve");
        await _pipelines.PutApprovalResultAsync(
            new PutApprovalResultRequest
            {
                PipelineName = "inventory",
                StageName = "Deploy",
                ActionName = "Approve",
                Token = waiting.Output.ExecutionResult.ExternalExecutionId,
                Result = new ApprovalResult { Status = ApprovalStatus.Rejected, Summary = "no" },
            }
        );

        state
            .StageStates.SelectMany(stage => stage.ActionStates)
            .ShouldAllBe(action => action.LatestExecution == null || action.LatestExecution.Token == null);
        (await Status(execution)).ShouldBe(PipelineExecutionStatus.Failed);
    }

    [Fact]
    public async Task A_waiting_execution_is_superseded_by_a_newer_one()
    {
        await Start();
        var first = await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);
        var second = await Run();
        await _aws.World.RunUntil(() => _engine.Runs(Pipeline()).Single(run => run.Id == second).Waits);
        var third = await Run();
        await _aws.World.RunUntil(() => _engine.Runs(Pipeline()).Single(run => run.Id == third).Waits);

        (await Status(second)).ShouldBe(PipelineExecutionStatus.Superseded);
        await _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(0) });
        (await Status(first)).ShouldBe(PipelineExecutionStatus.Succeeded);
        await _aws.World.RunUntil(() => _functions.Calls.Count == 2);
        Job(1)["data"]!["actionConfiguration"]!["configuration"]!["UserParameters"]!.GetValue<string>().ShouldContain(third);
    }

    [Fact]
    public async Task What_a_job_says_is_checked()
    {
        await Start();
        await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);

        (
            await Refused(
                new PutJobSuccessResultRequest
                {
                    ContinuationToken = "t",
                    OutputVariables = new() { ["a"] = "b" },
                }
            )
        ).ShouldContain("no continuation token");
        (await Refused(new PutJobSuccessResultRequest { OutputVariables = new() { ["a.b"] = "c" } })).ShouldContain("a.b");
        (
            await Refused(new PutJobSuccessResultRequest { ExecutionDetails = new ExecutionDetails { Summary = new string('x', 2049) } })
        ).ShouldContain("summary");
        (await Refused(new PutJobSuccessResultRequest { ContinuationToken = new string('x', 2049) })).ShouldContain("continuationToken");
        await Should.ThrowAsync<JobNotFoundException>(
            _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = "none" })
        );
        (
            await _pipelines.GetJobDetailsAsync(new GetJobDetailsRequest { JobId = Id(0) })
        ).JobDetails.Data.PipelineContext.PipelineName.ShouldBe("inventory");

        async Task<string> Refused(PutJobSuccessResultRequest request)
        {
            request.JobId = Id(0);
            return (await Should.ThrowAsync<ValidationException>(_pipelines.PutJobSuccessResultAsync(request))).Message;
        }
    }

    [Fact]
    public async Task A_variable_without_a_value_fails_its_action()
    {
        await Start(userParameters: "#{SourceVariables.Missing}");
        var execution = await Run();
        await _aws.World.RunUntil(() => _engine.Runs(Pipeline()).Single().Status == "Failed");

        (await Status(execution)).ShouldBe(PipelineExecutionStatus.Failed);
        _functions.Calls.ShouldBeEmpty();
        var state = await _pipelines.GetPipelineStateAsync(new GetPipelineStateRequest { Name = "inventory" });
        state
            .StageStates.SelectMany(stage => stage.ActionStates)
            .Select(action => action.LatestExecution?.ErrorDetails)
            .OfType<ErrorDetails>()
            .ShouldHaveSingleItem()
            .Message.ShouldContain("SourceVariables.Missing");
    }

    [Fact]
    public async Task A_stored_pipeline_goes_on_where_it_stopped()
    {
        _state = Directory.CreateTempSubdirectory("deployer-").FullName;
        await Start();
        var execution = await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);
        await _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(0), ContinuationToken = "kept" });
        await _aws.DisposeAsync();

        await Open();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 2);
        Job(1)["data"]!["continuationToken"]!.GetValue<string>().ShouldBe("kept");
        Job(1)["data"]!["actionConfiguration"]!.ToJsonString().ShouldBe(Job(0)["data"]!["actionConfiguration"]!.ToJsonString());
        await _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(1) });

        (await Status(execution)).ShouldBe(PipelineExecutionStatus.Succeeded);
        var stored = (await _pipelines.GetPipelineAsync(new GetPipelineRequest { Name = "inventory" })).Pipeline;
        stored.Stages[1].Actions.Single().ActionTypeId.Category.ShouldBe(ActionCategory.Invoke);
    }

    /// <summary>Each entry of the journal is a place where the program may have been killed.</summary>
    [Fact]
    public async Task A_pipeline_that_was_left_after_any_entry_of_its_journal_reaches_its_function()
    {
        var (state, journal) = (_state = Directory.CreateTempSubdirectory("deployer-").FullName, "journal");
        await Start();
        var prepared = (await File.ReadAllLinesAsync(Path.Combine(state, journal))).Length;
        var execution = await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);
        var lines = await File.ReadAllLinesAsync(Path.Combine(state, journal));
        await _aws.DisposeAsync();
        Directory.Delete(state, recursive: true);

        (lines.Length - prepared).ShouldBeGreaterThan(4);
        for (var kept = prepared + 1; kept < lines.Length; kept++)
        {
            _state = Directory.CreateTempSubdirectory("deployer-").FullName;
            await File.WriteAllLinesAsync(Path.Combine(_state, journal), lines[..kept]);
            _functions.Calls.Clear();
            await Open();

            await _aws.World.RunUntil(() => _functions.Calls.Count == 1);

            Job(0)["data"]!["inputArtifacts"]![0]!["revision"]!.GetValue<string>().ShouldBe(_repository.Commit, $"after entry {kept - 1}");
            await _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(0) });
            (await Status(execution)).ShouldBe(PipelineExecutionStatus.Succeeded, $"after entry {kept - 1}");
            await _aws.DisposeAsync();
            Directory.Delete(_state, recursive: true);
        }

        _state = null;
    }

    [Fact]
    public async Task What_is_not_simulated_is_refused()
    {
        await Start();
        var declaration = (await _pipelines.GetPipelineAsync(new GetPipelineRequest { Name = "inventory" })).Pipeline;
        declaration.Name = "other";
        declaration.Stages[1].Actions[0].ActionTypeId = Type("Deploy", "CloudFormation");

        (
            await Should.ThrowAsync<InvalidActionDeclarationException>(
                _pipelines.CreatePipelineAsync(new CreatePipelineRequest { Pipeline = declaration })
            )
        ).Message.ShouldContain("Deploy actions of the provider CloudFormation");

        declaration.Stages[1].Actions[0].ActionTypeId = Type("Invoke", "StepFunctions");
        declaration.Stages[1].Actions[0].Configuration = new()
        {
            ["StateMachineArn"] = "arn",
            ["InputType"] = "FilePath",
            ["Input"] = "input.json",
        };
        (
            await Should.ThrowAsync<InvalidActionDeclarationException>(
                _pipelines.CreatePipelineAsync(new CreatePipelineRequest { Pipeline = declaration })
            )
        ).Message.ShouldContain("the input type Literal only");
    }

    /// <summary>https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html</summary>
    /// <summary>https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html</summary>
    [Fact]
    public async Task A_parallel_pipeline_is_of_the_newer_type_and_rolls_no_stage_back()
    {
        await Start();
        var execution = await Run();
        var declaration = (await _pipelines.GetPipelineAsync(new GetPipelineRequest { Name = "inventory" })).Pipeline;
        declaration.Name = "parallel";
        declaration.ExecutionMode = ExecutionMode.PARALLEL;
        declaration.PipelineType = PipelineType.V1;
        (await Refused<InvalidStructureException>(declaration)).ShouldBe("The execution mode PARALLEL requires a pipeline of the type V2.");

        declaration.PipelineType = PipelineType.V2;
        declaration.Stages[1].OnFailure = new FailureConditions { Result = Result.ROLLBACK };
        (await Refused<InvalidStageDeclarationException>(declaration)).ShouldContain("a pipeline in PARALLEL mode cannot have");

        declaration.Stages[1].OnFailure = null;
        var created = new Pipelines(_aws.World).Put(TestAws.Tools, "us-east-1", declaration);
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);
        await _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(0) });
        await _aws.World.RunUntil(() => true);
        var ended = _engine.Runs(Pipeline()).Single(run => run.Id == execution);
        Should
            .Throw<Deployer.Rehearsal.Wire.ApiException>(() =>
                _engine.Rollback(created, declaration.Stages[1].Name, ended, new RunTrigger("ManualRollback", "arn"))
            )
            .Code.ShouldBe("UnableToRollbackStageException");
    }

    /// <summary>https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html</summary>
    [Fact]
    public async Task A_stage_is_rolled_back_to_no_rollback_and_to_no_execution_of_another_structure()
    {
        await Start();
        var execution = await Run();
        await _aws.World.RunUntil(() => _functions.Calls.Count == 1);
        await _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(0) });
        await _aws.World.RunUntil(() => true);
        var rollback = (await Rollback(execution)).PipelineExecutionId;
        await _aws.World.RunUntil(() => _functions.Calls.Count == 2);
        await _pipelines.PutJobSuccessResultAsync(new PutJobSuccessResultRequest { JobId = Id(1) });
        await _aws.World.RunUntil(() => true);
        (await Status(rollback)).ShouldBe(PipelineExecutionStatus.Succeeded);
        var listed = await _pipelines.ListPipelineExecutionsAsync(new ListPipelineExecutionsRequest { PipelineName = "inventory" });
        var shown = listed.PipelineExecutionSummaries.Single(summary => summary.PipelineExecutionId == rollback);
        (shown.ExecutionType, shown.Trigger.TriggerType).ShouldBe((ExecutionType.ROLLBACK, TriggerType.ManualRollback));
        shown.RollbackMetadata.RollbackTargetPipelineExecutionId.ShouldBe(execution);
        var standard = listed.PipelineExecutionSummaries.Single(summary => summary.PipelineExecutionId == execution);
        (standard.ExecutionType, standard.RollbackMetadata).ShouldBe((null, null));

        await Should.ThrowAsync<UnableToRollbackStageException>(Rollback(rollback));
        var declaration = (await _pipelines.GetPipelineAsync(new GetPipelineRequest { Name = "inventory" })).Pipeline;
        await _aws.World.Do(() => new Pipelines(_aws.World).Put(TestAws.Tools, "us-east-1", declaration));
        var outdated = await Should.ThrowAsync<PipelineExecutionOutdatedException>(Rollback(execution));
        outdated.Message.ShouldContain("was started in version 1 of the pipeline's structure, and it has version 2 now");
    }

    private Task<RollbackStageResponse> Rollback(string execution) =>
        _pipelines.RollbackStageAsync(
            new RollbackStageRequest
            {
                PipelineName = "inventory",
                StageName = Pipeline().Declaration.Stages[1].Name,
                TargetPipelineExecutionId = execution,
            }
        );

    private async Task<string> Refused<T>(PipelineDeclaration declaration)
        where T : Exception =>
        (await Should.ThrowAsync<T>(_pipelines.CreatePipelineAsync(new CreatePipelineRequest { Pipeline = declaration }))).Message;

    [Fact]
    public async Task An_action_in_another_account_needs_a_key_of_the_customers()
    {
        await Start();
        var declaration = (await _pipelines.GetPipelineAsync(new GetPipelineRequest { Name = "inventory" })).Pipeline;
        declaration.Name = "other";
        declaration.Stages[1].Actions[^1].RoleArn = "arn:aws:iam::111111111111:role/invoke";

        var refused = await Should.ThrowAsync<InvalidActionDeclarationException>(
            _pipelines.CreatePipelineAsync(new CreatePipelineRequest { Pipeline = declaration })
        );

        refused.Message.ShouldContain(
            "the rehearsal refuses a pipeline whose action runs as arn:aws:iam::111111111111:role/invoke of another"
        );
        declaration.ArtifactStore.EncryptionKey = new EncryptionKey { Id = "alias/artifacts", Type = EncryptionKeyType.KMS };
        await _pipelines.CreatePipelineAsync(new CreatePipelineRequest { Pipeline = declaration });
        var made = (await _pipelines.GetPipelineAsync(new GetPipelineRequest { Name = "other" })).Pipeline;
        made.ArtifactStore.EncryptionKey.Id.ShouldBe("alias/artifacts");
    }

    private static ActionTypeId Type(string category, string provider) =>
        new()
        {
            Category = category,
            Owner = ActionOwner.AWS,
            Provider = provider,
            Version = "1",
        };

    private async Task Start(
        ActionDeclaration? before = null,
        string userParameters = """{"commit":"#{SourceVariables.CommitId}","execution":"#{codepipeline.PipelineExecutionId}"}""",
        string denied = "s3:DeleteBucket"
    )
    {
        _repository = await TestRepository.Create(("deployer.yaml", "service: inventory\n"));
        await Open();
        await _aws.World.Do(() =>
        {
            new Repositories(_aws.World).Put("https://github.com/acme/inventory", _repository.Folder);
            new Buckets(_aws.World).Create(
                new Bucket
                {
                    Name = "artifacts",
                    Account = TestAws.Tools,
                    Region = "us-east-1",
                }
            );
            new Buckets(_aws.World).Create(
                new Bucket
                {
                    Name = "others",
                    Account = TestAws.Tools,
                    Region = "us-east-1",
                }
            );
            new Roles(_aws.World).Create(
                new Role
                {
                    Account = TestAws.Tools,
                    Name = "pipeline",
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                    "Principal":{"Service":"codepipeline.amazonaws.com"},"Action":"sts:AssumeRole"}}
                    """,
                    InlinePolicies =
                    {
                        ["policy"] = $$"""
                        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*",
                        "codeconnections:UseConnection","lambda:InvokeFunction"],"Resource":"*"},
                        {"Effect":"Deny","Action":"{{denied}}","Resource":"*"}]}
                        """,
                    },
                }
            );
        });
        var invoke = new ActionDeclaration
        {
            Name = "Deploy",
            ActionTypeId = Type("Invoke", "Lambda"),
            RunOrder = 2,
            InputArtifacts = [new InputArtifact { Name = "Source" }],
            Configuration = new() { ["FunctionName"] = "deploy", ["UserParameters"] = userParameters },
        };
        await _pipelines.CreatePipelineAsync(
            new CreatePipelineRequest
            {
                Pipeline = new PipelineDeclaration
                {
                    Name = "inventory",
                    RoleArn = "arn:aws:iam::222222222222:role/pipeline",
                    ArtifactStore = new ArtifactStore { Type = ArtifactStoreType.S3, Location = "artifacts" },
                    Stages =
                    [
                        new StageDeclaration
                        {
                            Name = "Source",
                            Actions =
                            [
                                new ActionDeclaration
                                {
                                    Name = "Source",
                                    Namespace = "SourceVariables",
                                    ActionTypeId = Type("Source", "CodeStarSourceConnection"),
                                    OutputArtifacts = [new OutputArtifact { Name = "Source" }],
                                    Configuration = new()
                                    {
                                        ["ConnectionArn"] = Connection,
                                        ["FullRepositoryId"] = "acme/inventory",
                                        ["BranchName"] = "main",
                                    },
                                },
                            ],
                        },
                        new StageDeclaration { Name = "Deploy", Actions = before is null ? [invoke] : [before, invoke] },
                    ],
                },
            }
        );
    }

    private async Task Open()
    {
        _aws = await TestAws.Start(
            new RehearsalOptions { StateDirectory = _state },
            world =>
            {
                _engine = new PipelineEngine(world, _functions, new Silent());
                return new CodePipelineService(world, _engine);
            },
            world => new S3Service(world)
        );
        _pipelines = new AmazonCodePipelineClient(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonCodePipelineConfig()));
    }

    private async Task<string> Run() =>
        (await _pipelines.StartPipelineExecutionAsync(new StartPipelineExecutionRequest { Name = "inventory" })).PipelineExecutionId;

    private async Task<PipelineExecutionStatus> Status(string execution) =>
        (
            await _pipelines.GetPipelineExecutionAsync(
                new GetPipelineExecutionRequest { PipelineName = "inventory", PipelineExecutionId = execution }
            )
        )
            .PipelineExecution
            .Status;

    private PipelineRecord Pipeline() => new Pipelines(_aws.World).Get(TestAws.Tools, "us-east-1", "inventory");

    private InvokeOutcome Outcome() => _engine.LastInvoke(Pipeline())!;

    private JsonNode Job(int call) => JsonNode.Parse(_functions.Calls[call].Payload)!["CodePipeline.job"]!;

    private string Id(int call) => Job(call)["id"]!.GetValue<string>();

    private sealed class Functions : ILambdaInvoker
    {
        public List<LambdaInvocation> Calls { get; } = [];

        public Action? OnCall { get; set; }

        public void OnResult(string kind, Action<string, LambdaResult> handle) => throw new NotSupportedException();

        public void Invoke(LambdaInvocation invocation, string kind, string key) => throw new NotSupportedException();

        public string Enqueue(LambdaInvocation invocation)
        {
            Calls.Add(invocation);
            OnCall?.Invoke();
            return "request";
        }
    }

    private sealed class Silent : IEventSource
    {
        public void Publish(
            string account,
            string region,
            string source,
            string detailType,
            IReadOnlyList<string> resources,
            JsonObject detail
        ) { }
    }
}
