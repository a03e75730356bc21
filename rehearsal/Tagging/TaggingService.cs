using Amazon.ResourceGroupsTaggingAPI;
using Amazon.ResourceGroupsTaggingAPI.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tagging;

/// <summary>The Resource Groups Tagging API: resources of all services by their tags.</summary>
public sealed class TaggingService : ModelService
{
    private const int PageSize = 50;
    private readonly IReadOnlyList<ITagSource> _sources;

    /// <summary>The service over the resources of others.</summary>
    public TaggingService(params IEnumerable<ITagSource> sources)
        : base(ResourceGroupsTaggingAPIModel.Service)
    {
        _sources = [.. sources];
        On<GetResourcesRequest, GetResourcesResponse>("GetResources", GetResources, (_, _) => ["*"]);
    }

    private GetResourcesResponse GetResources(Call call, GetResourcesRequest request)
    {
        SimulatedMembers.Only(request, "TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "PaginationToken", "ResourceARNList");
        var rest = _sources
            .SelectMany(source => source.Tagged(call.Account, call.Region))
            .GroupBy(resource => resource.Arn, StringComparer.Ordinal)
            .Select(tagged => new TaggedResource(tagged.Key, tagged.SelectMany(resource => resource.Tags).ToDictionary()))
            .Where(resource => Wanted(resource, request))
            .OrderBy(resource => resource.Arn, StringComparer.Ordinal)
            .Where(resource =>
                string.IsNullOrEmpty(request.PaginationToken) || string.CompareOrdinal(resource.Arn, request.PaginationToken) > 0
            )
            .ToList();
        var page = rest.Take(request.ResourcesPerPage ?? PageSize).ToList();
        return new GetResourcesResponse
        {
            ResourceTagMappingList = [.. page.Select(Written)],
            PaginationToken = page.Count < rest.Count ? page[^1].Arn : string.Empty,
        };
    }

    private static ResourceTagMapping Written(TaggedResource resource) =>
        new()
        {
            ResourceARN = resource.Arn,
            Tags =
            [
                .. resource
                    .Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)
                    .Select(tag => new Tag { Key = tag.Key, Value = tag.Value }),
            ],
        };

    private static bool Wanted(TaggedResource resource, GetResourcesRequest request) =>
        (request.ResourceARNList is not { Count: > 0 } arns || arns.Contains(resource.Arn))
        && (request.ResourceTypeFilters is not { Count: > 0 } types || types.Exists(type => IsOfType(resource.Arn, type)))
        && (request.TagFilters ?? []).TrueForAll(filter => Has(resource, filter));

    private static bool Has(TaggedResource resource, TagFilter filter) =>
        resource.Tags.TryGetValue(filter.Key, out var value) && (filter.Values is not { Count: > 0 } values || values.Contains(value));

    /// <summary><c>service</c> or <c>service:type</c>; a bucket's ARN has no type of its own.</summary>
    private static bool IsOfType(string arn, string wanted)
    {
        var parts = arn.Split(':', 6);
        var type = parts[2] == "s3" ? "bucket" : parts[5].Split('/', ':')[0];
        return wanted == parts[2] || wanted == $"{parts[2]}:{type}";
    }
}
