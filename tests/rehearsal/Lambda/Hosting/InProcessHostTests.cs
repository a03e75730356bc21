using System.Net;
using System.Text;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Lambda.Hosting;

public sealed class InProcessHostTests
{
    [Fact]
    public async Task It_serves_invocations_one_after_another_in_a_warm_environment()
    {
        var starts = 0;
        await using var world = await Start(
            async (handler, environment, api, log, stop) =>
            {
                starts++;
                await Serve(
                    api,
                    stop,
                    payload =>
                    {
                        log.WriteLine($"{handler} {environment["MODE"]}");
                        return (payload.ToUpperInvariant(), false);
                    }
                );
            }
        );

        (await world.Invoke("fn", "\"grün\"")).Payload.ShouldBe("\"GRÜN\"");
        var second = await world.Invoke("fn", "\"b\"");

        second.Payload.ShouldBe("\"B\"");
        second.Host.ShouldBe("in-process");
        second.LogTail.ShouldContain(
            $"START RequestId: {second.RequestId} Version: $LATEST\nCheck warm\nEND RequestId: {second.RequestId}\n"
        );
        starts.ShouldBe(1);
    }

    [Fact]
    public async Task New_settings_make_a_new_environment()
    {
        var modes = new List<string>();
        await using var world = await Start(
            async (_, environment, api, _, stop) =>
            {
                modes.Add(environment["MODE"]);
                await Serve(api, stop, payload => (payload, false));
            }
        );
        await world.Invoke("fn");

        await world.World.Do(() =>
            world.Functions.Update(
                LambdaWorld.Reference("fn"),
                null,
                _ => LambdaWorld.Settings(("ANNOTATIONS_HANDLER", "Check"), ("MODE", "changed"))
            )
        );
        await world.World.RunUntil(() => world.Functions.Get(LambdaWorld.Reference("fn")).LastUpdateStatus == "Successful");
        await world.Invoke("fn");

        modes.ShouldBe(["warm", "changed"]);
    }

    [Fact]
    public async Task An_environment_lives_for_some_hours_of_simulated_time()
    {
        var starts = 0;
        await using var world = await Start(
            async (_, _, api, _, stop) =>
            {
                starts++;
                await Serve(api, stop, payload => (payload, false));
            }
        );
        world.World.OnDue("later", _ => { });

        (await StartsAfter(TimeSpan.Zero)).ShouldBe(1);
        (await StartsAfter(TimeSpan.FromHours(5))).ShouldBe(1, "within its life");
        (await StartsAfter(TimeSpan.FromHours(2))).ShouldBe(2, "after it");

        async Task<int> StartsAfter(TimeSpan time)
        {
            var until = world.World.Now + time;
            await world.World.Do(() => world.World.Schedule(time, "later", string.Empty));
            await world.World.RunUntil(() => world.World.Now >= until);
            (await world.Invoke("fn")).FunctionError.ShouldBeNull();
            return starts;
        }
    }

    [Fact]
    public async Task Calls_at_once_have_an_environment_each_which_later_calls_use_again()
    {
        var starts = 0;
        await using var world = await Start(
            async (_, _, api, _, stop) =>
            {
                Interlocked.Increment(ref starts);
                await Serve(api, stop, payload => (payload, false));
            }
        );

        foreach (var number in Enumerable.Range(0, 5))
        {
            await world.Begin("fn", $"{number}", $"{number}");
        }

        await world.World.RunUntil(() => world.Results.Count == 5);
        world.Results.ShouldAllBe(result => result.Key == result.Value.Payload);
        starts.ShouldBe(5);

        await world.Invoke("fn");
        starts.ShouldBe(5);
    }

    [Fact]
    public async Task A_role_that_is_gone_is_a_service_error()
    {
        await using var world = await Start((_, _, api, _, stop) => Serve(api, stop, payload => (payload, false)));
        await world.World.Do(() => new Roles(world.World).Delete(LambdaWorld.Account, "execution"));

        var result = await world.Invoke("fn");

        result.ServiceError.ShouldNotBeNull().Code.ShouldBe("AccessDeniedException");
        result.ServiceError.Message.ShouldStartWith("The role defined for the function cannot be assumed by Lambda.");
    }

