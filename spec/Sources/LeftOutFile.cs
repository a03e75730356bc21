using System.Globalization;
using System.Text;

namespace Deployer.Spec.Sources;

/// <summary>A file or folder that is in a service's folder and is no part of the service: it is neither packaged nor uploaded.</summary>
/// <param name="Path">Its path; what cannot be shown of it on one line is escaped.</param>
/// <param name="Reason">Why, a clause: <c>its name contains a backslash</c>.</param>
public sealed record LeftOutFile(string Path, string Reason)
{
    private const string Link = "it is a link that is not followed";

    /// <summary>A symbolic link.</summary>
    public static LeftOutFile OfLink(string path) => new(path, Link);

    /// <summary>One whose name a path of the service cannot hold, nor an entry of a zip.</summary>
    /// <param name="folder">The folder that it is in.</param>
    /// <param name="name">Its name.</param>
    /// <param name="problem">What is wrong with the name: <c>contains a backslash</c>.</param>
    public static LeftOutFile OfName(RelativePath folder, string name, string problem) =>
        new(Shown(folder == RelativePath.Root ? name : $"{folder}/{name}"), $"its name {problem}");

    /// <summary>
    /// What is wrong with a path that the service names and that is not there because of a link; <see langword="null"/> where none is.
    /// </summary>
    /// <param name="folder">The service's folder.</param>
    /// <param name="path">The path.</param>
    public static string? Problem(ISourceFolder folder, RelativePath path)
    {
        foreach (var left in folder.LeftOut)
        {
            if (left.Reason == Link && left.Path == path.Value)
            {
                return "is a link that is not followed";
            }

            if (left.Reason == Link && path.Value.StartsWith($"{left.Path}/", StringComparison.Ordinal))
            {
                return $"is in \"{left.Path}\", which is a link that is not followed";
            }
        }

        return null;
    }

    private static string Shown(string path)
    {
        var shown = new StringBuilder();
        foreach (var character in path)
        {
            if (char.IsControl(character))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                shown.Append(character);
            }
        }

        return shown.ToString();
    }
}
