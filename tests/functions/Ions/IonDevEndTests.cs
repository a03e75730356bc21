using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Steps;
using NSubstitute;

namespace Deployer.Functions.Tests.Ions;

/// <summary>What is made of a build of ion-dev and of its answer.</summary>
public sealed class IonDevEndTests : IAsyncLifetime
{
    private const string Conflicts =
        "{:rev \"" + IonBench.Commit + "\" :dependency-conflicts {:deps {acme/a {:mvn/version \"1\"} acme/deep {:mvn/version \"7\"}}}}";

    private IonBench _ions = null!;

    public async ValueTask InitializeAsync() => _ions = await IonBench.Open();

    public ValueTask DisposeAsync() => _ions.DisposeAsync();

    [Fact]
    public async Task A_build_that_runs_is_waited_for()
    {
        (_ions.Build.BuildStatus, _ions.Build.CurrentPhase) = (StatusType.IN_PROGRESS, "BUILD");

        (await _ions.Push()).ShouldBe(new Outcome.Running("build deployer-dev-ions:1 is still in phase BUILD"));
        (await _ions.Deploy()).ShouldBe(new Outcome.Running("build deployer-dev-ions:1 is still in phase BUILD"));
    }

    [Theory]
    [InlineData("FAILED", typeof(IonsPushFailedException), typeof(IonsDeployFailedException))]
    // What fails is none of the service's files: a redrive helps.
    [InlineData("FAULT", typeof(BuildFaultException), typeof(BuildFaultException))]
    [InlineData("STOPPED", typeof(IonsPushFailedException), typeof(IonsDeployFailedException))]
    [InlineData("TIMED_OUT", typeof(IonsPushFailedException), typeof(IonsDeployFailedException))]
    public async Task A_build_that_failed_is_reported_with_its_phase_and_its_log(string status, Type push, Type deploy)
    {
        _ions.Build.BuildStatus = new StatusType(status);
        _ions.Build.Phases =
        [
            new BuildPhase
            {
                PhaseType = BuildPhaseType.DOWNLOAD_SOURCE,
                PhaseStatus = StatusType.FAILED,
                Contexts = [new PhaseContext { Message = "no such commit" }],
            },
        ];
        _ions.Build.Logs = new LogsLocation { DeepLink = "https://log" };
        var said = $"build deployer-dev-ions:1 {status} in phase DOWNLOAD_SOURCE: no such commit; its log: https://log";

        var (pushed, deployed) = (Failure(await _ions.Push()), Failure(await _ions.Deploy()));
        (pushed.GetType(), pushed.Message).ShouldBe((push, said));
        (deployed.GetType(), deployed.Message).ShouldBe((deploy, said));
    }

    [Fact]
    public async Task A_build_that_is_gone_is_the_failure_of_its_own_task()
    {
        _ions.IsBuildGone = true;
        _ions.Waited = TimeSpan.FromMinutes(5);
        const string Gone = "the build deployer-dev-ions:1 no longer exists";

        (await Should.ThrowAsync<IonsPushFailedException>(() => _ions.Push())).Message.ShouldBe(Gone);
        (await Should.ThrowAsync<IonsDeployFailedException>(() => _ions.Deploy())).Message.ShouldBe(Gone);
    }

    /// <summary>How soon CodeBuild shows a build that it has started is not documented.</summary>
    [Fact]
    public async Task A_build_that_is_not_shown_yet_is_waited_for()
    {
        _ions.IsBuildGone = true;
        _ions.Waited = TimeSpan.FromMinutes(4);
        var running = new Outcome.Running("CodeBuild does not show the build deployer-dev-ions:1 yet");

        (await _ions.Push()).ShouldBe(running);
        (await _ions.Deploy()).ShouldBe(running);
    }

