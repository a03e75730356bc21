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

    [Fact]
    public void Each_duration_has_an_address_or_says_that_it_was_chosen()
    {
        var durations = typeof(Durations)
            .GetFields()
            .Where(field => field.FieldType == typeof(SimulatedDuration))
            .ToDictionary(field => field.Name, field => ((SimulatedDuration)field.GetValue(null)!).Source);

        durations.Count.ShouldBeGreaterThan(40);
        durations
            .Where(duration =>
                !duration.Value.Contains("https://", StringComparison.Ordinal)
                && !duration.Value.StartsWith("chosen", StringComparison.Ordinal)
            )
            .Select(duration => duration.Key)
            // What users report of ion-dev, which no page says.
            .ShouldBe([nameof(Durations.NodeGivenUp)]);
    }
}
