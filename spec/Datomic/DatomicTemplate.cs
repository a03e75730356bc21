using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Datomic;

/// <summary>One of Datomic's own templates, known by its address.</summary>
/// <param name="Kind">Which of Datomic's stacks it makes.</param>
/// <param name="Release">Its release.</param>
public sealed partial record DatomicTemplate(StackKind Kind, DatomicRelease Release)
{
    /// <summary>Reads an address.</summary>
    /// <param name="address">
    /// <c>…/cft/1217/compute-template-9399-1217.json</c>, or as until 2019 <c>…/cft/535-8812/datomic-query-group-535-8812.json</c>
    /// (https://docs.datomic.com/releases.html; jdhollis/datomic-terraform-example).
    /// </param>
    /// <param name="template">The template; null for any other address.</param>
    public static bool TryParse(string address, [NotNullWhen(true)] out DatomicTemplate? template)
    {
        var match = Address().Match(address) is { Success: true } present ? present : OldAddress().Match(address);
        template = match.Success
            ? new DatomicTemplate(
                KindOf(match.Groups["kind"].Value),
                new DatomicRelease(
                    int.Parse(match.Groups["cft"].ValueSpan, CultureInfo.InvariantCulture),
                    decimal.Parse(match.Groups["code"].ValueSpan, CultureInfo.InvariantCulture)
                )
            )
            : null;
        return match.Success;
    }

    // "compute", and before 884-9095 also "production-compute" and "solo-compute".
    private static StackKind KindOf(string kind) =>
        kind switch
        {
            "storage" => StackKind.DatomicStorage,
            "query-group" => StackKind.DatomicQueryGroup,
            _ => StackKind.DatomicCompute,
        };

    [GeneratedRegex(
        @"/cft/(?<cft>\d{1,6})/(?<kind>storage|compute|query-group)-template-(?<code>\d{1,6}(\.\d)?)-\k<cft>\.json\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Address();

    [GeneratedRegex(
        @"/cft/(?<cft>\d{1,6})-(?<code>\d{1,6}(\.\d)?)/datomic-(?<kind>storage|[a-z]+-compute|query-group)-\k<cft>-\k<code>\.json\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex OldAddress();
}
