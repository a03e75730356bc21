using System.Diagnostics.CodeAnalysis;

namespace Deployer.Spec.Sources;

/// <summary>
/// A path inside a folder, written with <c>/</c>, that cannot leave it: a service's folder is untrusted, and so is every path that it
/// names.
/// </summary>
public sealed record RelativePath
{
    private const int MaxLength = 1024;
    private const int MaxSegmentLength = 255;

    /// <summary>The folder itself.</summary>
    public static readonly RelativePath Root = new("");

    private RelativePath(string value) => Value = value;

    /// <summary>The segments joined by <c>/</c>, without <c>.</c> and <c>..</c>; empty for the folder itself.</summary>
    public string Value { get; }

    /// <summary>
    /// Reads a path as a person writes it (<c>./stacks/api.yaml</c>). <paramref name="problem"/> says why it was refused.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RelativePath? path, [NotNullWhen(false)] out string? problem)
    {
        path = null;
        problem = Problem(text);
        if (problem is not null)
        {
            return false;
        }
        var segments = new List<string>();
        foreach (var segment in text.Split('/'))
        {
            if (segment == ".." && segments.Count == 0)
            {
                problem = "leaves the folder";
                return false;
            }
            if (segment == "..")
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment is not ("" or "."))
            {
                segments.Add(segment);
            }
        }
        path = new RelativePath(string.Join('/', segments));
        return true;
    }

    /// <summary>A path below this one, under the same rules.</summary>
    public bool TryAppend(string text, [NotNullWhen(true)] out RelativePath? path, [NotNullWhen(false)] out string? problem)
    {
        // The whole is parsed again, so that a part may climb within the folder but never out of it; a part that is itself absolute is
        // refused.
        path = null;
        problem = Problem(text);
        return problem is null && TryParse(Value.Length == 0 ? text : $"{Value}/{text}", out path, out problem);
    }

    /// <summary>The folder that holds it.</summary>
    public RelativePath Folder => new(Value.Contains('/') ? Value[..Value.LastIndexOf('/')] : "");

    /// <inheritdoc/>
    public override string ToString() => Value.Length == 0 ? "." : Value;

    /// <summary>A path that this code wrote itself.</summary>
    internal static RelativePath Parse(string text) =>
        TryParse(text, out var path, out var problem) ? path : throw new ArgumentException($"The path \"{text}\" {problem}.", nameof(text));

    /// <summary>A fixed name below this path.</summary>
    internal RelativePath Child(string name) => Parse(Value.Length == 0 ? name : $"{Value}/{name}");

    private static string? Problem(string text) =>
        text switch
        {
            "" => "is empty",
            { Length: > MaxLength } => $"is longer than {MaxLength} characters",
            _ when text[0] == '/' || (text.Length > 1 && text[1] == ':') => "is absolute",
            _ when text.Contains('\\') => "contains a backslash",
            _ when text.Any(char.IsControl) => "contains a control character",
            _ when text.Split('/').Any(segment => segment.Length > MaxSegmentLength) =>
                $"has a part longer than {MaxSegmentLength} characters",
            _ => null,
        };
}
