using System.Net;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Wire;

/// <summary>How many requests a service answers in a second.</summary>
public sealed class RequestRatesTests
{
    private const string Account = "222222222222";
    private const int Together = 4;
    private const int Rate = 15;

    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: of all who ask in an account together.</summary>
    [Fact]
    public async Task Lambda_answers_15_requests_a_second_of_those_who_act_and_refuses_what_is_more()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        await using var services = await world.Do(() => SimulatedServices.Start(world));
        var arrived = new List<DateTimeOffset>();
        var (answered, refused) = (0, 0);
        var acts = new List<(TestActor, Func<Task>)>();
        for (var number = 0; number < Together; number++)
        {
            var actor = await TestActor.Begin(
                world,
                Account,
                """{ "Effect": "Allow", "Action": "lambda:ListFunctions", "Resource": "*" }""",
                role: $"actor-{number}"
            );
            acts.Add(
                (actor, () => Ask(actor.Client(new AmazonLambdaConfig(), (credentials, with) => new AmazonLambdaClient(credentials, with))))
            );
        }

        await world.Do(() => world.Arrived = (_, _) => arrived.Add(world.Now));
        await TestActor.Act(world, acts);

        var seconds = (arrived[^1] - arrived[0]).TotalSeconds;
        (arrived.Count / seconds).ShouldBeGreaterThan(1.5 * Rate, "enough was asked for");
        ((double)answered).ShouldBeInRange((seconds - 1) * Rate * 0.9, (seconds + 1) * Rate);
        (answered + refused).ShouldBe(arrived.Count);

        async Task Ask(IAmazonLambda lambda)
        {
            for (var request = 0; request < 50; request++)
            {
                try
                {
                    await lambda.ListFunctionsAsync(new ListFunctionsRequest());
                    Interlocked.Increment(ref answered);
                }
                catch (TooManyRequestsException exception)
                {
                    exception.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
                    Interlocked.Increment(ref refused);
                }
            }
        }
    }

    [Fact]
    public async Task A_client_from_outside_of_the_simulated_time_is_not_refused()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        await using var services = await world.Do(() => SimulatedServices.Start(world));
        var lambda = TestActor
            .Administrator(world, Account)
            .Client(new AmazonLambdaConfig(), (credentials, with) => new AmazonLambdaClient(credentials, with));

        foreach (var _ in Enumerable.Range(0, 100))
        {
            await lambda.ListFunctionsAsync(new ListFunctionsRequest(), TestContext.Current.CancellationToken);
        }
    }
}
