using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.S3;
using Amazon.StepFunctions;
using Deployer.Rehearsal.CodePipeline;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Lambda;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.World;

/// <summary>The moments at which services call others: a pipeline, executions, a rule and Lambda's queue, in one run.</summary>
public sealed class ServiceMomentsTests : IAsyncDisposable
{
    private const string Region = "us-east-1";
    private const string Role = $"arn:aws:iam::{TestAws.Tools}:role/all";

    /// <summary>The due moments of calls.</summary>
    private static readonly string[] Kinds =
    [
        "codepipeline/action",
        "codepipeline/continue",
        "codepipeline/machine",
        "codepipeline/source",
        "events/delivery",
        "lambda/event",
        "states/call",
    ];

    private readonly List<string> _moments = [];
    private readonly Dictionary<string, int> _tries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _calls = new(StringComparer.Ordinal);
    private TestAws _aws = null!;

    /// <summary>What else happens in the world draws from its stream, and moves no call of a service.</summary>
    [Fact]
    public async Task They_do_not_come_from_the_worlds_stream()
    {
        var undisturbed = await Run(draws: 0);
        await using var other = new ServiceMomentsTests();
        var disturbed = await other.Run(draws: 3);

        disturbed.ShouldBe(undisturbed);
        undisturbed.Select(moment => moment.Split(' ')[1]).Where(Kinds.Contains).Distinct().Order().ShouldBe(Kinds);
        // The pause before the retry of a task, and the message of an execution to the task that waits for it.
        undisturbed.ShouldContain(moment => moment.EndsWith(" states/timer", StringComparison.Ordinal));
        undisturbed.ShouldContain(moment => moment.EndsWith(" states/job", StringComparison.Ordinal));
    }

    /// <summary>Each of them is an actor of its own, as an invocation is.</summary>
    [Fact]
    public async Task Each_call_is_of_a_caller_that_has_one_under_way_at_most()
    {
        await Run(draws: 0, look: true);

        _calls.Keys.ShouldBe(Kinds);
        _aws.World.Problems.ShouldBeEmpty();
    }

    public ValueTask DisposeAsync() => _aws?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<List<string>> Run(int draws, bool look = false)
    {
        _aws = await TestAws.StartAll();
        await Prepare();
        var world = _aws.World;
        world.OnDue(
            "tick",
            _ =>
            {
                for (var i = 0; i < draws; i++)
                {
                    world.Random.Uuid();
                }

                world.Schedule(TimeSpan.FromMilliseconds(100), "tick", "");
            }
        );
        await world.Do(() =>
        {
            world.Coming = (kind, _) => _moments.Add(string.Create(CultureInfo.InvariantCulture, $"{world.Now:HH:mm:ss.fff} {kind}"));
            world.Schedule(TimeSpan.Zero, "tick", "");
        });
        using var pipelines = new AmazonCodePipelineClient(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonCodePipelineConfig()));
        await pipelines.StartPipelineExecutionAsync(new() { Name = "orders" });
        var engine = _aws.Service<PipelineEngine>();
        var pipeline = await world.Do(() => new Pipelines(world).Get(TestAws.Tools, Region, "orders"));

        await world.RunUntil(() =>
        {
            if (look)
            {
                Look();
            }

            return engine.Runs(pipeline).Single().Status != PipelineRun.InProgress;
        });
        var end = world.Now;
        await world.RunUntil(() => world.Now > end.AddMinutes(2));

