using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Lambda.Invocations;

public sealed class LambdaInvokerTests
{
    /// <summary>The longest that an invocation takes until its function acts.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_function_without_code_says_so_and_is_counted()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("consumer", LambdaWorld.Settings());

        var result = await world.Invoke("consumer");

        result.Host.ShouldBe("simulated");
        result.Payload.ShouldContain("no code for this function");
        world.Invoker.Invocations.ShouldBe(1);
        world.Invoker.Hosts.ShouldBe(["simulated"]);
        world.World.Audit.Count("lambda", "Invoke").ShouldBe(1);
    }

    [Fact]
    public async Task A_simulated_function_can_fail_with_a_named_error()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("group-ion", LambdaWorld.Settings());
        world.Invoker.Simulated.Add("group-*", _ => throw new SimulatedFunctionException("IonException", "no database"));

        var result = await world.Invoke("group-ion");

        result.FunctionError.ShouldBe("Unhandled");
        result.Payload.ShouldBe("""{"errorType":"IonException","errorMessage":"no database"}""");
    }

    [Fact]
    public async Task A_service_calls_only_what_the_functions_policy_lets_it_call()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        var rule = $"arn:aws:events:{LambdaWorld.Region}:{LambdaWorld.Account}:rule/changed";
        var events = Principal.Service("events.amazonaws.com", LambdaWorld.Account, rule);

        (await Should.ThrowAsync<ApiException>(world.Begin("fn", "key", principal: events))).Code.ShouldBe("AccessDeniedException");
        await world.World.Do(() =>
            world.Policies.Add(
                world.Functions.Get(LambdaWorld.Reference("fn")),
                new PermissionStatement("rule", "lambda:InvokeFunction", "events.amazonaws.com") { SourceArn = rule }
            )
        );

        (await world.Invoke("fn", principal: events)).FunctionError.ShouldBeNull();
        var other = Principal.Service("events.amazonaws.com", LambdaWorld.Account, rule + "-other");
        (await Should.ThrowAsync<ApiException>(world.Begin("fn", "key", principal: other))).Code.ShouldBe("AccessDeniedException");
    }

    [Fact]
    public async Task A_role_calls_only_what_its_own_policy_lets_it_call()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        await world.Create("g", LambdaWorld.Settings());
        var caller = Principal.AssumedRole(LambdaWorld.Account, "execution", "s");
        await world.World.Do(() =>
            new Roles(world.World).PutInlinePolicy(
                LambdaWorld.Account,
                "execution",
                "call",
                $$"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction",
                "Resource":"{{LambdaWorld.Reference("fn").Arn}}"}]}
                """
            )
        );

        (await world.Invoke("fn", principal: caller)).FunctionError.ShouldBeNull();
        (await Should.ThrowAsync<ApiException>(world.Begin("g", "key", principal: caller))).Message.ShouldContain(
            "is not authorized to perform: lambda:InvokeFunction"
        );
    }

    [Fact]
    public async Task A_function_that_is_not_there_is_refused() =>
        (
            await Should.ThrowAsync<ApiException>(async () =>
            {
                await using var world = await LambdaWorld.Start();
                await world.Begin("nothing", "key");
            })
        ).Message.ShouldBe("Function not found: arn:aws:lambda:us-east-1:111111111111:function:nothing");

    [Fact]
    public async Task A_reservation_of_none_throttles_every_call()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        await world.World.Do(() =>
            world.Functions.Amend(LambdaWorld.Reference("fn"), function => function with { ReservedConcurrency = 0 })
        );

        var refusal = await Should.ThrowAsync<ApiException>(world.Begin("fn", "key"));

        refusal.Code.ShouldBe("TooManyRequestsException");
        refusal.Status.ShouldBe(429);
        world.Invoker.Invocations.ShouldBe(0);
    }

    [Fact]
    public async Task A_payload_above_the_limit_is_refused()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());

        (await Should.ThrowAsync<ApiException>(world.Begin("fn", "key", $"\"{new string('x', 6_291_456)}\""))).Code.ShouldBe(
            "RequestTooLargeException"
        );
    }

    [Fact]
    public async Task An_asynchronous_call_that_fails_is_tried_again_after_one_and_after_two_minutes()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        var tries = new List<DateTimeOffset>();
        world.Invoker.Simulated.Add(
            "fn",
            call =>
            {
                tries.Add(call.World.Now);
                throw new SimulatedFunctionException("Broken", "again");
            }
        );

        await Enqueue(world);
        await world.World.RunUntil(() => tries.Count == 3);

        (tries[1] - tries[0]).ShouldBe(TimeSpan.FromMinutes(1), Start);
        (tries[2] - tries[1]).ShouldBe(TimeSpan.FromMinutes(2), Start);
        await Should.ThrowAsync<RehearsalStalledException>(world.World.RunUntil(() => tries.Count == 4));
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html</summary>
    [Theory]
    [InlineData(true, "arn:aws:sqs:us-east-1:111111111111:failed", "arn:aws:sqs:us-east-1:111111111111:failed")]
    [InlineData(false, "arn:aws:sqs:us-east-1:111111111111:failed", null)]
    [InlineData(true, null, null)]
    public async Task What_fails_for_good_goes_to_the_queue_that_the_function_s_role_may_send_to(
        bool isAllowed,
        string? queue,
        string? lies
    )
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        world.Invoker.Simulated.Add("fn", _ => throw new SimulatedFunctionException("Broken", "again"));
        await world.World.Do(() =>
        {
            new EventInvokeConfigs(world.World).Put(LambdaWorld.Reference("fn"), new EventInvokeConfig(queue, null, null));
            if (isAllowed)
            {
                new Roles(world.World).PutInlinePolicy(
                    LambdaWorld.Account,
                    "execution",
                    "send",
                    """
                    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage",
                    "Resource":"arn:aws:sqs:us-east-1:111111111111:failed"}]}
                    """
                );
            }
        });

        await Enqueue(world);
        await world.World.RunUntil(() => world.Invoker.Dropped.Any());

        var dropped = world.Invoker.Dropped.ShouldHaveSingleItem();
        (dropped.Condition, dropped.Queue).ShouldBe(("RetriesExhausted", lies));
    }

    [Fact]
    public async Task A_call_for_which_there_is_no_room_for_six_hours_goes_to_the_queue_too()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        await Reserve(world, 0);

        await Enqueue(world);
        await world.World.RunUntil(() => world.Invoker.Dropped.Any());

        world.Invoker.Dropped.First().Condition.ShouldBe("EventAgeExceeded");
        (world.World.Now - Epoch.Start).ShouldBeInRange(TimeSpan.FromHours(5.9), TimeSpan.FromHours(6.1));
    }

    [Fact]
    public async Task An_asynchronous_call_that_succeeds_is_made_once()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        var tries = 0;
        world.Invoker.Simulated.Add("fn", _ => ++tries == 1 ? throw new SimulatedFunctionException("Broken", "once") : "{}");

        await Enqueue(world);

        await Should.ThrowAsync<RehearsalStalledException>(world.World.RunUntil(() => tries == 3));
        tries.ShouldBe(2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("AKIAHANDED")]
    public async Task Now_and_then_an_asynchronous_call_is_delivered_twice(string? handedKey)
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        var calls = new List<string>();
        world.Invoker.Simulated.Add(
            "fn",
            call =>
            {
                calls.Add(call.Payload);
                return "{}";
            }
        );

        await world.World.Do(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                world.Invoker.Enqueue(
                    new LambdaInvocation(Principal.Root(LambdaWorld.Account), LambdaWorld.Region, "fn", $"{i}") { HandedKey = handedKey }
                );
            }
        });
        await Should.ThrowAsync<RehearsalStalledException>(world.World.RunUntil(() => false));

        calls.Distinct().Count().ShouldBe(100);
        calls.Count.ShouldBeInRange(101, 120);
        calls.CountBy(payload => payload).ShouldAllBe(call => call.Value <= 2);
    }

    [Fact]
    public async Task A_throttled_asynchronous_call_waits_for_its_turn()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        var tries = 0;
        world.Invoker.Simulated.Add("fn", _ => $"{++tries}");
        await Reserve(world, 0);
        await Enqueue(world);
        await world.World.Do(() =>
            world.World.OnDue(
                "free",
                _ => world.Functions.Amend(LambdaWorld.Reference("fn"), function => function with { ReservedConcurrency = null })
            )
        );
        await world.World.Do(() => world.World.Schedule(TimeSpan.FromMinutes(30), "free", ""));

        await world.World.RunUntil(() => tries == 1);

        (world.World.Now - Epoch.Start).ShouldBeInRange(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(36));
    }

    [Fact]
    public async Task What_was_under_way_when_the_world_was_left_fails_as_a_service_error_once()
    {
        var directory = Directory.CreateTempSubdirectory("lambda-");
        try
        {
            var options = new RehearsalOptions { StateDirectory = directory.FullName };
            await using (var left = await LambdaWorld.Start(options))
            {
                await left.Create("fn", LambdaWorld.Settings());
                await left.World.Do(() =>
                    left
                        .World.Store.Table<InFlight>("lambda/in-flight")
                        .Put("request-1", new InFlight(LambdaWorld.Reference("fn").Key, "$LATEST", "test", "key-1"))
                );
            }

            await using var world = await LambdaWorld.Start(options);
            await world.World.Do(world.Invoker.Resume);
            await world.World.Do(world.Invoker.Resume);

            var result = world.Results.ShouldHaveSingleItem();
            result.Key.ShouldBe("key-1");
            result.Value.ServiceError.ShouldNotBeNull().Code.ShouldBe("ServiceException");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Task Enqueue(LambdaWorld world) =>
        world.World.Do(() =>
            world.Invoker.Enqueue(new LambdaInvocation(Principal.Root(LambdaWorld.Account), LambdaWorld.Region, "fn", "{}"))
        );

    private static Task Reserve(LambdaWorld world, int count) =>
        world.World.Do(() => world.Functions.Amend(LambdaWorld.Reference("fn"), function => function with { ReservedConcurrency = count }));
}
