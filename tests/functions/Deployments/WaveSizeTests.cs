using System.Text;
using System.Text.Json;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Kinds;
using Deployer.Spec;
using Deployer.Spec.Kinds;
using Deployer.Spec.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Tests.Deployments;

/// <summary>
/// The list of waves is an output of a state, which may have 262,144 bytes
/// (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html): a service may have as many steps as stay far below it.
/// </summary>
public sealed class WaveSizeTests
{
    private const int MostBytes = 262_144;
    private const int MostSteps = 100;
    private const int LongestName = 64;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_waves_of_the_most_steps_with_the_longest_names_are_far_below_the_limit_of_an_output(bool isChain)
    {
        await using var desk = await Desk.Open();
        await using var built = Built(desk, Folder(MostSteps, isChain));
        await desk.Deployment("one");

        var waves = await built.GetRequiredService<WaveOrder>().Run(new DeploymentInput(new("one"), new("arn"), 0, 0));

        waves.Waves.Sum(wave => wave.Steps.Count).ShouldBe(MostSteps);
        waves.Waves.Count.ShouldBe(isChain ? MostSteps : 1);
        // The state's input goes on beside it.
        Encoding
            .UTF8.GetByteCount(JsonSerializer.Serialize(waves, WaveDocuments.Default.DeploymentWaves))
            .ShouldBeLessThan(MostBytes / 10);
    }

    /// <summary>The machine hands the list on to its map of steps.</summary>
    [Fact]
    public async Task The_steps_of_a_plan_are_far_below_the_limit_of_an_output()
    {
        await using var desk = await Desk.Open();
        await using var built = Built(desk, Folder(MostSteps, isChain: true));
        var execution = Desk.Arn(new string('p', 80)).Replace("-deploy:", "-plan:", StringComparison.Ordinal);
        var request = new DeploymentRequest("inventory", "dev", new SourceObject("bucket", "incoming/inventory.zip"));

        var steps = await built.GetRequiredService<ServicePlanner>().Begin(new PlanInput(request, new(execution)));

        steps.Steps.Count.ShouldBe(MostSteps);
        using var output = new MemoryStream();
        new PayloadSerializer().Serialize(steps, output);
        output.Length.ShouldBeLessThan(MostBytes / 10);
    }

    [Fact]
    public void A_service_with_more_steps_is_refused_with_its_position()
    {
        var kinds = StepKinds.BuiltIn.With(new QueueSpecKind());

        SpecReader.Read(Folder(MostSteps, isChain: true), kinds).Faults.ShouldBeEmpty();
        SpecReader
            .Read(Folder(MostSteps + 1, isChain: true), kinds)
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldStartWith("deployer.yaml:4:3: ");
    }

    private static ServiceProvider Built(Desk desk, MemoryFolder folder)
    {
        desk.Hold(folder);
        return desk.Services(
            desk.Settings with
            {
                AllowedTargets = new HashSet<string> { "111111111111" },
            },
            services => services.AddQueues(new Queues())
        );
    }

    private static MemoryFolder Folder(int steps, bool isChain)
    {
        static string Name(int number) => $"s{number}".PadRight(LongestName, 'x');
        var text = new StringBuilder("service: inventory\ntargets: { dev: { account: \"111111111111\", region: us-east-1 } }\nsteps:\n");
        for (var number = 0; number < steps; number++)
        {
            var after = isChain && number > 0 ? $", after: [ {Name(number - 1)} ]" : string.Empty;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {Name(number)}: {{ queue: \"q{number}\"{after} }}\n");
        }

        return new MemoryFolder(("deployer.yaml", text.ToString()));
    }
}
