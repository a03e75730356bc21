using System.Text.Json.Nodes;
using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Deployer.Rehearsal.EventBridge;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.EventBridge;

public sealed class EventBridgeServiceTests : IAsyncDisposable
{
    private const string Function = "arn:aws:lambda:us-east-1:222222222222:function:resume";
    private const string Stacks = """{"source":["aws.cloudformation"],"detail":{"status":["UPDATE_COMPLETE"]}}""";
    private readonly Functions _functions = new();
    private TestAws? _started;

    private EventRouter _router = null!;

    private TestAws Aws => _started!;

    public ValueTask DisposeAsync() => _started?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task An_event_reaches_the_functions_of_the_rules_that_take_it()
    {
        var events = await Start();
        await Rule(events, "stacks", Stacks, new Target { Id = "f", Arn = Function });
        await Rule(events, "others", """{"source":["aws.ecs"]}""", new Target { Id = "f", Arn = Function + "-other" });

        await Publish("UPDATE_COMPLETE");
        await Publish("UPDATE_IN_PROGRESS");
        await Aws.World.RunUntil(() => _functions.Calls.Count == 1);

        var call = _functions.Calls.Single();
        call.Function.ShouldBe(Function);
        call.Principal.Arn.ShouldBe("events.amazonaws.com");
        call.Principal.SourceArn.ShouldBe("arn:aws:events:us-east-1:222222222222:rule/stacks");
        var sent = JsonNode.Parse(call.Payload)!;
        sent["detail-type"]!.GetValue<string>().ShouldBe("CloudFormation Stack Status Change");
        sent["account"]!.GetValue<string>().ShouldBe(TestAws.Tools);
        sent["time"]!.GetValue<string>().ShouldBe("2040-01-01T00:00:00Z");
        sent["detail"]!["status"]!.GetValue<string>().ShouldBe("UPDATE_COMPLETE");
        Aws.World.Now.ShouldBeGreaterThan(Epoch.Start);
    }

    [Fact]
    public async Task Events_come_early_late_twice_and_in_another_order_as_the_seed_says_and_none_is_lost()
    {
        var first = await Arrivals(seed: 1);
        var again = await Arrivals(seed: 1);
        var other = await Arrivals(seed: 2);

        again.ShouldBe(first);
        other.ShouldNotBe(first);
        var events = first.Select(arrival => arrival.Event).ToList();
        events.Distinct().Order().ShouldBe(Enumerable.Range(0, 200));
        events.Count.ShouldBeInRange(205, 230, "some of them twice");
        events.SequenceEqual(events.Order()).ShouldBeFalse();
        var delays = first.Select(arrival => arrival.Delay).ToList();
        delays.Count(delay => delay < TimeSpan.FromMilliseconds(21)).ShouldBeInRange(5, 40, "before the answer to what caused them");
        delays.Count(delay => delay > TimeSpan.FromSeconds(2)).ShouldBeInRange(5, 40, "late");
        delays.Max().ShouldBeLessThan(TimeSpan.FromSeconds(61));
    }

