using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.CodeBuild;
using Amazon.CodeBuild.Model;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CodeBuild;
using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.Git;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Ssm;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Tests.Git;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using AmazonSsmClient = Amazon.SimpleSystemsManagement.AmazonSimpleSystemsManagementClient;
using AmazonSsmConfig = Amazon.SimpleSystemsManagement.AmazonSimpleSystemsManagementConfig;
using ParameterType = Amazon.SimpleSystemsManagement.ParameterType;
using PutParameterRequest = Amazon.SimpleSystemsManagement.Model.PutParameterRequest;

namespace Deployer.Rehearsal.Tests.CodeBuild;

public sealed class CodeBuildServiceTests : IAsyncDisposable
{
    private const string Url = "https://github.com/acme/inventory";
    private const string Role = "arn:aws:iam::222222222222:role/builder";
    private const string Secret = "arn:aws:secretsmanager:us-east-1:222222222222:secret:git-key-a1b2c3";
    private readonly Heard _events = new();
    private readonly List<IBuildTool> _tools = [];
    private string _image = "aws/codebuild/amazonlinux-x86_64-standard:5.0";
    private Uri _address = new("http://aws.test");
    private TestAws _aws = null!;
    private AmazonCodeBuildClient _builds = null!;
    private Builds _engine = null!;

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task A_build_passes_all_phases_and_takes_virtual_time()
    {
        await Start();
        var build = await Run(
            new StartBuildRequest
            {
                BuildspecOverride = Spec("echo hello $NAME from $CODEBUILD_BUILD_ID in $AWS_REGION at $AWS_ENDPOINT_URL"),
                EnvironmentVariablesOverride = [new EnvironmentVariable { Name = "NAME", Value = "world" }],
            }
        );

        build.BuildStatus.ShouldBe(StatusType.SUCCEEDED);
        build.BuildComplete.ShouldBe(true);
        build
            .Phases.Select(phase => phase.PhaseType.Value)
            .ShouldBe([
                "SUBMITTED",
                "QUEUED",
                "PROVISIONING",
                "DOWNLOAD_SOURCE",
                "INSTALL",
                "PRE_BUILD",
                "BUILD",
                "POST_BUILD",
                "UPLOAD_ARTIFACTS",
                "FINALIZING",
                "COMPLETED",
            ]);
        (build.EndTime - build.StartTime)!.Value.TotalSeconds.ShouldBeGreaterThan(30);
        build.Environment.EnvironmentVariables.Select(variable => variable.Name).ShouldBe(["FIXED", "NAME"]);
        Log(build).ShouldContain($"hello world from {build.Id} in us-east-1 at http://aws.test/");
        _events.Details.Select(detail => (string)detail["build-status"]!).ShouldBe(["IN_PROGRESS", "SUCCEEDED"]);
        ((string)_events.Details[1]["build-id"]!).ShouldBe(build.Arn);
    }

    [Fact]
    public async Task A_failed_command_fails_the_build_and_says_which()
    {
        await Start();

        var build = await Run(new StartBuildRequest { BuildspecOverride = Spec("false") });

        build.BuildStatus.ShouldBe(StatusType.FAILED);
        var phase = build.Phases.Single(phase => phase.PhaseType == BuildPhaseType.BUILD);
        phase.PhaseStatus.ShouldBe(StatusType.FAILED);
        phase.Contexts.Single().StatusCode.ShouldBe("COMMAND_EXECUTION_ERROR");
        phase.Contexts.Single().Message.ShouldBe("Error while executing command: false. Reason: exit status 1");
        build.Phases.Select(other => other.PhaseType).ShouldContain(BuildPhaseType.UPLOAD_ARTIFACTS);
    }

    [Fact]
    public async Task Artifacts_are_stored_even_after_a_failed_build()
    {
        await Start();
        var build = await Run(
            new StartBuildRequest
            {
                BuildspecOverride =
                    "version: 0.2\nphases:\n  build:\n    commands:\n      - mkdir -p ../out/deep && echo ':rev' > "
                    + "../out/deep/push.edn && false\nartifacts:\n  base-directory: $CODEBUILD_SRC_DIR/../out\n  files: ['**/*']\n",
                ArtifactsOverride = new ProjectArtifacts
                {
                    Type = ArtifactsType.S3,
                    Location = "answers",
                    Path = "builds",
                    NamespaceType = ArtifactNamespace.BUILD_ID,
                    Name = "/",
                },
            }
        );

        build.BuildStatus.ShouldBe(StatusType.FAILED);
        build.Artifacts.Location.ShouldBe($"arn:aws:s3:::answers/builds/{build.Id.Split(':')[1]}");
        Object("answers", $"builds/{build.Id.Split(':')[1]}/deep/push.edn").ShouldBe(":rev\n");
    }

    [Theory]
    [InlineData("mkfifo out/a", "the artifact 'a' is not a file, but a pipe, a socket or a device")]
    [InlineData("ln -s /dev/zero out/a", "the artifact 'a' is not a file, but a pipe, a socket or a device")]
    [InlineData("ln -s a out/a", "the artifact 'a' cannot be read: ")]
    [InlineData("ln -s none out/a", "the artifact 'a' cannot be read: ")]
    public async Task An_artifact_that_is_no_file_fails_the_upload_with_the_cause(string command, string cause)
    {
        await Start();

        var build = await Run(Stored($"mkdir out && {command}"));

        build.BuildStatus.ShouldBe(StatusType.FAILED);
        build.Phases.Single(phase => phase.PhaseType == BuildPhaseType.UPLOAD_ARTIFACTS).Contexts.Single().Message.ShouldStartWith(cause);
    }

