using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Deployer.Protocols;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Calls of the simulated services with the permissions of a stack's principal.</summary>
internal static class ServiceCalls
{
    /// <summary>Calls an operation with properties, brought into the shape of its request.</summary>
    /// <exception cref="ApiException">The service's error.</exception>
    /// <exception cref="TemplateException">A property does not fit the request.</exception>
    public static JsonObject Invoke(this ResourceCall call, ServiceModel model, string operation, JsonObject properties)
    {
        var known =
            model.FindOperation(operation)
            ?? throw new ApiException("UnknownOperationException", $"The rehearsal does not simulate {model.SigningName}:{operation}.");
        var document = PropertyShapes.Fit((Shape)known.Request, properties);
        try
        {
            return JsonObject.Create(
                    call.World.Api.InvokeDocument(
                        call.Principal,
                        call.Region,
                        model.SigningName,
                        operation,
                        JsonSerializer.SerializeToElement(document)
                    )
                ) ?? [];
        }
        catch (AmazonServiceException e)
        {
            var name = e.GetType().Name;
            throw new ApiException(string.IsNullOrEmpty(e.ErrorCode) ? name : e.ErrorCode, e.Message);
        }
    }

    /// <summary>Calls an operation that ends something; what is gone already is no error.</summary>
    public static void InvokeUnlessGone(this ResourceCall call, ServiceModel model, string operation, JsonObject properties) =>
        UnlessGone(() => call.Invoke(model, operation, properties));

    /// <summary>Ends something; what is gone already is no error.</summary>
    public static void UnlessGone(Action end)
    {
        try
        {
            end();
        }
        catch (ApiException e)
            when (e.Code.Contains("NotFound", StringComparison.Ordinal)
                || e.Code.Contains("NoSuch", StringComparison.Ordinal)
                || e.Code.Contains("DoesNotExist", StringComparison.Ordinal)
            )
        {
            // It is gone, which is what was asked for.
        }
    }

    /// <summary>Records and judges a call that is carried out by the service's own records.</summary>
    public static void Authorize(
        this ResourceCall call,
        string service,
        string operation,
        string resource,
        IReadOnlyDictionary<string, string>? conditionKeys = null
    ) =>
        call.World.Api.Authorize(
            call.World.Api.CallAs(call.Principal, call.Region, service, operation, call.Account),
            [resource],
            $"{service}:{operation}",
            conditionKeys: conditionKeys
        );

    /// <summary>The resource's own tags with the stack's, which give way.</summary>
    public static SortedDictionary<string, string> Tags(this ResourceCall call)
    {
        var tags = new SortedDictionary<string, string>(
            call.StackTags.Where(tag => !tag.Key.StartsWith("aws:", StringComparison.Ordinal)).ToDictionary(),
            StringComparer.Ordinal
        );
        foreach (var tag in (call.Properties["Tags"] as JsonArray ?? []).OfType<JsonObject>())
        {
            tags[tag.Required("Key")] = tag.Text("Value") ?? "";
        }

        // Some types take a map, e.g. AWS::SSM::Parameter.
        foreach (var (key, value) in call.Properties["Tags"] as JsonObject ?? [])
        {
            tags[key] = value.Text() ?? "";
        }

        return tags;
    }

    /// <summary>Whether an update gives one of these properties another value.</summary>
    public static bool Changes(this ResourceCall call, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!Nodes.Same(call.Properties[name], call.Current!.Properties[name]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the resource's tags, the stack's among them, are to become others than it has.</summary>
    public static bool ChangesTags(this ResourceCall call, IReadOnlyDictionary<string, string> present)
    {
        var wanted = call.Tags();
        return wanted.Count != present.Count || wanted.Any(tag => present.GetValueOrDefault(tag.Key) != tag.Value);
    }

    /// <summary>
    /// Gives a resource the tags that its template and its stack ask for, as its handler does: what is new by one action, what is gone by
    /// another (the types' schemas name both: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html).
    /// </summary>
    /// <param name="call">The update.</param>
    /// <param name="service">The service of both actions.</param>
    /// <param name="arn">The resource.</param>
    /// <param name="present">The tags that it has.</param>
    /// <param name="put">Writes the tags down.</param>
    public static void Retag(
        this ResourceCall call,
        string service,
        string arn,
        IReadOnlyDictionary<string, string> present,
        Action<SortedDictionary<string, string>> put
    )
    {
        var wanted = call.Tags();
        if (wanted.Any(tag => present.GetValueOrDefault(tag.Key) != tag.Value))
        {
            call.Authorize(service, "TagResource", arn);
        }

        if (present.Keys.Any(key => !wanted.ContainsKey(key)))
        {
            call.Authorize(service, "UntagResource", arn);
        }

        if (call.ChangesTags(present))
        {
            put(wanted);
        }
    }

    /// <summary>Some properties under their own names; those that are not given are left out.</summary>
    public static JsonObject Taken(this JsonObject properties, params IEnumerable<string> names) =>
        new(names.Where(properties.ContainsKey).Select(name => KeyValuePair.Create(name, properties[name]?.DeepClone())));

    /// <summary>All properties but some.</summary>
    public static JsonObject Without(this JsonObject properties, params string[] names) =>
        properties.Taken(properties.Select(p => p.Key).Where(name => !names.Contains(name)));

    /// <summary>An object with one more member, left out when it has no value.</summary>
    public static JsonObject With(this JsonObject document, string name, JsonNode? value)
    {
        if (value is not null)
        {
            document[name] = value.Parent is null ? value : value.DeepClone();
        }

        return document;
    }

    /// <summary>Tags as the list that most APIs take; null when there are none.</summary>
    public static JsonArray? AsList(this SortedDictionary<string, string> tags) =>
        tags.Count == 0 ? null : [.. tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })];

    /// <summary>The text of an S3 object.</summary>
    public static string ReadObject(this ResourceCall call, string bucket, string key) =>
        S3Texts.Read(call.World, call.Principal, call.Region, bucket, key);
}
