using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>The rules, found by their tags.</summary>
public sealed class RuleTags(RehearsalWorld world) : ITagSource
{
    private readonly EventRules _rules = new(world);

    /// <inheritdoc/>
    public IEnumerable<TaggedResource> Tagged(string account, string region) =>
        _rules.Tagged(account, region).Select(rule => new TaggedResource(rule.Arn, rule.Tags!));
}
