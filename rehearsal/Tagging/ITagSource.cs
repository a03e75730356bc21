namespace Deployer.Rehearsal.Tagging;

/// <summary>A service whose resources can be found by their tags.</summary>
public interface ITagSource
{
    /// <summary>The tagged resources of an account in a region, in a fixed order.</summary>
    IEnumerable<TaggedResource> Tagged(string account, string region);
}

/// <summary>A resource and its tags.</summary>
public sealed record TaggedResource(string Arn, IReadOnlyDictionary<string, string> Tags);