    [Fact]
    public async Task The_watchdog_of_the_world_ends_a_function_that_hangs()
    {
        await using var world = await Start(
            async (_, _, _, _, stop) => await Task.Delay(Timeout.Infinite, stop),
            options: new RehearsalOptions { ActorLimit = TimeSpan.FromMilliseconds(200) }
        );

        var began = world.World.Now;

        (await world.Invoke("fn")).Payload.ShouldContain("Task timed out after 60.00 seconds");

        (world.World.Now - began).ShouldBeInRange(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(62), "in simulated time");
    }

    [Fact]
    public async Task A_reported_error_is_the_result_and_the_environment_stays()
    {
        var starts = 0;
        await using var world = await Start(
            async (_, _, api, _, stop) =>
            {
                starts++;
                await Serve(api, stop, _ => ("""{"errorType":"StackFailedException","errorMessage":"no"}""", true));
            }
        );

        await world.Invoke("fn");
        var result = await world.Invoke("fn");

        result.FunctionError.ShouldBe("Unhandled");
        result.Payload.ShouldBe("""{"errorType":"StackFailedException","errorMessage":"no"}""");
        starts.ShouldBe(1);
    }

    [Fact]
    public async Task A_crash_is_an_exit_error_and_the_next_call_starts_anew()
    {
        var starts = 0;
        await using var world = await Start(
            async (_, _, api, _, stop) =>
            {
                if (++starts == 1)
                {
                    throw new InvalidOperationException("broken pipe");
                }

                await Serve(api, stop, payload => (payload, false));
            }
        );

        var crashed = await world.Invoke("fn");

        crashed.Payload.ShouldBe(
            $$"""{"errorType":"Runtime.ExitError","errorMessage":"RequestId: {{crashed.RequestId}} Error: Runtime exited with error: """
                + """exit status 134"}"""
        );
        crashed.LogTail.ShouldContain("broken pipe");
        (await world.Invoke("fn")).FunctionError.ShouldBeNull();
    }

    [Fact]
    public async Task An_initialisation_error_is_the_result()
    {
        await using var world = await Start(
            async (_, _, api, _, _) =>
            {
                await Post(api, "init/error", """{"errorType":"NoTableException","errorMessage":"no table"}""");
                throw new InvalidOperationException("no table");
            }
        );

        (await world.Invoke("fn")).Payload.ShouldBe("""{"errorType":"NoTableException","errorMessage":"no table"}""");
    }

    [Fact]
    public async Task A_function_is_started_ahead_once_and_serves_its_first_call()
    {
        var starts = 0;
        var started = new TaskCompletionSource();
        await using var world = await Start(
            async (_, _, api, _, stop) =>
            {
                starts++;
                started.SetResult();
                await Serve(api, stop, payload => (payload, false));
            }
        );

        await world.World.Do(() => world.Invoker.Warm(_ => true));
        await started.Task;

        (await world.Invoke("fn", "1")).Payload.ShouldBe("1");
        starts.ShouldBe(1);
    }

    [Fact]
    public async Task What_failed_when_it_was_started_ahead_is_the_result_of_the_first_call()
    {
        var failed = new TaskCompletionSource();
        await using var world = await Start(
            async (_, _, api, _, stop) =>
            {
                await Post(api, "init/error", """{"errorType":"NoTableException","errorMessage":"no table"}""");
                failed.SetResult();
                await Task.Delay(Timeout.Infinite, stop);
            }
        );

        await world.World.Do(() => world.Invoker.Warm(_ => true));
        await failed.Task;

        (await world.Invoke("fn")).Payload.ShouldBe("""{"errorType":"NoTableException","errorMessage":"no table"}""");
    }

    [Fact]
    public async Task A_function_that_hangs_is_timed_out_by_its_own_timeout()
    {
        await using var world = await Start(
            async (_, _, _, _, stop) => await Task.Delay(Timeout.Infinite, stop),
            timeout: 1,
            patience: 0.2
        );

        var result = await world.Invoke("fn");

        result.Payload.ShouldBe(
            $$"""{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: {{result.RequestId}} Error: Task timed out after 1.00 """
                + """seconds"}"""
        );
    }

