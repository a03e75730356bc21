namespace Deployer.Spec.Pipelines;

/// <summary>
/// The variables that source actions give
/// (https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html and the pages of the actions). Other actions' are
/// chosen by whoever writes the action.
/// </summary>
internal static class SourceVariables
{
    private static readonly string[] OfCommit = ["AuthorDate", "BranchName", "CommitId", "CommitMessage"];

    private static readonly Dictionary<string, IReadOnlyList<string>> ByProvider = new(StringComparer.Ordinal)
    {
        // The last four are there when a pull request started the pipeline (aws/aws-cdk#31000).
        ["CodeStarSourceConnection"] =
        [
            .. OfCommit,
            "ConnectionArn",
            "FullRepositoryName",
            "DestinationBranchName",
            "PullRequestId",
            "PullRequestTitle",
            "SourceBranchName",
        ],
        ["CodeCommit"] = [.. OfCommit, "CommitterDate", "RepositoryName"],
        ["GitHub"] = [.. OfCommit, "CommitterDate", "CommitUrl", "RepositoryName"],
        ["ECR"] = ["ImageDigest", "ImageTag", "ImageURI", "RegistryId", "RepositoryName"],
        ["S3"] = ["BucketName", "ETag", "ObjectKey", "VersionId"],
    };

    /// <summary>What people write freely, and what breaks the JSON into which it is put.</summary>
    public static IReadOnlyList<string> FreeTexts { get; } = ["CommitMessage", "PullRequestTitle"];

    /// <summary>The variables of a source action; null where they are not known.</summary>
    public static IReadOnlyList<string>? ForProvider(string provider) => ByProvider.GetValueOrDefault(provider);
}
