using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.World;

/// <summary>Where the services of an account publish what happens to their resources: its default bus.</summary>
public interface IEventSource
{
    /// <summary>Publishes an event. It reaches the targets of matching rules later, never within the same action.</summary>
    /// <param name="account">The account where it happened.</param>
    /// <param name="region">The region where it happened.</param>
    /// <param name="source">Such as <c>aws.cloudformation</c>.</param>
    /// <param name="detailType">Such as <c>CloudFormation Stack Status Change</c>.</param>
    /// <param name="resources">The ARNs that it is about.</param>
    /// <param name="detail">What happened; an object that the caller does not change afterwards.</param>
    void Publish(string account, string region, string source, string detailType, IReadOnlyList<string> resources, JsonObject detail);
}