    [Fact]
    public async Task An_answer_above_the_limit_is_an_error_that_the_function_gets()
    {
        HttpStatusCode? status = null;
        await using var world = await Start(
            async (_, _, api, _, stop) =>
            {
                using var next = await api.GetAsync(new Uri("http://runtime/2018-06-01/runtime/invocation/next"), stop);
                status = await Post(
                    api,
                    $"invocation/{next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single()}/response",
                    new string('x', 6_291_557)
                );
                await Serve(api, stop, payload => (payload, false));
            }
        );

        var result = await world.Invoke("fn");

        result.FunctionError.ShouldBe("Unhandled");
        result.Payload.ShouldBe(
            """{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size (6291557 bytes) exceeded maximum """
                + """allowed payload size (6291556 bytes)."}"""
        );
        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await world.Invoke("fn", "1")).Payload.ShouldBe("1");
    }

    [Fact]
    public async Task An_answer_to_another_request_is_refused()
    {
        HttpStatusCode? status = null;
        await using var world = await Start(
            async (_, _, api, _, stop) =>
            {
                status = await Post(api, "invocation/another/response", "{}");
                await Serve(api, stop, payload => (payload, false));
            }
        );

        (await world.Invoke("fn", "1")).Payload.ShouldBe("1");

        status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_variables_are_the_functions_own_and_Lambdas()
    {
        IReadOnlyDictionary<string, string>? seen = null;
        await using var world = await Start(
            async (_, environment, api, _, stop) =>
            {
                seen = environment;
                await Serve(api, stop, payload => (payload, false));
            }
        );

        await world.Invoke("fn");

        seen.ShouldNotBeNull()
            .Keys.ShouldBe(
                [
                    "ANNOTATIONS_HANDLER",
                    "AWS_ACCESS_KEY_ID",
                    "AWS_DEFAULT_REGION",
                    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                    "AWS_LAMBDA_FUNCTION_NAME",
                    "AWS_LAMBDA_FUNCTION_VERSION",
                    "AWS_LAMBDA_INITIALIZATION_TYPE",
                    "AWS_LAMBDA_LOG_FORMAT",
                    "AWS_LAMBDA_LOG_GROUP_NAME",
                    "AWS_LAMBDA_LOG_STREAM_NAME",
                    "AWS_LAMBDA_RUNTIME_API",
                    "AWS_REGION",
                    "AWS_SECRET_ACCESS_KEY",
                    "AWS_SESSION_TOKEN",
                    "MODE",
                    "_HANDLER",
                ],
                ignoreOrder: true
            );
    }

    private delegate Task Entry(
        string handler,
        IReadOnlyDictionary<string, string> environment,
        HttpClient api,
        TextWriter log,
        CancellationToken stop
    );

    private static async Task<LambdaWorld> Start(Entry entry, int timeout = 60, double patience = 3, RehearsalOptions? options = null)
    {
        var world = await LambdaWorld.Start(options);
        world.Invoker.Host = new InProcessHost(
            (handler, environment, api, _, log, stop) => entry(handler, environment, api, log, stop),
            new Gateway(world.World),
            patience
        );
        await world.Create("fn", LambdaWorld.Settings(("ANNOTATIONS_HANDLER", "Check"), ("MODE", "warm")) with { Timeout = timeout });
        return world;
    }

    private static async Task Serve(HttpClient api, CancellationToken stop, Func<string, (string Payload, bool Failed)> answer)
    {
        while (!stop.IsCancellationRequested)
        {
            using var next = await api.GetAsync(new Uri("http://runtime/2018-06-01/runtime/invocation/next"), stop);
            if (!next.IsSuccessStatusCode)
            {
                return;
            }

            var (payload, failed) = answer(await next.Content.ReadAsStringAsync(stop));
            await Post(
                api,
                $"invocation/{next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single()}/{(failed ? "error" : "response")}",
                payload
            );
        }
    }

    private static async Task<HttpStatusCode> Post(HttpClient api, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await api.PostAsync(new Uri($"http://runtime/2018-06-01/runtime/{path}"), content);
        return answer.StatusCode;
    }
}