    [Fact]
    public async Task Links_of_artifacts_are_followed_inside_the_build_and_never_round_and_round()
    {
        await Start();

        var build = await Run(
            Stored(
                "mkdir -p out/deep other && echo file > other/f && ln -s ../other out/linked && ln -s .. out/deep/round "
                    + "&& ln -s / out/root && ln -s ../other/f out/link"
            )
        );

        build.BuildStatus.ShouldBe(StatusType.SUCCEEDED);
        var objects = new Objects(_aws.World);
        var bucket = new Buckets(_aws.World).Get("answers");
        Encoding.UTF8.GetString(objects.Bytes(objects.Get(bucket, "stored/link"))).ShouldBe("file\n");
        Encoding.UTF8.GetString(objects.Bytes(objects.Get(bucket, "stored/linked/f"))).ShouldBe("file\n");
    }

    private static StartBuildRequest Stored(string command) =>
        new()
        {
            BuildspecOverride = Spec(command) + "artifacts:\n  base-directory: out\n  files: ['**/*']\n",
            ArtifactsOverride = new ProjectArtifacts
            {
                Type = ArtifactsType.S3,
                Location = "answers",
                Path = string.Empty,
                Name = "stored",
            },
        };

    [Fact]
    public async Task A_zip_of_s3_is_unpacked_without_git()
    {
        await Start();
        await StoreSource(Spec("test ! -e .git && cat sub/buildspec.yml | head -1"));
        var build = await Run(
            new StartBuildRequest
            {
                SourceTypeOverride = SourceType.S3,
                SourceLocationOverride = "answers/source.zip",
                BuildspecOverride = "sub/buildspec.yml",
            }
        );

        build.BuildStatus.ShouldBe(StatusType.SUCCEEDED);
        Log(build).ShouldContain("version: 0.2");
    }

    /// <summary>
    /// S3GetObjectPolicy, S3BucketIdentity and S3PutObjectPolicy of
    /// https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html.
    /// </summary>
    [Theory]
    [InlineData("s3:GetObject", "PROVISIONING")]
    [InlineData("s3:GetObjectVersion", "PROVISIONING")]
    [InlineData("s3:GetBucketAcl", "UPLOAD_ARTIFACTS")]
    [InlineData("s3:GetBucketLocation", "UPLOAD_ARTIFACTS")]
    [InlineData("s3:PutObject", "UPLOAD_ARTIFACTS")]
    public async Task A_role_without_one_of_the_permissions_that_AWS_wants_of_any_build_fails_it_by_name(string lacking, string phase)
    {
        await Start(
            statements: """{"Effect":"Allow","Action":["s3:*","logs:*"],"Resource":"*"},"""
                + $$"""{"Effect":"Deny","Action":"{{lacking}}","Resource":"*"}"""
        );
        await StoreSource(Spec("mkdir ../out && echo :rev > ../out/push.edn"));

        var build = await Run(
            new StartBuildRequest
            {
                SourceTypeOverride = SourceType.S3,
                SourceLocationOverride = "answers/source.zip",
                BuildspecOverride =
                    "version: 0.2\nphases:\n  build:\n    commands:\n      - mkdir ../out && echo :rev > ../out/push.edn\n"
                    + "artifacts:\n  base-directory: $CODEBUILD_SRC_DIR/../out\n  files: ['**/*']\n",
                ArtifactsOverride = new ProjectArtifacts
                {
                    Type = ArtifactsType.S3,
                    Location = "answers",
                    Path = "builds",
                    Name = "/",
                },
            }
        );

        build.BuildStatus.ShouldBe(StatusType.FAILED);
        var failed = build.Phases.Single(one => one.PhaseStatus == StatusType.FAILED);
        failed.PhaseType.Value.ShouldBe(phase);
        failed.Contexts.Single().Message.ShouldContain($"is not authorized to perform: {lacking} on resource: ");
    }

    /// <summary>Cloning by a connection, for reading, and of the repository that the role may read.</summary>
    [Theory]
    [InlineData("acme/inventory", "read_only", true)]
    [InlineData("acme/other", "read_only", false)]
    [InlineData("acme/inventory", "read_write", false)]
    public async Task A_connection_is_used_as_its_conditions_allow(string repository, string permissions, bool allowed)
    {
        const string Connection = $"arn:aws:codeconnections:us-east-1:{TestAws.Tools}:connection/c";
        using var cloned = await TestRepository.Create(("a.txt", "one"));
        await Start(
            statements: """{"Effect":"Allow","Action":["s3:*","logs:*","codeconnections:GetConnection*"],"Resource":"*"},"""
                + $$$$"""
                {"Effect":"Allow","Action":"codeconnections:UseConnection","Resource":"{{{{Connection}}}}","Condition":{"StringEquals":
                {"codeconnections:FullRepositoryId":"{{{{repository}}}}",
                "codeconnections:ProviderPermissionsRequired":"{{{{permissions}}}}"}}}
                """
        );
        await _aws.World.Do(() => new Repositories(_aws.World).Put(Url + ".git", cloned.Folder));
        await _builds.CreateProjectAsync(
            new CreateProjectRequest
            {
                Name = "cloning",
                Source = new ProjectSource
                {
                    Type = SourceType.GITHUB,
                    Location = Url + ".git",
                    Buildspec = Spec("cat a.txt"),
                    Auth = new SourceAuth { Type = SourceAuthType.CODECONNECTIONS, Resource = Connection },
                },
                Artifacts = new ProjectArtifacts { Type = ArtifactsType.NO_ARTIFACTS },
                Environment = new ProjectEnvironment
                {
                    Type = EnvironmentType.LINUX_CONTAINER,
                    Image = "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                    ComputeType = ComputeType.BUILD_GENERAL1_SMALL,
                },
                ServiceRole = Role,
            },
            TestContext.Current.CancellationToken
        );

        var build = await Run(new StartBuildRequest(), "cloning");

        build.BuildStatus.ShouldBe(allowed ? StatusType.SUCCEEDED : StatusType.FAILED);
        build
            .Phases.SelectMany(phase => phase.Contexts ?? [])
            .Any(context => context.Message.Contains("not authorized to perform: codeconnections:UseConnection", StringComparison.Ordinal))
            .ShouldBe(!allowed);
    }

