using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.World;

public sealed class DurationsTests
{
    /// <summary>
    /// What happens by seed in every rehearsal: the document that permits it stands beside it, or that the figure was chosen.
    /// </summary>
    [Fact]
    public void What_AWS_permits_has_the_address_of_the_document_that_says_so()
    {
        SimulatedDuration[] permitted =
        [
            Durations.EventDelivery,
            Durations.EarlyEvent,
            Durations.LateEvent,
            Durations.ExecutionReadLag,
            Durations.StackReadLag,
            Durations.DeploymentListLag,
            Durations.TagReadLag,
            Durations.PolicyLag,
            Durations.ItemReadLag,
            Durations.NetworkReadLag,
            Durations.ContainerReadLag,
            Durations.InvocationStart,
            Durations.AsynchronousInvocation,
            Durations.ClientTimeout,
        ];

        permitted.ShouldAllBe(duration => duration.Source.Contains("https://", StringComparison.Ordinal));
        new[] { Durations.LateAnswer, Durations.RequestArrival, Durations.RequestAnswer, Durations.PersonRequest }.ShouldAllBe(duration =>
            duration.Source.StartsWith("chosen: ", StringComparison.Ordinal)
        );
    }
}