        (await world.Do(() => engine.Runs(pipeline).Single().Status)).ShouldBe(PipelineRun.Succeeded);
        return [.. _moments.Where(moment => !moment.EndsWith(" tick", StringComparison.Ordinal))];
    }

    private void Look()
    {
        var due = _aws.World.Store.Table<DueMoment>("due").WithPrefix(string.Empty).Select(moment => moment.Value).ToList();
        var callers = due.Where(moment => moment.Caller is not null).ToList();
        callers.Select(moment => moment.Caller).ShouldBeUnique();
        due.Where(moment => Kinds.Contains(moment.Kind)).ShouldBe(callers);
        foreach (var moment in callers)
        {
            _calls[moment.Kind] = _calls.GetValueOrDefault(moment.Kind) + 1;
        }
    }

    /// <summary>
    /// A pipeline with an object of S3, a function that asks for a second job, and beside it a machine of two branches: a task that fails
    /// once, and another machine. Each end of an execution is an event for a function and for a third machine.
    /// </summary>
    private async Task Prepare()
    {
        await _aws.World.Do(() =>
            new Roles(_aws.World).Create(
                new Role
                {
                    Account = TestAws.Tools,
                    Name = "all",
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":["codepipeline.amazonaws.com",
                    "states.amazonaws.com","events.amazonaws.com","lambda.amazonaws.com"]},"Action":"sts:AssumeRole"}}
                    """,
                    InlinePolicies =
                    {
                        ["policy"] = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""",
                    },
                }
            )
        );
        await Functions();
        using var s3 = new AmazonS3Client(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonS3Config { ForcePathStyle = true }));
        await s3.PutBucketAsync("sources");
        await s3.PutBucketVersioningAsync(
            new()
            {
                BucketName = "sources",
                VersioningConfig = new() { Status = VersionStatus.Enabled },
            }
        );
        await s3.PutObjectAsync(
            new()
            {
                BucketName = "sources",
                Key = "orders.zip",
                ContentBody = "files",
            }
        );
        var inner = await Machine("inner", """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}""");
        var outer = await Machine(
            "outer",
            $$$$"""
            {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"A","States":{"A":{"Type":"Task","End":true,"Resource":"arn:aws:states:::lambda:invoke",
                "Parameters":{"FunctionName":"unlucky"},
                "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":5,"JitterStrategy":"FULL"}]}}},
              {"StartAt":"B","States":{"B":{"Type":"Task","End":true,"Resource":"arn:aws:states:::states:startExecution.sync:2",
                "Parameters":{"StateMachineArn":"{{{{inner}}}}"} } } }]}}}
            """
        );
        var heard = await Machine(
            "heard",
            """
            {"StartAt":"A","States":{"A":{"Type":"Task","End":true,"Resource":"arn:aws:states:::lambda:invoke",
            "Parameters":{"FunctionName":"called"}}}}
            """
        );
        await Rule(outer, heard);
        await Pipeline(outer);
    }

    private async Task Functions()
    {
        using var lambda = new AmazonLambdaClient(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonLambdaConfig()));
        foreach (var name in new[] { "job", "unlucky", "called", "told" })
        {
            await lambda.CreateFunctionAsync(
                new()
                {
                    FunctionName = name,
                    Role = Role,
                    Runtime = "provided.al2023",
                    Handler = "bootstrap",
                    Code = new FunctionCode { ZipFile = new MemoryStream("zip"u8.ToArray()) },
                }
            );
            await lambda.AddPermissionAsync(
                new()
                {
                    FunctionName = name,
                    StatementId = "events",
                    Action = "lambda:InvokeFunction",
                    Principal = "events.amazonaws.com",
                }
            );
        }

        var simulated = _aws.Service<LambdaService>().Simulated;
        simulated.Add("*", _ => "{}");
        simulated.Add("unlucky", _ => Tries("unlucky") == 1 ? throw new SimulatedFunctionException("Unlucky", "once") : "{}");
        simulated.Add(
            "job",
            call =>
            {
                var job = JsonNode.Parse(call.Payload)!["CodePipeline.job"]!["id"]!.GetValue<string>();
                // The queue may deliver a job twice.
                if (_tries.TryAdd(job, 1))
                {
                    _aws.Service<PipelineEngine>()
                        .Jobs.PutSuccess(new() { JobId = job, ContinuationToken = Tries("job") == 1 ? "again" : null });
                }

                return "{}";
            }
        );
        var now = _aws.World.Now;
        _aws.World.OnDue("made", _ => { });
        await _aws.World.Do(() => _aws.World.Schedule(TimeSpan.FromMinutes(5), "made", ""));
        await _aws.World.RunUntil(() => _aws.World.Now == now.AddMinutes(5));

        int Tries(string of) => _tries[of] = _tries.GetValueOrDefault(of) + 1;
    }

    private async Task<string> Machine(string name, string definition)
    {
        using var states = new AmazonStepFunctionsClient(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonStepFunctionsConfig()));
        return (
            await states.CreateStateMachineAsync(
                new()
                {
                    Name = name,
                    Definition = definition,
                    RoleArn = Role,
                }
            )
        ).StateMachineArn;
    }

    private async Task Rule(string source, string target)
    {
        using var events = new AmazonEventBridgeClient(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonEventBridgeConfig()));
        await events.PutRuleAsync(
            new()
            {
                Name = "ends",
                EventPattern = $$$"""
                {"source":["aws.states"],"detail":{"status":["RUNNING","SUCCEEDED"],"stateMachineArn":["{{{source}}}"]}}
                """,
            }
        );
        await events.PutTargetsAsync(
            new()
            {
                Rule = "ends",
                Targets =
                [
                    new Target { Id = "function", Arn = $"arn:aws:lambda:{Region}:{TestAws.Tools}:function:told" },
                    new Target
                    {
                        Id = "machine",
                        Arn = target,
                        RoleArn = Role,
                    },
                ],
            }
        );
    }

    private async Task Pipeline(string machine)
    {
        using var pipelines = new AmazonCodePipelineClient(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonCodePipelineConfig()));
        await pipelines.CreatePipelineAsync(
            new()
            {
                Pipeline = new PipelineDeclaration
                {
                    Name = "orders",
                    RoleArn = Role,
                    ArtifactStore = new ArtifactStore { Type = ArtifactStoreType.S3, Location = "sources" },
                    Stages =
                    [
                        Stage(
                            "Source",
                            new ActionDeclaration
                            {
                                Name = "Source",
                                ActionTypeId = Type("Source", "S3"),
                                OutputArtifacts = [new OutputArtifact { Name = "Source" }],
                                Configuration = new() { ["S3Bucket"] = "sources", ["S3ObjectKey"] = "orders.zip" },
                            }
                        ),
                        Stage(
                            "Deploy",
                            new ActionDeclaration
                            {
                                Name = "Function",
                                ActionTypeId = Type("Invoke", "Lambda"),
                                Configuration = new() { ["FunctionName"] = "job" },
                            },
                            new ActionDeclaration
                            {
                                Name = "Machine",
                                ActionTypeId = Type("Invoke", "StepFunctions"),
                                Configuration = new() { ["StateMachineArn"] = machine },
                            }
                        ),
                    ],
                },
            }
        );
    }

    private static StageDeclaration Stage(string name, params List<ActionDeclaration> actions) => new() { Name = name, Actions = actions };

    private static ActionTypeId Type(string category, string provider) =>
        new()
        {
            Category = category,
            Owner = ActionOwner.AWS,
            Provider = provider,
            Version = "1",
        };
}