    [Fact]
    public async Task A_repository_is_cloned_with_its_history_at_the_wanted_commit()
    {
        using var repository = await TestRepository.Create(
            ("a.txt", "one"),
            (
                "buildspec.yml",
                Spec("git log --format=%s && git remote get-url origin && cat a.txt && echo at $CODEBUILD_RESOLVED_SOURCE_VERSION")
            )
        );
        await repository.Add("second", ("a.txt", "two"));
        var wanted = repository.Commit;
        await repository.Add("third", ("a.txt", "three"));
        await Start();
        await _aws.World.Do(() => new Repositories(_aws.World).Put(Url + ".git", repository.Folder));

        var build = await Run(
            new StartBuildRequest
            {
                SourceTypeOverride = SourceType.GITHUB,
                SourceLocationOverride = Url,
                SourceVersion = wanted,
                BuildspecOverride = "buildspec.yml",
            }
        );

        build.BuildStatus.ShouldBe(StatusType.SUCCEEDED);
        build.ResolvedSourceVersion.ShouldBe(wanted);
        Log(build).ShouldContain("second\nfirst\n" + Url + "\ntwoat " + wanted);
        var missing = await Run(
            new StartBuildRequest
            {
                SourceTypeOverride = SourceType.GITHUB,
                SourceLocationOverride = Url,
                SourceVersion = new string('0', 40),
            }
        );
        missing.BuildStatus.ShouldBe(StatusType.FAILED);
        missing
            .Phases.Single(phase => phase.PhaseType == BuildPhaseType.DOWNLOAD_SOURCE)
            .Contexts.Single()
            .StatusCode.ShouldBe("CLIENT_ERROR");
    }

    [Fact]
    public async Task An_idempotency_token_stands_for_one_build_for_five_minutes()
    {
        await Start();
        var request = new StartBuildRequest
        {
            ProjectName = "ions",
            IdempotencyToken = "t",
            BuildspecOverride = Spec("true"),
        };

        var first = (await _builds.StartBuildAsync(request)).Build.Id;
        (await _builds.StartBuildAsync(request)).Build.Id.ShouldBe(first);
        await Should.ThrowAsync<InvalidInputException>(
            _builds.StartBuildAsync(
                new StartBuildRequest
                {
                    ProjectName = "ions",
                    IdempotencyToken = "t",
                    BuildspecOverride = Spec("false"),
                }
            )
        );
        await _aws.World.Do(() => _aws.World.Schedule(TimeSpan.FromMinutes(5), "test/wake", ""));
        await _aws.World.RunUntil(() => _aws.World.Now >= Epoch.Start.AddMinutes(5));
        var later = (await _builds.StartBuildAsync(request)).Build;
        later.Id.ShouldNotBe(first);
        later.BuildNumber.ShouldBe(2);
        (await _builds.ListBuildsForProjectAsync(new ListBuildsForProjectRequest { ProjectName = "ions" })).Ids.ShouldBe([later.Id, first]);
    }

    [Theory]
    [InlineData("aws sts get-caller-identity", "this rehearsal was given nothing that simulates aws")]
    [InlineData("wget https://example.com", "this rehearsal was given nothing that simulates wget")]
    [InlineData("clojure -A:ion-dev '{:op :push}'", "clojure: command not found")]
    public async Task What_the_image_has_and_nothing_simulates_fails_and_what_it_lacks_is_not_found(string command, string said)
    {
        await Start();

        var build = await Run(new StartBuildRequest { BuildspecOverride = Spec(command) });

        build.BuildStatus.ShouldBe(StatusType.FAILED);
        Log(build).ShouldContain(said);
    }

