using System.Globalization;
using System.Net;
using System.Text;
using Amazon.CloudFormation.Model;
using Amazon.S3;
using Amazon.S3.Util;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>
/// What CloudFormation reads from elsewhere when it works on a stack, as it is now: contents of templates at addresses, versions of
/// parameters of Systems Manager. It is read before the change set is made, so that a change in between is noticed later.
/// </summary>
/// <param name="Values">Digest, or version and its moment, of each, by what it is; no value is kept, since some are secret.</param>
/// <param name="Unknown">A sentence for each thing that cannot be compared.</param>
internal sealed record ExternalInputs(IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Unknown)
{
    private const int MostTemplates = 50;
    private const int ParametersInARequest = 10;

    // A parameter that is deleted and made again begins with version 1 again; the moment at which a version was made tells the two apart
    // (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Parameter.html, LastModifiedDate).
    private const string Since = " since ";

    /// <summary>Reads the external inputs of a stack.</summary>
    /// <param name="run">The step.</param>
    /// <param name="inputs">What the step gives.</param>
    /// <param name="present">The stack as it is, whose values parameters keep that the step does not give; <see langword="null"/> for
    /// none.</param>
    public static async Task<ExternalInputs> Read(StepRun run, StackInputs inputs, Stack? present)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var parameters = new SortedSet<string>(StringComparer.Ordinal);
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        var contents = new Dictionary<string, string?>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var templates = new Queue<(string Name, string Text, IReadOnlyDictionary<string, string?>? Given)>();
        if (inputs.TemplateBody is { } body)
        {
            templates.Enqueue((inputs.File ?? inputs.Stack, body, null));
        }
        else
        {
            await Add(inputs.TemplateUrl!, null);
        }

        while (templates.TryDequeue(out var template))
        {
            var included = TemplateInclusions.Read(
                template.Text,
                template.Name,
                name => PseudoParameter(run, name) ?? (template.Given is null ? Value(inputs, present, name) : null),
                template.Given
            );
            parameters.UnionWith(included.SsmParameters);
            unknown.UnionWith(included.Unknown);
            foreach (var nested in included.Included)
            {
                if (!seen.Add(nested.Identity))
                {
                    continue;
                }

                if (seen.Count > MostTemplates)
                {
                    unknown.Add($"stack {inputs.Stack} has more than {MostTemplates} templates");
                    break;
                }

                await Add(nested.Address, nested.Given);
            }
        }

        await AddVersions(run.Account.Parameters, parameters, values, unknown);
        return new ExternalInputs(values, [.. unknown]);

