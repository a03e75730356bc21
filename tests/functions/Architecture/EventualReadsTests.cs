using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>What the functions read of AWS stands in docs/how-it-works.md, with what is known of it and what is done about it.</summary>
public sealed partial class EventualReadsTests
{
    private const string Section = "## Reads that may be late";

    [Fact]
    public void Every_read_that_the_functions_make_is_listed_and_no_other() =>
        Listed().Distinct().Order().ShouldBe(Called().Distinct().Order());

    [Fact]
    public void Every_row_says_what_AWS_says_and_what_is_done() =>
        Rows().ShouldAllBe(cells => cells.Length == 3 && cells.All(cell => cell.Length > 0));

    [Fact]
    public void Every_row_has_a_link_to_what_AWS_says_or_says_that_nothing_is_documented() =>
        Rows().ShouldAllBe(cells => Source().IsMatch(cells[1]));

    /// <summary>The operations whose names say that they read, of all clients, as the compiled functions call them.</summary>
    private static List<string> Called()
    {
        using var file = new PEReader(File.OpenRead(typeof(DeployerException).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var found = new List<string>();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (
                member.Parent.Kind == HandleKind.TypeReference
                && metadata.GetTypeReference((TypeReferenceHandle)member.Parent) is var type
                && metadata.GetString(type.Namespace).StartsWith("Amazon.", StringComparison.Ordinal)
                && metadata.GetString(type.Name).StartsWith("IAmazon", StringComparison.Ordinal)
                && Read().Match(metadata.GetString(member.Name)) is { Success: true } read
            )
            {
                found.Add(read.Groups["operation"].Value);
            }
        }

        found.Count.ShouldBeGreaterThan(30);
        return found;
    }

    private static IEnumerable<string> Listed() =>
        Rows()
            .SelectMany(cells => Operation().Matches(cells[0]))
            .Select(match => match.Groups["operation"].Value)
            .Where(name => Read().IsMatch(name + "Async"));

    private static IEnumerable<string[]> Rows() =>
        File.ReadLines(Path.Combine(Repository.Root, "docs", "how-it-works.md"))
            .SkipWhile(line => line != Section)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1)
            .Select(line => line.Trim('|', ' ').Split(" | "));

    [GeneratedRegex(@"^(?<operation>(Describe|Get|List|BatchGet|Query|Scan|Head|Filter|Search)\w*)Async$", RegexOptions.ExplicitCapture)]
    private static partial Regex Read();

    [GeneratedRegex(@"\]\(https://(docs\.aws\.amazon\.com|docs\.datomic\.com)/[^)\s]+\)|not documented|nothing is documented|^as above$")]
    private static partial Regex Source();

    [GeneratedRegex("`(?<operation>[A-Z][A-Za-z0-9]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Operation();
}