    /// <summary>A build that does not look at the exit status would go on without what the command does on AWS.</summary>
    [Theory]
    [InlineData("aws s3 cp secret b & wait", "aws s3 cp")]
    [InlineData("aws s3 cp secret b || true", "aws s3 cp")]
    [InlineData("aws s3 cp secret b & wait; exit 0", "aws s3 cp")]
    [InlineData("wget https://example.com || true", "wget")]
    [InlineData("docker build . & wait", "docker")]
    [InlineData("curl -fsSL -o a https://example.com/a || true", "curl of example.com")]
    [InlineData("curl -I https://example.com || true", "curl with other options or without -o")]
    [InlineData("sha256sum --tag a || true", "sha256sum with other options")]
    public async Task A_command_that_is_not_simulated_fails_the_build_by_its_name(string command, string called)
    {
        _tools.AddRange([new SimulatedAws(), new SimulatedCurl([]), new SimulatedSha256Sum([])]);
        await Start();

        var build = await Run(new StartBuildRequest { BuildspecOverride = Spec(command) });

        build.BuildStatus.ShouldBe(StatusType.FAILED);
        Log(build, withContainer: true)
            .Split('\n')
            .ShouldContain(line => line.EndsWith($"The rehearsal does not simulate what the command has called: {called}"));
        build.Phases.Single(phase => phase.PhaseStatus == StatusType.FAILED).PhaseType.ShouldBe(BuildPhaseType.BUILD);
    }

    [Fact]
    public async Task A_build_has_the_programs_of_its_image_and_no_other_folder_on_its_path()
    {
        await Start();

        var build = await Run(
            new StartBuildRequest { BuildspecOverride = Spec("echo \"path: ${PATH//[^:]/}.\"; type -P git sed tar java") }
        );

        build.BuildStatus.ShouldBe(StatusType.SUCCEEDED);
        Log(build).ShouldContain("path: .");
    }

    /// <summary>What a machine lacks of them is there too, and says that nothing simulates it.</summary>
    [Theory]
    [InlineData("aws/codebuild/standard:7.0", "locate apt-get bzr", "rustc yum gitversion")]
    [InlineData("aws/codebuild/standard:8.0", "rustc apt-get bzr", "locate yum gitversion")]
    [InlineData("aws/codebuild/amazonlinux-x86_64-standard:5.0", "locate yum gitversion", "rustc apt-get bzr")]
    [InlineData("aws/codebuild/amazonlinux-x86_64-standard:6.0", "rustc yum gitversion", "apt-get bzr shellcheck")]
    public async Task What_another_image_has_is_not_found(string image, string has, string lacks)
    {
        _image = image;
        await Start();

        var build = await Run(new StartBuildRequest { BuildspecOverride = Spec($"for one in {has}; do type -P $one || exit 3; done") });

        build.BuildStatus.ShouldBe(StatusType.SUCCEEDED, Log(build));
        foreach (var lacking in lacks.Split(' '))
        {
            var failed = await Run(new StartBuildRequest { BuildspecOverride = Spec($"{lacking} --version") });
            failed.BuildStatus.ShouldBe(StatusType.FAILED);
            Log(failed).ShouldContain($"{lacking}: command not found");
            failed
                .Phases.SelectMany(phase => phase.Contexts ?? [])
                .ShouldContain(context =>
                    context.Message.Contains($"{lacking} --version", StringComparison.Ordinal)
                    && context.Message.EndsWith("exit status 127", StringComparison.Ordinal)
                );
        }

        _engine.Notices.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_of_somebodys_own_counts_as_the_usual_one_and_the_log_and_the_notices_say_so()
    {
        _image = "222222222222.dkr.ecr.us-east-1.amazonaws.com/builds:1";
        await Start();

        var builds = new[]
        {
            await Run(new StartBuildRequest { BuildspecOverride = Spec("type -P apt-get") }),
            await Run(new StartBuildRequest { BuildspecOverride = Spec("type -P yum") }),
        };

        builds.Select(build => build.BuildStatus).ShouldBe([StatusType.SUCCEEDED, StatusType.FAILED]);
        var notice = _engine.Notices.ShouldHaveSingleItem();
        notice.ShouldBe(
            $"the programs of the image {_image} are not known to the rehearsal: its builds found those of aws/codebuild/standard:7.0, "
                + "which has no Clojure"
        );
        builds.ShouldAllBe(build => Log(build, true).Split('\n')[0].EndsWith(notice));
    }

    [Theory]
    [InlineData("aws/codebuild/standard:6.0")]
    [InlineData("aws/codebuild/standard:7.0-24.10.29")]
    [InlineData("aws/codebuild/amazonlinux-aarch64-standard:3.0")]
    [InlineData("aws/codebuild/windows-base:2019-1.0")]
    public async Task A_build_on_another_image_of_CodeBuild_is_refused_by_its_name_and_its_project_is_not(string image)
    {
        _image = image;
        await Start();

        var refused = await Should.ThrowAsync<InvalidInputException>(
            _builds.StartBuildAsync(new StartBuildRequest { ProjectName = "ions" }, TestContext.Current.CancellationToken)
        );

        refused.Message.ShouldBe(
            $"The rehearsal does not know the programs of the image {image}. Of CodeBuild's images it knows aws/codebuild/standard:7.0, "
                + "aws/codebuild/standard:8.0, aws/codebuild/amazonlinux-x86_64-standard:5.0, "
                + "aws/codebuild/amazonlinux-x86_64-standard:6.0."
        );
    }

    [Fact]
    public async Task A_variable_of_the_Parameter_Store_is_read_with_the_role_of_the_project()
    {
        const string Statements = """{"Effect":"Allow","Action":["logs:*","ssm:GetParameters"],"Resource":"*"}""";
        await Start(options: null, Statements, world => new SsmService(world));
        using var ssm = new AmazonSsmClient(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonSsmConfig()));
        await ssm.PutParameterAsync(
            new PutParameterRequest
            {
                Name = "/deployer/git-key",
                Value = "the key",
                Type = ParameterType.SecureString,
            },
            TestContext.Current.CancellationToken
        );

        var build = await Run(Named("/deployer/git-key"));
        var missing = await Run(Named("/deployer/none"));

        build.BuildStatus.ShouldBe(StatusType.SUCCEEDED, Log(build));
        missing.BuildStatus.ShouldBe(StatusType.FAILED);
        missing.Phases.SelectMany(phase => phase.Contexts).ShouldContain(context => context.Message.Contains("/deployer/none"));

        static StartBuildRequest Named(string parameter) =>
            new()
            {
                BuildspecOverride = Spec("test \"$KEY\" = 'the key'"),
                EnvironmentVariablesOverride =
                [
                    new EnvironmentVariable
                    {
                        Name = "KEY",
                        Value = parameter,
                        Type = EnvironmentVariableType.PARAMETER_STORE,
                    },
                ],
            };
    }

