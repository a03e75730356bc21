using Amazon.CodeDeploy.Model;

namespace Deployer.Functions.Ions;

/// <summary>The names of revisions.</summary>
public static class IonRevisions
{
    private const string Suffix = ".zip";

    /// <summary>
    /// The commit or uname of a CodeDeploy revision: the last segment of its key without <c>.zip</c>. The folders before
    /// it differ between what is documented and what is seen.
    /// </summary>
    public static string? Name(RevisionLocation? revision)
    {
        if (revision?.S3Location?.Key is not { Length: > 0 } key)
        {
            return null;
        }

        var file = key[(key.LastIndexOf('/') + 1)..];
        return file.EndsWith(Suffix, StringComparison.Ordinal) ? file[..^Suffix.Length] : file;
    }
}
