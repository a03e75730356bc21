using Deployer.Rehearsal.Lambda.Hosting;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests;

public sealed class AwsRehearsalTests
{
    /// <summary>Who interrupts a rehearsal disposes it while time passes: what belongs to the world is taken down when it stands.</summary>
    [Fact]
    public async Task Nothing_happens_any_more_when_the_host_of_functions_is_taken_down()
    {
        var host = new Host();
        var rehearsal = await AwsRehearsal.Open(new RehearsalOptions { Seed = 1 }, (_, _) => Task.FromResult<ILambdaHost>(host));
        host.World = rehearsal.World;

        await rehearsal.DisposeAsync();

        host.HasHappened.ShouldBe(false);
    }

    private sealed class Host : ILambdaHost
    {
        private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

        public RehearsalWorld World { get; set; } = null!;

        public bool? HasHappened { get; private set; }

        public string Name => "none";

        public Sandbox CreateSandbox(SandboxSpec spec) => throw new NotSupportedException();

        public async ValueTask DisposeAsync()
        {
            HasHappened = false;
            var action = World.Do(() => HasHappened = true);
            await Task.WhenAny(action, Task.Delay(Moment));
        }
    }
}
