using System.Text.RegularExpressions;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Where in a stack a change set failed of which CloudFormation says only that it did. What it refuses of a nested stack's parameters or
/// template when it begins the nested change set becomes the reason of the root's, word for word (aws-cloudformation/rain#526,
/// aws-cloudformation/cloudformation-coverage-roadmap#1212); what fails later stands in the nested change set, and the root's reason has
/// its ARN alone (awslabs/amazon-s3-find-and-forget#224). The same of the root itself is refused in the request that makes the change set.
/// </summary>
internal static partial class NestedRefusals
{
    private const int Depth = 5;
    private const int MostTemplates = 50;

    /// <summary>The failed change set of a nested stack that a reason names, with the nested stacks that it is in.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="root">The change set that failed.</param>
    public static async Task<(IReadOnlyList<string> Path, DescribeChangeSetResponse ChangeSet)> Failed(
        IAmazonCloudFormation cloudFormation,
        DescribeChangeSetResponse root
    )
    {
        var path = new List<string>();
        var failed = root;
        while (path.Count < Depth && ChangeSet().Match(failed.StatusReason ?? string.Empty) is { Success: true } match)
        {
            DescribeChangeSetResponse nested;
            try
            {
                nested = await cloudFormation.DescribeChangeSetAsync(
                    new DescribeChangeSetRequest { ChangeSetName = match.Groups["id"].Value }
                );
            }
            catch (AmazonCloudFormationException exception) when (exception is ChangeSetNotFoundException or { ErrorCode: "AccessDenied" })
            {
                // What could not be read is not why the change set failed.
                break;
            }

            path.Add(LogicalId(nested.StackName, failed.StackName));
            failed = nested;
        }

        return (path, failed);
    }

    /// <summary>
    /// The nested stacks that a reason can be about, each by the logical ids that lead to it; none where it can be any.
    /// </summary>
    /// <param name="run">The step.</param>
    /// <param name="inputs">What the step gives.</param>
    /// <param name="reason">CloudFormation's reason.</param>
    /// <param name="failed">The nested stack whose change set has the reason; none for the root's.</param>
    public static async Task<IReadOnlyList<string>> Places(StepRun run, StackInputs inputs, string reason, IReadOnlyList<string> failed)
    {
        var around = string.Concat(failed.Select(nested => $"{nested}/"));
        var within = (await Named(run, inputs, reason)).Where(place => place.StartsWith(around, StringComparison.Ordinal)).ToList();
        return within.Count > 0 ? within
            : failed.Count > 0 ? [around.TrimEnd('/')]
            : [];
    }

    private static async Task<IReadOnlyList<string>> Named(StepRun run, StackInputs inputs, string reason)
    {
        var match = Parameters().Match(reason);
        string[] names = [.. match.Groups["name"].Captures.Select(name => name.Value)];
        var isOfAddress = reason.StartsWith(StackReasons.S3, StringComparison.Ordinal);
        if (names.Length == 0 && !isOfAddress)
        {
            return [];
        }

        var places = new List<string>();
        var unread = new SortedSet<string>();
        var templates = new Queue<(string Path, string Text, IReadOnlyDictionary<string, string?>? Given)>();
        if (await Text(inputs.TemplateUrl) is { } root)
        {
            templates.Enqueue((string.Empty, root, null));
        }

        for (var count = 0; count < MostTemplates && templates.TryDequeue(out var template); count++)
        {
            var included = TemplateInclusions.Read(
                template.Text,
                "template",
                name =>
                    ExternalInputs.PseudoParameter(run, name)
                    ?? (template.Given is null ? inputs.Parameters.GetValueOrDefault(name) : null),
                template.Given
            );
            foreach (var nested in included.Included.Where(nested => nested.LogicalId is not null))
            {
                var path = $"{template.Path}{nested.LogicalId}";
                var text = await Text(nested.Address);
                if (isOfAddress ? text is null : Array.TrueForAll(names, name => nested.Given.ContainsKey(name) || Declares(text, name)))
                {
                    places.Add(isOfAddress ? $"{path} (the template {nested.Address})" : path);
                }

                if (text is not null)
                {
                    templates.Enqueue(($"{path}/", text, nested.Given));
                }
            }
        }

        return places;

        async Task<string?> Text(string? address) =>
            address is null ? inputs.TemplateBody
            : inputs.Packaged(address) is { } own ? own.Text()
            : await ExternalInputs.Content(run.Account.S3, address, unread);
    }

    private static bool Declares(string? text, string parameter) =>
        text is not null && TemplateInterface.Read(text, "template", _ => null)?.Parameters.Contains(parameter) == true;

    /// <summary>
    /// A nested stack is named for the stack around it and its logical id, and something random:
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
    /// </summary>
    private static string LogicalId(string nested, string outer) =>
        nested.StartsWith($"{outer}-", StringComparison.Ordinal)
        && nested[(outer.Length + 1)..] is var rest
        && rest.LastIndexOf('-') is > 0 and var end
            ? rest[..end]
            : nested;

    [GeneratedRegex(@"^Nested change set (?<id>arn:\S+) was not successfully created\b", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ChangeSet();

    // Parameter 'A' must …; Parameter A failed to satisfy constraint …; Each value of parameter 'A' must …; Parameters: [A, B] must have
    // values; Parameters: [A, B] do not exist in the template.
    [GeneratedRegex(
        @"^(Parameter |Each value of parameter )('(?<name>\w+)' |(?<name>\w+) failed )"
            + @"|^Parameters: \[(?<name>\w+)(, *(?<name>\w+))*\] (must have values|do not exist in the template)",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Parameters();
}
