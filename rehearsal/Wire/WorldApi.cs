using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>What the wire keeps for a world.</summary>
public static class WorldApi
{
    extension(RehearsalWorld world)
    {
        /// <summary>The simulated services.</summary>
        public Api Api => world.Part(made => new Api(made));

        /// <summary>The calls of this run.</summary>
        public Audit Audit => world.Api.Audit;
    }
}