        async Task Add(string address, IReadOnlyDictionary<string, string?>? given)
        {
            if (inputs.Packaged(address) is { } own)
            {
                templates.Enqueue((own.File, own.Text(), given));
                return;
            }

            if (!contents.TryGetValue(address, out var content))
            {
                contents[address] = content = await Content(run.Account.S3, address, unknown);
            }

            if (content is not null)
            {
                values[$"template {address}"] = Names.Digest(content);
                templates.Enqueue((address, content, given));
            }
        }
    }

    /// <summary>What differs from what was used before, and what cannot be compared.</summary>
    /// <param name="used">What was used.</param>
    public IEnumerable<string> Differences(IReadOnlyDictionary<string, string> used) =>
        Values
            .Keys.Union(used.Keys)
            .Where(what => Values.GetValueOrDefault(what) != used.GetValueOrDefault(what))
            .Except(OfKnownVersionOnly(used))
            .Order(StringComparer.Ordinal);

    /// <summary>A sentence for each thing of which it cannot be said whether it is what was used before.</summary>
    /// <param name="used">What was used.</param>
    public IReadOnlyList<string> NotComparable(IReadOnlyDictionary<string, string> used) =>
        [
            .. Unknown,
            .. OfKnownVersionOnly(used)
                .Order(StringComparer.Ordinal)
                .Select(what => $"only the version of {what} was recorded by the last deployment"),
        ];

    /// <summary>Parameters with the version that was used, whose moment a record of an earlier deployer does not have.</summary>
    private IEnumerable<string> OfKnownVersionOnly(IReadOnlyDictionary<string, string> used) =>
        Values
            .Where(value =>
                used.TryGetValue(value.Key, out var before) && value.Value.StartsWith($"{before}{Since}", StringComparison.Ordinal)
            )
            .Select(value => value.Key);

    /// <summary>The value of a pseudo parameter that is the same for every stack of the target.</summary>
    public static string? PseudoParameter(StepRun run, string name) =>
        name switch
        {
            "AWS::Region" => run.Account.Region,
            "AWS::AccountId" => run.Account.Account,
            "AWS::Partition" => run.Account.Region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn" : "aws",
            "AWS::URLSuffix" => run.Account.Region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com",
            _ => null,
        };

    private static string? Value(StackInputs inputs, Stack? present, string name) =>
        name == "AWS::StackName"
            ? inputs.Stack
            : inputs.Parameters.GetValueOrDefault(name)
                ?? present?.Parameters?.Find(parameter => parameter.ParameterKey == name)?.ParameterValue;

    /// <summary>The text of a template at an address.</summary>
    /// <param name="s3">The account's S3.</param>
    /// <param name="address">The address.</param>
    /// <param name="unknown">Takes a sentence when it cannot be read.</param>
    public static async Task<string?> Content(IAmazonS3 s3, string address, SortedSet<string> unknown)
    {
        var (bucket, key) =
            address.Split("://", 2) is ["s3", var path] && path.Split('/', 2) is [var first, var rest] ? (first, rest)
            : AmazonS3Uri.TryParseAmazonS3Uri(address, out var uri) ? (uri.Bucket, uri.Key)
            : (null, null);
        if (bucket is null || key is null)
        {
            unknown.Add($"the template at {address} cannot be read: it is no address in S3");
            return null;
        }

        try
        {
            using var answer = await s3.GetObjectAsync(bucket, key);
            using var reader = new StreamReader(answer.ResponseStream, Encoding.UTF8);
            return await reader.ReadToEndAsync();
        }
        catch (AmazonS3Exception exception)
            when (exception.StatusCode
                    is HttpStatusCode.NotFound
                        or HttpStatusCode.Forbidden
                        or HttpStatusCode.MovedPermanently
                        or HttpStatusCode.TemporaryRedirect
                        or HttpStatusCode.BadRequest
            )
        {
            unknown.Add($"the template at {address} cannot be read: {exception.Message}");
            return null;
        }
    }

    private static async Task AddVersions(
        IAmazonSimpleSystemsManagement parameters,
        IReadOnlyCollection<string> names,
        SortedDictionary<string, string> values,
        SortedSet<string> unknown
    )
    {
        foreach (var some in names.Chunk(ParametersInARequest))
        {
            try
            {
                await Add(some);
            }
            catch (AmazonSimpleSystemsManagementException exception) when (exception.ErrorCode == "AccessDeniedException")
            {
                foreach (var name in some)
                {
                    try
                    {
                        await Add([name]);
                    }
                    catch (AmazonSimpleSystemsManagementException denied) when (denied.ErrorCode == "AccessDeniedException")
                    {
                        // https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
                        var of = name.StartsWith("/aws/service/", StringComparison.Ordinal)
                            ? $"on arn:aws:ssm:*::parameter{name}, which is of no account"
                            : "on it";
                        unknown.Add($"the parameter {name} of Systems Manager cannot be read: allow ssm:GetParameters {of}");
                    }
                }
            }
        }

        async Task Add(string[] some)
        {
            var answer = await parameters.GetParametersAsync(new GetParametersRequest { Names = [.. some] });
            foreach (var parameter in answer.Parameters ?? [])
            {
                var name = $"{parameter.Name}{parameter.Selector}";
                values[$"parameter {name} of Systems Manager"] = string.Create(
                    CultureInfo.InvariantCulture,
                    $"version {parameter.Version}{Since}{parameter.LastModifiedDate?.ToUniversalTime():O}"
                );
            }
        }
    }
}