    [Fact]
    public async Task The_cause_has_what_the_commands_of_the_failed_phase_wrote_last_and_no_credentials()
    {
        Fail(BuildPhaseType.PRE_BUILD);
        _ions
            .Logs.GetLogEventsAsync(
                Arg.Is<GetLogEventsRequest>(request => request.LogGroupName == "builds" && request.LogStreamName == "one"),
                Arg.Any<CancellationToken>()
            )
            .Returns(
                Events(
                    "[Container] 2026/01/01 00:00:00.000000 Running command clojure -P -A:ion-dev",
                    "Downloading: com/datomic/ion-dev/maven-metadata.xml",
                    "Error building classpath. Could not transfer artifact from https://jane:hunter2@repo.example/maven\n",
                    "",
                    "[Container] 2026/01/01 00:00:09.000000 Command did not execute successfully exit status 1",
                    "[Container] 2026/01/01 00:00:09.000000 Phase complete: PRE_BUILD State: FAILED",
                    "written by a later phase"
                )
            );

        var cause = Failure(await _ions.Push()).Message;

        cause
            .Split('\n')
            .ShouldBe([
                "build deployer-dev-ions:1 FAILED in phase PRE_BUILD: exit status 1",
                "log: Downloading: com/datomic/ion-dev/maven-metadata.xml",
                "log: Error building classpath. Could not transfer artifact from https://****@repo.example/maven",
            ]);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_hides_no_failure()
    {
        Fail(BuildPhaseType.BUILD);
        _ions
            .Logs.GetLogEventsAsync(Arg.Any<GetLogEventsRequest>(), Arg.Any<CancellationToken>())
            .Returns<GetLogEventsResponse>(
                _ => throw new AmazonCloudWatchLogsException("no") { ErrorCode = "AccessDeniedException" },
                _ => throw new Amazon.CloudWatchLogs.Model.ResourceNotFoundException("no stream")
            );

        Failure(await _ions.Deploy()).Message.ShouldEndWith("\nits log builds could not be read: allow logs:GetLogEvents");
        Failure(await _ions.Deploy()).Message.ShouldEndWith("\nits log builds has no stream one");
    }

    [Fact]
    public async Task A_build_that_left_no_answer_is_a_failure()
    {
        const string Expected = "build deployer-dev-ions:1 SUCCEEDED and left no answer of ion-dev";

        Failure(await _ions.Push()).ShouldBeOfType<IonsPushFailedException>().Message.ShouldBe(Expected);
        Failure(await _ions.Deploy()).ShouldBeOfType<IonsDeployFailedException>().Message.ShouldBe(Expected);
    }

    [Theory]
    [InlineData(
        "Downloading\nbash: clojure: command not found\n",
        "its output does not end with an answer but with: Downloading | bash: clojure: command not found"
    )]
    [InlineData("\n", "it printed nothing; its log has what the build's commands wrote")]
    [InlineData("{:command-failed \"{:op :push}\" :causes ({:message \"outer\"} {:message \"inner\"})}", "outer: inner")]
    public async Task A_command_that_failed_is_reported_with_its_causes(string answer, string said)
    {
        _ions.Answer = answer;

        Failure(await _ions.Push())
            .ShouldBeOfType<IonsPushFailedException>()
            .Message.ShouldBe($"ion-dev push: {said}; build deployer-dev-ions:1");
        Failure(await _ions.Deploy())
            .ShouldBeOfType<IonsDeployFailedException>()
            .Message.ShouldBe($"ion-dev deploy: {said}; build deployer-dev-ions:1");
    }

    [Fact]
    public async Task A_build_that_was_started_and_not_written_down_is_found_and_no_second_one_is_started()
    {
        (_ions.Build.BuildStatus, _ions.Build.CurrentPhase) = (StatusType.IN_PROGRESS, "BUILD");
        _ions.Build.Environment = new ProjectEnvironment
        {
            EnvironmentVariables = [new EnvironmentVariable { Name = "DEPLOYER_TOKEN", Value = IonBench.Token }],
        };
        _ions
            .CodeBuild.ListBuildsForProjectAsync(Arg.Any<ListBuildsForProjectRequest>(), Arg.Any<CancellationToken>())
            .Returns(new ListBuildsForProjectResponse { Ids = [_ions.Build.Id] });

        (await _ions.DeployAgain()).ShouldBe(new Outcome.Running("build deployer-dev-ions:1 is still in phase BUILD"));

        await _ions.CodeBuild.DidNotReceive().StartBuildAsync(Arg.Any<StartBuildRequest>(), Arg.Any<CancellationToken>());
    }

    /// <summary>
    /// The list may be late. CodeBuild answers the build that was started under the same token within five minutes
    /// (https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html).
    /// </summary>
    [Fact]
    public async Task A_build_that_the_list_does_not_show_is_asked_for_under_its_own_token()
    {
        (_ions.Build.BuildStatus, _ions.Build.CurrentPhase) = (StatusType.IN_PROGRESS, "BUILD");
        var started = Started();

        (await _ions.DeployAgain()).ShouldBe(new Outcome.Running("build deployer-dev-ions:1 is still in phase BUILD"));

        started.ShouldHaveSingleItem().IdempotencyToken.ShouldBe(IonBench.Token);
    }

    /// <summary>docs/service-file.md says in which order: the step's, that of the ions' alias, the one that the deployer has.</summary>
    [Theory]
    [InlineData("1.0.325", null, "1.0.325")]
    [InlineData("1.0.326", "1.0.326", "1.0.326")]
    [InlineData(null, "1.0.326", "1.0.326")]
    [InlineData(null, null, "1.0.352")]
    public async Task A_build_is_told_which_ion_dev_to_use(string? step, string? alias, string version)
    {
        (_ions.StepsIonDev, _ions.AliassIonDev) = (step, alias);
        var started = Started();
        (_ions.Build.BuildStatus, _ions.Build.CurrentPhase) = (StatusType.IN_PROGRESS, "BUILD");

        await _ions.DeployAgain();

        started
            .ShouldHaveSingleItem()
            .EnvironmentVariablesOverride.Single(variable => variable.Name == "DEPLOYER_ION_DEV")
            .Value.ShouldBe(version);
    }

    [Fact]
    public async Task A_deploy_that_names_no_execution_is_a_failure()
    {
        _ions.Answer = "{:doc \"started\"}";

        Failure(await _ions.Deploy())
            .ShouldBeOfType<IonsDeployFailedException>()
            .Message.ShouldContain("its answer lacks what was asked for");
    }

    [Fact]
    public async Task Another_revision_than_the_one_that_was_asked_for_is_a_failure()
    {
        _ions.Answer = "{:rev \"fedcba9876543210fedcba9876543210fedcba98\"}";

        Failure(await _ions.Push())
            .ShouldBeOfType<IonsPushFailedException>()
            .Message.ShouldStartWith("ion-dev pushed revision fedcba9876543210fedcba9876543210fedcba98 where");
    }

    [Theory]
    [InlineData("[]", "Datomic runs acme/a 1 instead of 2, acme/deep 7, whatever the ions ask for")]
    [InlineData("[ acme/a ]", "Datomic runs acme/deep 7, whatever the ions ask for")]
    public async Task Conflicts_that_are_not_allowed_fail_with_both_versions(string allowed, string said)
    {
        (_ions.Answer, _ions.AllowConflicts) = (Conflicts, allowed);

        Failure(await _ions.Push()).ShouldBeOfType<DependencyConflictsException>().Message.ShouldStartWith(said);
    }

    [Fact]
    public async Task A_push_without_its_zip_in_the_code_bucket_is_a_failure()
    {
        (_ions.Answer, _ions.AllowConflicts) = (Conflicts, "[ acme/a, acme/deep ]");

        (await Should.ThrowAsync<IonsPushFailedException>(_ions.Push)).Message.ShouldContain(
            "the code bucket of account 111111111111 has no zip of that name"
        );
    }

    private static DeployerException Failure(Outcome outcome) => outcome.ShouldBeOfType<Outcome.Failed>().Cause;

    [Fact]
    public async Task An_event_about_the_build_the_execution_or_CodeDeploys_deployment_answers_the_token_of_a_deployment()
    {
        (_ions.Build.BuildStatus, _ions.Build.CurrentPhase) = (StatusType.IN_PROGRESS, "BUILD");
        _ions
            .CodeBuild.StartBuildAsync(Arg.Any<StartBuildRequest>(), Arg.Any<CancellationToken>())
            .Returns(new StartBuildResponse { Build = _ions.Build });
        _ions
            .CodeBuild.ListBuildsForProjectAsync(Arg.Any<ListBuildsForProjectRequest>(), Arg.Any<CancellationToken>())
            .Returns(new ListBuildsForProjectResponse());
        await _ions.DeployAgain();
        (await _ions.Waiting(_ions.Build.Id)).ShouldBe("token");

        _ions.Build.BuildStatus = StatusType.SUCCEEDED;
        _ions.Answer = $"{{:execution-arn \"{SimulatedGroup.Execution}\"}}";
        var group = new SimulatedGroup { Deploy = Amazon.StepFunctions.ExecutionStatus.RUNNING };
        (await _ions.Deploy(group)).ShouldBeOfType<Outcome.Running>();
        (await _ions.Waiting(SimulatedGroup.Execution)).ShouldBe("token");

        group.Code = Amazon.CodeDeploy.DeploymentStatus.InProgress;
        group.Deploy = Amazon.StepFunctions.ExecutionStatus.SUCCEEDED;
        (await _ions.Deploy(group)).ShouldBeOfType<Outcome.Running>().WaitsFor.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_failure_counts_when_a_later_look_finds_it_too()
    {
        var group = new SimulatedGroup { Code = null };

        (await _ions.Judge(group)).ShouldBeOfType<Outcome.Running>().What.ShouldContain("no deployment of revision");
        group.Now += DeployWork.TimeUntilFailed;
        group.Deploy = Amazon.StepFunctions.ExecutionStatus.RUNNING;
        (await _ions.Judge(group)).ShouldBeOfType<Outcome.Running>();
        group.Deploy = Amazon.StepFunctions.ExecutionStatus.SUCCEEDED;

        (await _ions.Judge(group)).ShouldBeOfType<Outcome.Running>();
        (await _ions.Judge(group)).ShouldBeOfType<Outcome.Running>("several events at once are one look");
        group.Now += DeployWork.TimeUntilFailed;
        (await _ions.Judge(group)).ShouldBeOfType<Outcome.Failed>();
    }

    private void Fail(BuildPhaseType phase)
    {
        _ions.Build.BuildStatus = StatusType.FAILED;
        _ions.Build.Phases =
        [
            new BuildPhase
            {
                PhaseType = phase,
                PhaseStatus = StatusType.FAILED,
                Contexts = [new PhaseContext { Message = "exit status 1" }],
            },
        ];
        _ions.Build.Logs = new LogsLocation { GroupName = "builds", StreamName = "one" };
    }

    private static GetLogEventsResponse Events(params string[] lines) =>
        new() { Events = [.. lines.Select(line => new OutputLogEvent { Message = line })] };

    /// <summary>The builds that are started, while the list of builds shows none.</summary>
    private List<StartBuildRequest> Started()
    {
        _ions
            .CodeBuild.ListBuildsForProjectAsync(Arg.Any<ListBuildsForProjectRequest>(), Arg.Any<CancellationToken>())
            .Returns(new ListBuildsForProjectResponse());
        var started = new List<StartBuildRequest>();
        _ions
            .CodeBuild.StartBuildAsync(Arg.Do<StartBuildRequest>(started.Add), Arg.Any<CancellationToken>())
            .Returns(new StartBuildResponse { Build = _ions.Build });
        return started;
    }
}
