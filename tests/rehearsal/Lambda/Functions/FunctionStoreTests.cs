using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Lambda.Functions;

public sealed class FunctionStoreTests
{
    [Fact]
    public async Task A_new_function_is_pending_until_some_time_has_passed()
    {
        await using var world = await LambdaWorld.Start();
        var made = await world.World.Do(() =>
            world.Functions.Create(LambdaWorld.Reference("fn"), LambdaWorld.Settings(), new Dictionary<string, string>())
        );

        made.State.ShouldBe("Pending");
        (await Refusal(() => world.Begin("fn", "key"))).Message.ShouldEndWith("The function is currently in the following state: Pending");
        await world.World.RunUntil(() => world.Functions.Get(LambdaWorld.Reference("fn")).State == "Active");
        (world.World.Now - Epoch.Start).ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task An_update_in_a_VPC_takes_up_to_a_minute_and_refuses_others_meanwhile()
    {
        await using var world = await LambdaWorld.Start();
        var settings = LambdaWorld.Settings() with { Network = new FunctionNetwork(["subnet-1"], ["sg-1"]) };
        await world.Create("fn", settings);
        var before = world.World.Now;

        var updated = await Update(world, null, old => old with { Timeout = 7 });

        updated.LastUpdateStatus.ShouldBe("InProgress");
        var refusal = await Refusal(() => Update(world, null, old => old));
        refusal.Code.ShouldBe("ResourceConflictException");
        refusal.Status.ShouldBe(409);
        refusal.Message.ShouldBe($"The operation cannot be performed at this time. An update is in progress for resource: {updated.Arn}");
        await world.World.RunUntil(() => Get(world).LastUpdateStatus == "Successful");
        (world.World.Now - before).ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Invocations_keep_the_old_settings_until_the_update_has_succeeded()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings(("MODE", "old")));
        world.Invoker.Simulated.Add("fn", call => $"\"{call.Environment["MODE"]}\"");

        await Update(world, null, old => LambdaWorld.Settings(("MODE", "new")));

        (await world.Invoke("fn")).Payload.ShouldBe("\"old\"");
        await world.World.RunUntil(() => Get(world).LastUpdateStatus == "Successful");
        (await world.Invoke("fn")).Payload.ShouldBe("\"new\"");
    }

    [Fact]
    public async Task A_stale_revision_is_refused()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        var revision = Get(world).RevisionId;
        await Update(world, revision, old => old with { Timeout = 5 });
        await world.World.RunUntil(() => Get(world).LastUpdateStatus == "Successful");

        var refusal = await Refusal(() => Update(world, revision, old => old));

        refusal.Code.ShouldBe("PreconditionFailedException");
        refusal.Status.ShouldBe(412);
    }

    [Theory]
    [InlineData("AWS_REGION", "Reserved keys used in this request: AWS_REGION")]
    [InlineData("_HANDLER", "Reserved keys used in this request: _HANDLER")]
    [InlineData("A", "Value 'A' at 'environment.variables'")]
    [InlineData("1A", "Value '1A' at 'environment.variables'")]
    [InlineData("A-B", "Value 'A-B' at 'environment.variables'")]
    public async Task Reserved_and_malformed_names_are_refused_without_their_values(string name, string message)
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());

        var refusal = await Refusal(() => Update(world, null, old => LambdaWorld.Settings((name, "secret"))));

        refusal.Message.ShouldContain(message);
        refusal.Message.ShouldNotContain("secret");
        Get(world).LastUpdateStatus.ShouldBe("Successful");
    }

    [Theory]
    [InlineData(4080, true)]
    [InlineData(4100, false)]
    public async Task All_variables_together_fit_into_4_KB(int length, bool accepted)
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings());
        var update = () => Update(world, null, old => LambdaWorld.Settings(("KEY", new string('x', length))));

        if (accepted)
        {
            (await update()).LastUpdateStatus.ShouldBe("InProgress");
        }
        else
        {
            (await Refusal(update)).Message.ShouldEndWith("exceeded the 4KB limit.");
        }
    }

    [Fact]
    public async Task A_function_made_anew_is_not_settled_by_the_old_ones_moment()
    {
        await using var world = await LambdaWorld.Start();
        var reference = LambdaWorld.Reference("fn");
        await world.World.Do(() =>
        {
            world.Functions.Create(
                reference,
                LambdaWorld.Settings() with
                {
                    Network = new FunctionNetwork(["s"], ["g"]),
                },
                new Dictionary<string, string>()
            );
            world.Functions.Delete(reference);
            world.Functions.Create(reference, LambdaWorld.Settings(), new Dictionary<string, string>());
        });

        await world.World.RunUntil(() => Get(world).State == "Active");
        var revision = Get(world).RevisionId;
        await world.World.Do(() => world.World.OnDue("later", _ => { }));
        await world.World.Do(() => world.World.Schedule(TimeSpan.FromMinutes(2), "later", ""));
        var until = world.World.Now + TimeSpan.FromMinutes(2);
        await world.World.RunUntil(() => world.World.Now >= until);

        Get(world).RevisionId.ShouldBe(revision);
    }

    [Theory]
    [InlineData("fn", null)]
    [InlineData("fn:live", "live")]
    [InlineData("111111111111:function:fn:$LATEST", "$LATEST")]
    [InlineData("function:fn", null)]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:fn:3", "3")]
    [InlineData("arn%3Aaws%3Alambda%3Aus-east-1%3A111111111111%3Afunction%3Afn", null)]
    public void A_function_is_named_in_several_ways(string text, string? qualifier) =>
        FunctionReference.Parse(text, LambdaWorld.Account, LambdaWorld.Region).ShouldBe(LambdaWorld.Reference("fn", qualifier));

    [Theory]
    [InlineData("")]
    [InlineData("no spaces")]
    [InlineData("arn:aws:s3:::bucket")]
    public void What_names_no_function_is_refused(string text) =>
        Should
            .Throw<ApiException>(() => FunctionReference.Parse(text, LambdaWorld.Account, LambdaWorld.Region))
            .Code.ShouldBe("ValidationException");

    [Fact]
    public async Task Unchanged_settings_are_published_once_and_an_alias_points_to_a_version()
    {
        await using var world = await LambdaWorld.Start();
        await world.Create("fn", LambdaWorld.Settings(("MODE", "old")));
        world.Invoker.Simulated.Add("fn", call => $"\"{call.Environment["MODE"]}\"");
        var first = await world.World.Do(() => world.Versions.Publish(LambdaWorld.Reference("fn"), null, null));
        var second = await world.World.Do(() => world.Versions.Publish(LambdaWorld.Reference("fn"), null, null));
        (first.Version, second.Version).ShouldBe(("1", "1"));
        await world.World.Do(() => world.Versions.CreateAlias(Get(world), "live", "1", null));
        await Update(world, null, old => LambdaWorld.Settings(("MODE", "new")));
        await world.World.RunUntil(() => Get(world).LastUpdateStatus == "Successful");

        var result = await world.Invoke("fn:live");

        result.Payload.ShouldBe("\"old\"");
        result.ExecutedVersion.ShouldBe("1");
    }

    private static Function Get(LambdaWorld world) => world.Functions.Get(LambdaWorld.Reference("fn"));

    private static Task<Function> Update(LambdaWorld world, string? revision, Func<FunctionSettings, FunctionSettings> change) =>
        world.World.Do(() => world.Functions.Update(LambdaWorld.Reference("fn"), revision, change));

    private static Task<ApiException> Refusal(Func<Task> call) => Should.ThrowAsync<ApiException>(call);
}
