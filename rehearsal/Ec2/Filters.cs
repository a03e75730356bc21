using Amazon.EC2.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Ec2;

/// <summary>The filters of EC2's describe operations: all must match, each by any of its values.</summary>
internal static class Filters
{
    /// <param name="filters">As asked for.</param>
    /// <param name="tags">The resource's tags.</param>
    /// <param name="read">The resource's value for a filter's name; <see langword="null"/> for a name that is not simulated.</param>
    /// <exception cref="ApiException">A filter that is not simulated.</exception>
    internal static bool Match(IEnumerable<Filter>? filters, IReadOnlyDictionary<string, string> tags, Func<string, string?> read) =>
        (filters ?? []).All(filter =>
        {
            var values = filter.Values ?? [];
            if (filter.Name is null)
            {
                throw new ApiException("InvalidParameterValue", "A filter has no name");
            }

            return filter.Name switch
            {
                "tag-key" => values.Exists(tags.ContainsKey),
                var name when name.StartsWith("tag:", StringComparison.Ordinal) => tags.TryGetValue(name[4..], out var tag)
                    && values.Contains(tag),
                var name => values.Contains(
                    read(name) ?? throw new ApiException("InvalidParameterValue", $"The filter '{name}' is invalid")
                ),
            };
        });
}
