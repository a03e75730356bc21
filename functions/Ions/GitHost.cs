using Amazon.CodeBuild;

namespace Deployer.Functions.Ions;

/// <summary>The hosts of repositories that CodeBuild clones by a connection, by the host of their addresses.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectSource.html, type. Servers of one's own (GitHub Enterprise Server,
/// GitLab Self Managed) are not among them: their address does not say which of the two they are.
/// </remarks>
public static class GitHost
{
    /// <summary>The type of source for a repository's address; <see langword="null"/> for other hosts.</summary>
    public static SourceType? TypeOf(string url) =>
        new Uri(url).Host switch
        {
            "github.com" => SourceType.GITHUB,
            "gitlab.com" => SourceType.GITLAB,
            "bitbucket.org" => SourceType.BITBUCKET,
            _ => null,
        };

    /// <summary>What is said of a repository on another host.</summary>
    public static string Refusal(string url) =>
        $"deployer.yaml: the repository is on {new Uri(url).Host}, from which CodeBuild cannot clone by a connection; expected github.com, "
        + "gitlab.com or bitbucket.org, or no repository, so that the source is pushed as it was handed in";
}