    [Fact]
    public async Task Events_that_are_to_be_disordered_overtake_one_another_by_up_to_a_minute_and_none_is_lost()
    {
        var faults = new Faults([new Fault("events-disordered", null)]);

        var arrivals = await Arrivals(seed: 1, faults);

        arrivals.Select(arrival => arrival.Event).Distinct().Order().ShouldBe(Enumerable.Range(0, 200));
        arrivals.Count(arrival => arrival.Delay > TimeSpan.FromSeconds(10)).ShouldBeGreaterThan(100);
        arrivals.Max(arrival => arrival.Delay).ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(122));
        faults.Reports().ShouldHaveSingleItem().Struck.ShouldBeTrue();
    }

    /// <summary>It has not struck: nothing came in another order.</summary>
    [Fact]
    public async Task An_event_alone_overtakes_none()
    {
        var faults = new Faults([new Fault("events-disordered", null)]);

        (await Arrivals(seed: 1, faults, events: 1)).ShouldNotBeEmpty();

        var report = faults.Reports().ShouldHaveSingleItem();
        (report.Struck, report.Needs).ShouldBe((false, "two events within a minute that rules match"));
    }

    private async Task<List<(int Event, TimeSpan Delay)>> Arrivals(ulong seed, Faults? faults = null, int events = 200)
    {
        var functions = new Functions();
        EventRouter router = null!;
        await using var aws = await TestAws.Start(
            new RehearsalOptions { Seed = seed, Faults = faults ?? Faults.None },
            world =>
            {
                router = new EventRouter(world, functions);
                functions.Time = () => world.Now;
                return new EventBridgeService(world, router);
            }
        );
        using var client = new AmazonEventBridgeClient(TestAws.Root(TestAws.Tools), aws.Configure(new AmazonEventBridgeConfig()));
        await Rule(
            client,
            "all",
            """{"source":["aws.cloudformation"]}""",
            new Target
            {
                Id = "f",
                Arn = Function,
                InputPath = "$.detail.number",
            }
        );
        await aws.World.Do(() =>
        {
            for (var i = 0; i < events; i++)
            {
                router.Publish(TestAws.Tools, "us-east-1", "aws.cloudformation", "Change", [], new JsonObject { ["number"] = i });
            }
        });

        await Should.ThrowAsync<RehearsalStalledException>(aws.World.RunUntil(() => false));
        return [.. functions.Calls.Zip(functions.Times, (call, at) => (int.Parse(call.Payload), at - Epoch.Start))];
    }

    [Theory]
    [InlineData("events-twice", 2)]
    [InlineData("events-lost", 0)]
    public async Task Faults_change_how_often_an_event_arrives(string fault, int arrivals)
    {
        var events = await Start(new Faults([new Fault(fault, null)]));
        await Rule(events, "stacks", Stacks, new Target { Id = "f", Arn = Function });
        await events.PutRuleAsync(new PutRuleRequest { Name = "sweep", ScheduleExpression = "rate(5 minutes)" });
        await events.PutTargetsAsync(
            new PutTargetsRequest { Rule = "sweep", Targets = [new Target { Id = "f", Arn = Function + "-sweep" }] }
        );

        await Publish("UPDATE_COMPLETE");
        await Aws.World.RunUntil(() => _functions.Calls.Any(call => call.Function == Function + "-sweep"));

        _functions.Calls.Count(call => call.Function == Function).ShouldBe(arrivals);
    }

    [Fact]
    public async Task A_schedule_runs_again_and_again_until_its_rule_is_gone()
    {
        var events = await Start();
        await events.PutRuleAsync(new PutRuleRequest { Name = "sweep", ScheduleExpression = "rate(5 minutes)" });
        await events.PutTargetsAsync(
            new PutTargetsRequest
            {
                Rule = "sweep",
                Targets =
                [
                    new Target
                    {
                        Id = "f",
                        Arn = Function,
                        Input = """{"sweep":true}""",
                    },
                ],
            }
        );

        await Aws.World.RunUntil(() => _functions.Calls.Count == 3);

        _functions.Calls.ShouldAllBe(call => call.Payload == """{"sweep":true}""");
        (Aws.World.Now - Epoch.Start).TotalMinutes.ShouldBeInRange(15, 15.1);
        await events.RemoveTargetsAsync(new RemoveTargetsRequest { Rule = "sweep", Ids = ["f"] });
        await events.DeleteRuleAsync(new DeleteRuleRequest { Name = "sweep" });
        await Should.ThrowAsync<RehearsalStalledException>(Aws.World.RunUntil(() => _functions.Calls.Count == 4));
    }

    [Fact]
    public async Task An_event_crosses_to_another_accounts_bus_when_its_policy_lets_the_targets_role_in()
    {
        var events = await Start();
        var bus = (await events.CreateEventBusAsync(new CreateEventBusRequest { Name = "deployer" })).EventBusArn;
        await events.PutRuleAsync(
            new PutRuleRequest
            {
                Name = "hub",
                EventBusName = "deployer",
                EventPattern = Stacks,
            }
        );
        await events.PutTargetsAsync(
            new PutTargetsRequest
            {
                Rule = "hub",
                EventBusName = "deployer",
                Targets = [new Target { Id = "f", Arn = Function }],
            }
        );
        var prod = Client(TestAws.Prod);
        await Role("forward", """{"Effect":"Allow","Action":"events:PutEvents","Resource":"*"}""");
        await Rule(
            prod,
            "forward",
            Stacks,
            new Target
            {
                Id = "hub",
                Arn = bus,
                RoleArn = $"arn:aws:iam::{TestAws.Prod}:role/forward",
                DeadLetterConfig = new DeadLetterConfig { Arn = $"arn:aws:sqs:us-east-1:{TestAws.Prod}:failed-events" },
            }
        );

        await Publish("UPDATE_COMPLETE", TestAws.Prod);
        await Aws.World.RunUntil(() => _router.Failures.Count == 1);
        _router.Failures[0].Reason.ShouldContain("not authorized to perform: events:PutEvents");
        _router.Failures[0].DeadLetterQueue.ShouldBe($"arn:aws:sqs:us-east-1:{TestAws.Prod}:failed-events");

        await events.PutPermissionAsync(
            new PutPermissionRequest
            {
                EventBusName = "deployer",
                StatementId = "organisation",
                Action = "events:PutEvents",
                Principal = "*",
                Condition = new Condition
                {
                    Type = "StringEquals",
                    Key = "aws:PrincipalOrgID",
                    Value = Authorizer.OrganizationId,
                },
            }
        );
        await Publish("UPDATE_COMPLETE", TestAws.Prod);
        await Aws.World.RunUntil(() => _functions.Calls.Count == 1);
        JsonNode.Parse(_functions.Calls[0].Payload)!["account"]!.GetValue<string>().ShouldBe(TestAws.Prod);
    }

    /// <summary>https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html</summary>
    [Theory]
    [InlineData(null, "*", "id", "'action'")]
    [InlineData("events:PutRule", "*", "id", "'action'")]
    [InlineData("events:PutEvents", null, "id", "'principal'")]
    [InlineData("events:PutEvents", "12345", "id", "'principal'")]
    [InlineData("events:PutEvents", "*", null, "'statementId'")]
    [InlineData("events:PutEvents", "*", "two words", "'statementId'")]
    public async Task A_permission_that_says_too_little_is_refused_and_the_policy_stays(
        string? action,
        string? principal,
        string? statementId,
        string member
    )
    {
        var events = await Start();

        var refused = await Should.ThrowAsync<AmazonEventBridgeException>(
            events.PutPermissionAsync(
                new PutPermissionRequest
                {
                    Action = action,
                    Principal = principal,
                    StatementId = statementId,
                }
            )
        );

        refused.ErrorCode.ShouldBe("ValidationException");
        refused.Message.ShouldContain(member);
        (await events.DescribeEventBusAsync(new DescribeEventBusRequest())).Policy.ShouldBeNull();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"Version":5,"Statement":[]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Sid":5,"Effect":"Allow","Principal":"*","Action":"events:*","Resource":"*"}]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"events:PutEvents","Resource":"*"}]}""")]
    public async Task A_policy_of_a_bus_that_is_none_is_refused(string policy)
    {
        var events = await Start();

        var refused = await Should.ThrowAsync<AmazonEventBridgeException>(
            events.PutPermissionAsync(new PutPermissionRequest { Policy = policy })
        );

        refused.ErrorCode.ShouldBe("ValidationException");
        (await events.DescribeEventBusAsync(new DescribeEventBusRequest())).Policy.ShouldBeNull();
    }

    [Fact]
    public async Task An_event_is_as_deep_as_it_is()
    {
        var events = await Start();
        await Rule(events, "deep", """{"source":["acme"]}""", new Target { Id = "f", Arn = Function });
        var detail = string.Concat(Enumerable.Repeat("{\"a\":", 300)) + "1" + new string('}', 300);

        var answer = await events.PutEventsAsync(
            new PutEventsRequest
            {
                Entries =
                [
                    new PutEventsRequestEntry
                    {
                        Source = "acme",
                        DetailType = "t",
                        Detail = detail,
                    },
                ],
            }
        );
        await Aws.World.RunUntil(() => _functions.Calls.Count > 0);

        answer.FailedEntryCount.ShouldBe(0);
        _functions.Calls[0].Payload.ShouldContain(detail);
    }

    [Fact]
    public async Task Events_of_our_own_are_put_on_a_bus()
    {
        var events = await Start();
        await Rule(
            events,
            "own",
            """{"source":["acme"]}""",
            new Target
            {
                Id = "f",
                Arn = Function,
                InputTransformer = new InputTransformer
                {
                    InputPathsMap = new() { ["n"] = "$.detail.n" },
                    InputTemplate = """{"number":<n>}""",
                },
            }
        );

        var answer = await events.PutEventsAsync(
            new PutEventsRequest
            {
                Entries =
                [
                    new PutEventsRequestEntry
                    {
                        Source = "acme",
                        DetailType = "t",
                        Detail = """{"n":3}""",
                    },
                    new PutEventsRequestEntry
                    {
                        Source = "aws.ecs",
                        DetailType = "t",
                        Detail = "{}",
                    },
                    new PutEventsRequestEntry
                    {
                        Source = "acme",
                        DetailType = "t",
                        Detail = "[",
                    },
                ],
            }
        );
        await Aws.World.RunUntil(() => _functions.Calls.Count == 1);

        answer.FailedEntryCount.ShouldBe(2);
        answer.Entries.Select(entry => entry.ErrorCode).ShouldBe([null, "NotAuthorizedForSourceException", "MalformedDetail"]);
        _functions.Calls[0].Payload.ShouldBe("""{"number":3}""");
    }

    [Fact]
    public async Task An_event_on_its_way_outlives_the_process()
    {
        var state = Directory.CreateTempSubdirectory("deployer-").FullName;
        try
        {
            var events = await Start(state: state);
            await Rule(events, "stacks", Stacks, new Target { Id = "f", Arn = Function });
            await Publish("UPDATE_COMPLETE");
            await Aws.DisposeAsync();
            _functions.Calls.ShouldBeEmpty();

            await Start(state: state);
            await Aws.World.RunUntil(() => _functions.Calls.Count == 1);
            await Publish("UPDATE_COMPLETE");
            await Aws.World.RunUntil(() => _functions.Calls.Count == 2);
        }
        finally
        {
            await Aws.DisposeAsync();
            Directory.Delete(state, recursive: true);
        }
    }

    [Fact]
    public async Task Rules_are_described_as_they_were_put()
    {
        var events = await Start();
        await Rule(events, "stacks", Stacks, new Target { Id = "f", Arn = Function });

        var rule = await events.DescribeRuleAsync(new DescribeRuleRequest { Name = "stacks" });

        rule.EventPattern.ShouldBe(Stacks);
        rule.State.ShouldBe(RuleState.ENABLED);
        (await events.ListRulesAsync(new ListRulesRequest())).Rules.ShouldHaveSingleItem().Name.ShouldBe("stacks");
        (await events.ListTargetsByRuleAsync(new ListTargetsByRuleRequest { Rule = "stacks" }))
            .Targets.ShouldHaveSingleItem()
            .Arn.ShouldBe(Function);
        await Should.ThrowAsync<ResourceNotFoundException>(events.DescribeRuleAsync(new DescribeRuleRequest { Name = "none" }));
    }

    [Fact]
    public async Task A_target_that_is_simulated_by_its_schema_takes_an_event_without_effect_beside_the_others()
    {
        var events = await Start();
        await Rule(events, "stacks", Stacks, new Target { Id = "a-queue", Arn = "arn:aws:sqs:us-east-1:222222222222:queue" });
        await events.PutTargetsAsync(new PutTargetsRequest { Rule = "stacks", Targets = [new Target { Id = "f", Arn = Function }] });

        await Publish("UPDATE_COMPLETE");
        await Aws.World.RunUntil(() => _functions.Calls.Count > 0);

        _functions.Calls.Single().Function.ShouldBe(Function);
    }

    [Fact]
    public async Task What_is_not_simulated_is_refused()
    {
        var events = await Start();
        await Should.ThrowAsync<InvalidEventPatternException>(
            events.PutRuleAsync(new PutRuleRequest { Name = "r", EventPattern = """{"source":[{"cidr":"10.0.0.0/8"}]}""" })
        );
        await events.PutRuleAsync(new PutRuleRequest { Name = "r", EventPattern = Stacks });
        (await Refused(new Target { Id = "q", Arn = "queue" })).ShouldContain("Provided Arn is not in correct format");
        (
            await Refused(
                new Target
                {
                    Id = "f",
                    Arn = Function,
                    EcsParameters = new EcsParameters { TaskDefinitionArn = "arn:aws:ecs:us-east-1:222222222222:task-definition/t:1" },
                }
            )
        ).ShouldContain("EcsParameters");
        (await Refused(new Target { Id = "m", Arn = "arn:aws:states:us-east-1:222222222222:stateMachine:m" })).ShouldContain(
            "RoleArn is required"
        );

        async Task<string> Refused(Target target) =>
            (
                await Should.ThrowAsync<AmazonEventBridgeException>(
                    events.PutTargetsAsync(new PutTargetsRequest { Rule = "r", Targets = [target] })
                )
            ).Message;
    }

    [Fact]
    public async Task A_session_needs_the_permission_on_the_rule()
    {
        await Start();
        var session = await Aws.Session(
            TestAws.Tools,
            "writer",
            """{"Effect":"Allow","Action":"events:PutRule","Resource":"arn:aws:events:us-east-1:222222222222:rule/mine-*"}"""
        );
        using var events = new AmazonEventBridgeClient(session, Aws.Configure(new AmazonEventBridgeConfig()));

        await events.PutRuleAsync(new PutRuleRequest { Name = "mine-1", EventPattern = Stacks });
        (
            await Should.ThrowAsync<AmazonEventBridgeException>(
                events.PutRuleAsync(new PutRuleRequest { Name = "yours", EventPattern = Stacks })
            )
        ).ErrorCode.ShouldBe("AccessDeniedException");
    }

    private static Task Rule(IAmazonEventBridge events, string name, string pattern, Target target)
    {
        return Put();

        async Task Put()
        {
            await events.PutRuleAsync(new PutRuleRequest { Name = name, EventPattern = pattern });
            await events.PutTargetsAsync(new PutTargetsRequest { Rule = name, Targets = [target] });
        }
    }

    private async Task<AmazonEventBridgeClient> Start(Faults? faults = null, string? state = null)
    {
        _started = await TestAws.Start(
            new RehearsalOptions { Faults = faults ?? Faults.None, StateDirectory = state },
            world =>
            {
                _router = new EventRouter(world, _functions);
                return new EventBridgeService(world, _router);
            }
        );
        return Client(TestAws.Tools);
    }

    private AmazonEventBridgeClient Client(string account) => new(TestAws.Root(account), Aws.Configure(new AmazonEventBridgeConfig()));

    private Task Role(string name, string statement) =>
        Aws.World.Do(() =>
            new Roles(Aws.World).Create(
                new Role
                {
                    Account = TestAws.Prod,
                    Name = name,
                    TrustPolicy = """
                    {"Version":"2012-10-17","Statement":{"Effect":"Allow",
                    "Principal":{"Service":"events.amazonaws.com"},"Action":"sts:AssumeRole"}}
                    """,
                    InlinePolicies = { ["policy"] = $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""" },
                }
            )
        );

    private Task Publish(string status, string account = TestAws.Tools) =>
        Aws.World.Do(() =>
            _router.Publish(
                account,
                "us-east-1",
                "aws.cloudformation",
                "CloudFormation Stack Status Change",
                ["arn:stack"],
                new JsonObject { ["status"] = status }
            )
        );

    private sealed class Functions : ILambdaInvoker
    {
        public List<LambdaInvocation> Calls { get; } = [];

        public List<DateTimeOffset> Times { get; } = [];

        public Func<DateTimeOffset> Time { get; set; } = () => Epoch.Start;

        public void OnResult(string kind, Action<string, LambdaResult> handle) => throw new NotSupportedException();

        public void Invoke(LambdaInvocation invocation, string kind, string key) => throw new NotSupportedException();

        public string Enqueue(LambdaInvocation invocation)
        {
            Calls.Add(invocation);
            Times.Add(Time());
            return "request";
        }
    }
}
