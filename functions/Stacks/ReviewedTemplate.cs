using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;

namespace Deployer.Functions.Stacks;

/// <summary>The template of a change set that is reviewed, each form of it read once.</summary>
internal sealed class ReviewedTemplate
{
    private readonly IAmazonCloudFormation _cloudFormation;
    private string? _processed;

    private ReviewedTemplate(IAmazonCloudFormation cloudFormation, DescribeChangeSetResponse changeSet, string original)
    {
        (_cloudFormation, ChangeSet, Original) = (cloudFormation, changeSet, original);
    }

    /// <summary>The change set.</summary>
    public DescribeChangeSetResponse ChangeSet { get; }

    /// <summary>The template as it was handed in.</summary>
    public string Original { get; }

    /// <summary>Whether macros, such as those of loops, may make another one of it.</summary>
    public bool HasMacros => Original.Contains("Transform", StringComparison.Ordinal);

    /// <summary>Reads the template of a change set.</summary>
    public static async Task<ReviewedTemplate> Read(IAmazonCloudFormation cloudFormation, DescribeChangeSetResponse changeSet) =>
        new(cloudFormation, changeSet, await Body(cloudFormation, changeSet, stage: null));

    /// <summary>The template as its macros have made it.</summary>
    public async Task<string?> Processed() =>
        HasMacros ? _processed ??= await Body(_cloudFormation, ChangeSet, TemplateStage.Processed) : Original;

    private static async Task<string> Body(
        IAmazonCloudFormation cloudFormation,
        DescribeChangeSetResponse changeSet,
        TemplateStage? stage
    ) =>
        (
            await cloudFormation.GetTemplateAsync(
                new GetTemplateRequest
                {
                    StackName = changeSet.StackId,
                    ChangeSetName = changeSet.ChangeSetId,
                    TemplateStage = stage,
                }
            )
        ).TemplateBody;
}

/// <summary>The template of a nested stack that would be made or changed.</summary>
/// <param name="Resource">The logical id of its resource, after those of the nested stacks that it is in.</param>
/// <param name="Template">The template, of the change set that the nested stack has of its own.</param>
internal sealed record NestedTemplate(string Resource, ReviewedTemplate Template)
{
    /// <summary>What positions in it are named by.</summary>
    public string File => $"nested stack {Resource}";

    /// <summary>Reads those of a change set.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="changes">The changes of the change set, those of nested stacks among them.</param>
    public static async Task<IReadOnlyList<NestedTemplate>> All(IAmazonCloudFormation cloudFormation, IReadOnlyList<PlacedChange> changes)
    {
        var found = new List<NestedTemplate>();
        foreach (var placed in changes.Where(placed => placed.Change.ChangeSetId is { Length: > 0 }))
        {
            var nested = await cloudFormation.DescribeChangeSetAsync(
                new DescribeChangeSetRequest { ChangeSetName = placed.Change.ChangeSetId }
            );
            found.Add(new NestedTemplate(placed.Resource, await ReviewedTemplate.Read(cloudFormation, nested)));
        }

        return found;
    }
}