    /// <summary>https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.secrets-manager</summary>
    [Theory]
    [InlineData(Secret, "{\"a\":\"the key\"}", null)]
    [InlineData("git-key", "{\"a\":\"the key\"}", null)]
    [InlineData($"{Secret}:a", "the key", null)]
    [InlineData("git-key:a:AWSCURRENT", "the key", null)]
    [InlineData($"{Secret}:b", null, "Secrets Manager error: secret ")]
    [InlineData("git-key:a:AWSPREVIOUS", null, "Secrets Manager error: the rehearsal does not simulate versions of secrets")]
    [InlineData("none", null, "Secrets Manager error: there is no secret none in the rehearsed account")]
    [InlineData("generated", null, "Secrets Manager error: the rehearsal does not generate secrets")]
    public async Task A_secret_of_Secrets_Manager_is_a_variable(string reference, string? value, string? problem)
    {
        await Start(statements: """{"Effect":"Allow","Action":["logs:*","secretsmanager:GetSecretValue"],"Resource":"*"}""");
        await MakeSecrets();

        var build = await Run(WithSecret(reference, $"test \"$KEY\" = '{value}'"));

        build.BuildStatus.ShouldBe(problem is null ? StatusType.SUCCEEDED : StatusType.FAILED);
        if (problem is not null)
        {
            build.Phases.SelectMany(phase => phase.Contexts).ShouldContain(context => context.Message.Contains(problem));
        }
    }

    [Theory]
    [InlineData("logs:*")]
    [InlineData("logs:*\",\"ssm:GetParameters")]
    public async Task A_secret_is_read_with_the_permission_of_the_role_of_the_build(string actions)
    {
        await Start(statements: $$"""{"Effect":"Allow","Action":["{{actions}}"],"Resource":"*"}""");
        await MakeSecrets();

        var build = await Run(WithSecret(Secret, "true"));

        build.BuildStatus.ShouldBe(StatusType.FAILED);
        build
            .Phases.SelectMany(phase => phase.Contexts)
            .ShouldContain(context => context.Message.Contains($"secretsmanager:GetSecretValue on resource: {Secret}"));
    }

    private static StartBuildRequest WithSecret(string reference, string command) =>
        new()
        {
            BuildspecOverride = Spec(command),
            EnvironmentVariablesOverride =
            [
                new EnvironmentVariable
                {
                    Name = "KEY",
                    Value = reference,
                    Type = EnvironmentVariableType.SECRETS_MANAGER,
                },
            ],
        };

    /// <summary>The secrets of a stack, as its resources are recorded.</summary>
    private Task MakeSecrets() =>
        _aws.World.Do(() =>
            new StackTable(_aws.World).Put(
                new StackRecord
                {
                    Account = TestAws.Tools,
                    Region = "us-east-1",
                    Name = "secrets",
                    Uuid = "1",
                    Status = StackStatus.CREATE_COMPLETE,
                    Definition = new StackDefinition("{}"),
                    Resources =
                    {
                        ["Key"] = new ResourceRecord("Key", "AWS::SecretsManager::Secret")
                        {
                            PhysicalId = Secret,
                            Properties = new JsonObject { ["Name"] = "git-key", ["SecretString"] = "{\"a\":\"the key\"}" },
                        },
                        ["Generated"] = new ResourceRecord("Generated", "AWS::SecretsManager::Secret")
                        {
                            PhysicalId = $"{Secret}d",
                            Properties = new JsonObject { ["Name"] = "generated", ["GenerateSecretString"] = new JsonObject() },
                        },
                    },
                }
            )
        );

    [Fact]
    public async Task The_connection_of_a_build_is_refused_for_a_project_whose_source_is_no_repository()
    {
        await Start();

        var refused = await Should.ThrowAsync<AmazonCodeBuildException>(
            _builds.StartBuildAsync(
                new StartBuildRequest
                {
                    ProjectName = "ions",
                    SourceTypeOverride = SourceType.GITHUB,
                    SourceLocationOverride = Url,
                    SourceAuthOverride = new SourceAuth { Type = SourceAuthType.CODECONNECTIONS, Resource = "arn" },
                },
                TestContext.Current.CancellationToken
            )
        );

        refused.Message.ShouldBe("sourceAuthOverride does not apply to the project ions, whose source is NO_SOURCE.");
    }

    [Fact]
    public async Task Simulated_tools_come_first_on_the_path()
    {
        _tools.Add(new EchoedClojure());
        await Start();

        var build = await Run(new StartBuildRequest { BuildspecOverride = Spec("clojure -A:ion-dev '{:op :push}'") });

        Log(build).ShouldContain("it's simulated: clojure -A:ion-dev {:op :push}");
    }

