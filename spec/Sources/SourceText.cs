using System.Text;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Sources;

/// <summary>Reads a text file of a service: UTF-8 and of a size that a person writes.</summary>
internal static class SourceText
{
    // Far above what a person writes by hand, far below what would make a reader slow.
    public const int MaxBytes = 256 * 1024;

    /// <summary>
    /// The largest template that CloudFormation reads: 1 MB
    /// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html), which are 1,000,000 bytes in its
    /// refusal.
    /// </summary>
    public const int MaxTemplateBytes = 1_000_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text without a byte order mark; null, with a fault, when the file is missing, too large or not UTF-8.</summary>
    public static string? Read(ISourceFolder folder, RelativePath path, FaultList faults, int maxBytes = MaxBytes)
    {
        var start = SourcePosition.StartOf(path.Value);
        if (folder.Read(path) is not { } bytes)
        {
            faults.Add(
                start,
                LeftOutFile.Problem(folder, path) is { } problem ? $"the file {problem}"
                    : folder.HasFolder(path) ? "it is a folder"
                    : "there is no such file",
                "a file of the service (links are not followed)"
            );
            return null;
        }
        if (bytes.Length > maxBytes)
        {
            faults.Add(start, $"the file has {bytes.Length} bytes", $"at most {maxBytes}");
            return null;
        }
        try
        {
            return Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            faults.Add(start, "the file is not UTF-8 text", "a text file in UTF-8");
            return null;
        }
    }
}