    [Theory]
    [InlineData("timeout 0.01 bash -c \"$ASSUME\" || true; eval \"$ASSUME\" && echo went on")]
    [InlineData("$ASSUME & kill -9 $!; wait; $ASSUME && echo went on")]
    [InlineData("$ASSUME & sleep 0.1; kill -9 $!; wait; echo went on")]
    [InlineData("( exec 7<> /dev/tcp/127.0.0.1/$PORT; request >&7 ); $ASSUME && echo went on")]
    [InlineData("for i in 1 2 3; do ( exec 7<> /dev/tcp/127.0.0.1/$PORT; request >&7 ); done; $ASSUME && echo went on")]
    [InlineData("( exec 7<> /dev/tcp/127.0.0.1/$PORT; request >&7 ); echo went on")]
    public async Task A_program_that_was_killed_has_no_request_under_way(string command)
    {
        _tools.Add(new SimulatedAws());
        await Start(options: null, """{"Effect":"Allow","Action":"*","Resource":"*"}""", world => new StsService(world));
        await using var server = await WireServer.Start(new Gateway(_aws.World));
        _address = server.Address;
        await _aws.World.Do(() =>
            new Roles(_aws.World).Create(
                new Role
                {
                    Account = TestAws.Tools,
                    Name = "other",
                    TrustPolicy = $$$"""
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"{{{Role}}}"},"Action":"sts:AssumeRole"}}
                    """,
                }
            )
        );

        var build = await Run(
            new StartBuildRequest
            {
                BuildspecOverride = $$"""
                version: 0.2
                phases:
                  build:
                    commands:
                      - PORT={{server.Address.Port}}
                      - export ASSUME='aws sts assume-role --role-arn arn:aws:iam::{{TestAws.Tools}}:role/other --role-session-name session
                        --output text --query Credentials.[AccessKeyId,SecretAccessKey,SessionToken]'
                      - |
                        request() {
                          printf 'POST / HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nContent-Type: application/x-www-form-urlencoded\r\n' $PORT
                          printf 'Authorization: AWS4-HMAC-SHA256 Credential=%s/20400101/us-east-1/sts/aws4_request, ' $AWS_ACCESS_KEY_ID
                          printf 'SignedHeaders=host, Signature=00\r\nX-Amz-Security-Token: %s\r\n' $AWS_SESSION_TOKEN
                          printf 'Content-Length: 43\r\n\r\nAction=GetCallerIdentity&Version=2011-06-15'
                        }
                      - |
                        {{command}}
                """,
            }
        );

        build.BuildStatus.ShouldBe(StatusType.SUCCEEDED, Log(build));
        Log(build).ShouldEndWith("went on");
        _aws.World.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2161)]
    public async Task A_time_out_that_CodeBuild_does_not_take_is_refused(int minutes)
    {
        await Start();

        var refused = await Should.ThrowAsync<InvalidInputException>(
            _builds.StartBuildAsync(new StartBuildRequest { ProjectName = "ions", TimeoutInMinutesOverride = minutes })
        );

        refused.Message.ShouldBe($"Invalid TimeoutInMinutesOverride: {minutes} is not between 5 and 2160 minutes");
    }

    [Fact]
    public async Task A_build_that_makes_two_requests_at_once_ends_as_a_fault_in_a_world_that_serves_which_goes_on()
    {
        await Start(options: null, """{"Effect":"Allow","Action":"*","Resource":"*"}""", world => new UnansweredService(world));
        await using var server = await WireServer.Start(new Gateway(_aws.World));
        _address = server.Address;
        var serving = _aws.World.Serve(TimeSpan.FromDays(1), TimeSpan.FromMinutes(1));

        var build = await Serve(
            $$"""
            version: 0.2
            phases:
              build:
                commands:
                  - |
                    request() {
                      printf 'POST / HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nContent-Length: 0\r\n' {{server.Address.Port}}
                      printf 'Authorization: AWS4-HMAC-SHA256 Credential=%s/20400101/us-east-1/sts/aws4_request, ' $AWS_ACCESS_KEY_ID
                      printf 'SignedHeaders=host, Signature=00\r\nX-Amz-Security-Token: %s\r\n\r\n' $AWS_SESSION_TOKEN
                    }
                    exec 7<> /dev/tcp/127.0.0.1/{{server.Address.Port}}; request >&7
                    exec 8<> /dev/tcp/127.0.0.1/{{server.Address.Port}}; request >&8
                    cat <&7
            """
        );
        await _aws.World.Do(() => _aws.World.LetGo(nameof(UnansweredService)));
        var next = await Serve(Spec("true"));

        build.BuildStatus.ShouldBe(StatusType.FAULT);
        Statuses(build).ShouldBe("DOWNLOAD_SOURCE SUCCEEDED, INSTALL SUCCEEDED, PRE_BUILD SUCCEEDED, BUILD FAULT");
        var cause = build.Phases.Single(phase => phase.PhaseType == BuildPhaseType.BUILD).Contexts.Single().Message;
        cause.ShouldStartWith(
            "the rehearsal could not run the build: build ions#1 made a second request (sts POST /) while one was under way (sts POST /)"
        );
        Log(build, withContainer: true).ShouldEndWith(cause);
        Log(build, withContainer: true).ShouldContain("Entering phase BUILD");
        next.BuildStatus.ShouldBe(StatusType.SUCCEEDED);
        serving.IsCompleted.ShouldBeFalse();

        async Task<Build> Serve(string spec)
        {
            var request = new StartBuildRequest { ProjectName = "ions", BuildspecOverride = spec };
            var id = (await _builds.StartBuildAsync(request)).Build.Id;
            while (!await _aws.World.Do(() => _engine.Find(TestAws.Tools, "us-east-1", id)!.Build.BuildComplete == true))
            {
                await Task.Delay(10);
            }

            return await _aws.World.Do(() => _engine.Find(TestAws.Tools, "us-east-1", id)!.Build);
        }
    }

    [Fact]
    public async Task A_build_whose_machine_fails_ends_as_a_fault_and_says_so()
    {
        await Start();

        var build = await Run(new StartBuildRequest { BuildspecOverride = Spec("rm -rf \"$CODEBUILD_SRC_DIR/../tools\"") });

        build.BuildStatus.ShouldBe(StatusType.FAULT);
        Statuses(build).ShouldBe("DOWNLOAD_SOURCE SUCCEEDED, INSTALL SUCCEEDED, PRE_BUILD SUCCEEDED, BUILD FAULT");
        build
            .Phases.Single(phase => phase.PhaseType == BuildPhaseType.BUILD)
            .Contexts.Single()
            .Message.ShouldStartWith("the rehearsal could not run the build: ");
        _events.Details.Select(detail => (string)detail["build-status"]!).ShouldBe(["IN_PROGRESS", "FAULT"]);
    }

    [Fact]
    public async Task A_stuck_build_is_killed_and_times_out()
    {
        await Start(new RehearsalOptions { ActorLimit = TimeSpan.FromMilliseconds(500) });

        var build = await Run(new StartBuildRequest { BuildspecOverride = Spec("echo begun; sleep 100") });

        build.BuildStatus.ShouldBe(StatusType.TIMED_OUT);
        Statuses(build).ShouldBe("DOWNLOAD_SOURCE SUCCEEDED, INSTALL SUCCEEDED, PRE_BUILD SUCCEEDED, BUILD TIMED_OUT");
        Log(build).ShouldBe("begun");
        var phases = build.Phases.Where(phase => phase.EndTime is not null).ToList();
        phases.Zip(phases.Skip(1)).ShouldAllBe(pair => pair.First.EndTime == pair.Second.StartTime);
        phases[^1].DurationInSeconds.ShouldNotBeNull().ShouldBeGreaterThan(3500, "all of the hour that it may take but the download");
    }

    private static string Statuses(Build build) =>
        string.Join(
            ", ",
            build
                .Phases.Where(phase =>
                    phase.PhaseStatus is not null && phase.PhaseType.Value is not ("SUBMITTED" or "QUEUED" or "PROVISIONING")
                )
                .Select(phase => $"{phase.PhaseType} {phase.PhaseStatus}")
        );

    [Fact]
    public async Task A_stopped_build_stays_stopped()
    {
        await Start();
        var id = (await _builds.StartBuildAsync(new StartBuildRequest { ProjectName = "ions", BuildspecOverride = Spec("true") })).Build.Id;

        (await _builds.StopBuildAsync(new StopBuildRequest { Id = id })).Build.BuildStatus.ShouldBe(StatusType.STOPPED);
        await Should.ThrowAsync<RehearsalStalledException>(_aws.World.RunUntil(() => false));
        (await _builds.BatchGetBuildsAsync(new BatchGetBuildsRequest { Ids = [id, "ions:none"] }))
            .Builds.Single()
            .BuildStatus.ShouldBe(StatusType.STOPPED);
    }

    [Fact]
    public async Task A_role_that_may_not_log_fails_the_build()
    {
        await Start(statements: """{"Effect":"Allow","Action":"s3:*","Resource":"*"}""");

        var build = await Run(new StartBuildRequest { BuildspecOverride = Spec("true") });

        build.BuildStatus.ShouldBe(StatusType.FAILED);
        build
            .Phases.Single(phase => phase.PhaseType == BuildPhaseType.PROVISIONING)
            .Contexts.Single()
            .Message.ShouldContain("logs:CreateLogStream");
    }

    [Fact]
    public async Task A_build_that_a_killed_rehearsal_left_ends_as_a_fault()
    {
        var directory = Directory.CreateTempSubdirectory("deployer-").FullName;
        try
        {
            await Start(new RehearsalOptions { StateDirectory = directory });
            var id = (await _builds.StartBuildAsync(new StartBuildRequest { ProjectName = "ions", BuildspecOverride = Spec("true") }))
                .Build
                .Id;
            await _aws.DisposeAsync();
            _aws = await TestAws.Start(new RehearsalOptions { StateDirectory = directory }, Service, world => new S3Service(world));
            using var builds = new AmazonCodeBuildClient(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonCodeBuildConfig()));

            (await builds.BatchGetBuildsAsync(new BatchGetBuildsRequest { Ids = [id] }))
                .Builds.Single()
                .BuildStatus.ShouldBe(StatusType.FAULT);
            await Should.ThrowAsync<RehearsalStalledException>(_aws.World.RunUntil(() => false));
        }
        finally
        {
            await _aws.DisposeAsync();
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_not_simulated_is_refused()
    {
        await Start();
        (await Refused(new StartBuildRequest { SourceTypeOverride = SourceType.CODECOMMIT })).ShouldContain("CODECOMMIT");
        (await Refused(new StartBuildRequest { PrivilegedModeOverride = true })).ShouldContain("PrivilegedModeOverride");
        await Should.ThrowAsync<ResourceNotFoundException>(_builds.StartBuildAsync(new StartBuildRequest { ProjectName = "none" }));

        async Task<string> Refused(StartBuildRequest request)
        {
            request.ProjectName = "ions";
            return (await Should.ThrowAsync<AmazonCodeBuildException>(_builds.StartBuildAsync(request))).Message;
        }
    }

    /// <summary>Never answers: time waits on the wall clock for what comes after a request.</summary>
    private sealed class UnansweredService(RehearsalWorld world) : IWireService
    {
        public string SigningName => "sts";

        public WireResponse Handle(Call call, WireRequest request)
        {
            world.Hold(nameof(UnansweredService));
            return WireResponse.Deferred(new TaskCompletionSource<WireResponse>().Task);
        }
    }

    private sealed class EchoedClojure : IBuildTool
    {
        public IReadOnlyList<string> Names => ["clojure"];

        public async Task<int> Run(ToolCall call)
        {
            await call.Output.WriteLineAsync($"it's simulated: {call.Name} {string.Join(' ', call.Arguments)}");
            return 0;
        }
    }

    private static string Spec(string command) => $"version: 0.2\nphases:\n  build:\n    commands:\n      - |\n        {command}\n";

    private CodeBuildService Service(RehearsalWorld world)
    {
        world.OnDue("test/wake", _ => { });
        _engine = new Builds(world, _events, _tools, () => _address);
        return new CodeBuildService(world, _engine);
    }

    private async Task Start(
        RehearsalOptions? options = null,
        string statements = """{"Effect":"Allow","Action":["s3:*","logs:*"],"Resource":"*"}""",
        params Func<RehearsalWorld, IWireService>[] further
    )
    {
        _aws = await TestAws.Start(options ?? new RehearsalOptions(), [Service, world => new S3Service(world), .. further]);
        await _aws.World.Do(() =>
        {
            new Buckets(_aws.World).Create(
                new Bucket
                {
                    Name = "answers",
                    Account = TestAws.Tools,
                    Region = "us-east-1",
                }
            );
            new Roles(_aws.World).Create(
                new Role
                {
                    Account = TestAws.Tools,
                    Name = "builder",
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                    "Principal":{"Service":"codebuild.amazonaws.com"},"Action":"sts:AssumeRole"}}
                    """,
                    InlinePolicies = { ["policy"] = $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""" },
                }
            );
        });
        _builds = new AmazonCodeBuildClient(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonCodeBuildConfig()));
        await _builds.CreateProjectAsync(
            new CreateProjectRequest
            {
                Name = "ions",
                Source = new ProjectSource { Type = SourceType.NO_SOURCE, Buildspec = Spec("true") },
                Artifacts = new ProjectArtifacts { Type = ArtifactsType.NO_ARTIFACTS },
                Environment = new ProjectEnvironment
                {
                    Type = EnvironmentType.LINUX_CONTAINER,
                    Image = _image,
                    ComputeType = ComputeType.BUILD_GENERAL1_SMALL,
                    EnvironmentVariables =
                    [
                        new EnvironmentVariable { Name = "NAME", Value = "project" },
                        new EnvironmentVariable { Name = "FIXED", Value = "f" },
                    ],
                },
                ServiceRole = Role,
            }
        );
    }

    /// <summary>Stores a zip of a source with a build specification in its folder <c>sub</c>.</summary>
    private async Task StoreSource(string buildspec)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var writer = new StreamWriter(zip.CreateEntry("sub/buildspec.yml").Open());
            await writer.WriteAsync(buildspec);
        }

        await _aws.World.Do(() => new Objects(_aws.World).Put(new Buckets(_aws.World).Get("answers"), "source.zip", buffer.ToArray()));
    }

    private async Task<Build> Run(StartBuildRequest request, string project = "ions")
    {
        request.ProjectName = project;
        var id = (await _builds.StartBuildAsync(request)).Build.Id;
        await _aws.World.RunUntil(() => _engine.Find(TestAws.Tools, "us-east-1", id)!.Build.BuildComplete == true);
        return (await _builds.BatchGetBuildsAsync(new BatchGetBuildsRequest { Ids = [id] })).Builds.Single();
    }

    private string Log(Build build, bool withContainer = false)
    {
        var store = new LogStore(_aws.World);
        return string.Join(
            '\n',
            store
                .Events(store.Find(TestAws.Tools, "us-east-1", "/aws/codebuild/ions")!)
                .Where(@event =>
                    @event.Stream == build.Logs.StreamName
                    && (withContainer || !@event.Message.StartsWith("[Container]", StringComparison.Ordinal))
                )
                .Select(@event => @event.Message)
        );
    }

    private string Object(string bucket, string key)
    {
        var objects = new Objects(_aws.World);
        return Encoding.UTF8.GetString(objects.Bytes(objects.Get(new Buckets(_aws.World).Get(bucket), key)));
    }

    private sealed class Heard : IEventSource
    {
        public List<JsonObject> Details { get; } = [];

        public void Publish(
            string account,
            string region,
            string source,
            string detailType,
            IReadOnlyList<string> resources,
            JsonObject detail
        ) => Details.Add(detail);
    }
}
