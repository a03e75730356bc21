using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Lambda;

/// <summary>AWS::Lambda::Function. An update of settings and code does one after the other, as the service demands.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html</remarks>
internal sealed class FunctionResource : IResourceType
{
    // Not an attribute that templates can name: the code still to be updated when the settings are.
    private const string CodeWaits = "(code waits)";
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset ZipEpoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Name => "AWS::Lambda::Function";

    public SimulatedDuration Duration(ResourceCall call) => Durations.FunctionInStack;

    public ResourceIdentity Create(ResourceCall call)
    {
        CheckReadable(call);
        var name = call.NameFrom("FunctionName");
        var request = Settings(call.Properties)
            .With("FunctionName", name)
            .With("Code", Code(call.Properties))
            .With("PackageType", call.Properties["PackageType"])
            .With("Architectures", call.Properties["Architectures"])
            .With("Tags", call.Tags().AsList());
        var arn = call.Invoke(LambdaModel.Service, "CreateFunction", request)["FunctionArn"].Text()!;
        Reserve(call, name, null);
        return Identity(name, ("Arn", arn));
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        var (name, before) = (call.Current!.PhysicalId!, call.Current.Properties);
        var identity = Identity(name, ("Arn", call.Current.Attributes["Arn"].DeepClone()));
        CheckReadable(call);
        var codeChanges =
            !Nodes.Same(before["Code"], call.Properties["Code"]) || !Nodes.Same(before["Architectures"], call.Properties["Architectures"]);
        if (!Nodes.Same(Settings(before), Settings(call.Properties)))
        {
            call.Invoke(LambdaModel.Service, "UpdateFunctionConfiguration", Settings(call.Properties).With("FunctionName", name));
            identity = codeChanges ? Identity(name, ("Arn", call.Current.Attributes["Arn"].DeepClone()), (CodeWaits, true)) : identity;
        }
        else if (codeChanges)
        {
            UpdateCode(call, name);
        }

        Reserve(call, name, before);
        Retag(call, name);
        return identity;
    }

    public void Delete(ResourceCall call) =>
        call.InvokeUnlessGone(LambdaModel.Service, "DeleteFunction", new JsonObject { ["FunctionName"] = call.Current!.PhysicalId });

    /// <remarks>Code is not compared: what a template says of it is where it lies, and not what it is.</remarks>
    public ResourceReading? Read(ResourceCall call)
    {
        try
        {
            var answer = call.Invoke(LambdaModel.Service, "GetFunction", new JsonObject { ["FunctionName"] = call.Current!.PhysicalId });
            var configuration = (JsonObject)answer["Configuration"]!.DeepClone();
            configuration["Environment"] ??= new JsonObject();
            configuration["Environment"]!["Variables"] ??= new JsonObject();
            return new ResourceReading(configuration);
        }
        catch (ResourceNotFoundException)
        {
            return new ResourceReading(null);
        }
    }

    public ResourceProgress Look(ResourceCall call)
    {
        if (call.Action == StepAction.Delete)
        {
            return ResourceProgress.Ready;
        }

        var name = call.Current!.PhysicalId!;
        var function = call.Invoke(LambdaModel.Service, "GetFunction", new JsonObject { ["FunctionName"] = name })["Configuration"]!;
        var (state, update) = (function["State"].Text(), function["LastUpdateStatus"].Text());
        if (state == "Failed" || update == "Failed")
        {
            return ResourceProgress.Failed(
                $"Resource of type 'AWS::Lambda::Function' with identifier '{name}' did not stabilize: "
                    + $"{function["StateReason"].Text() ?? function["LastUpdateStatusReason"].Text()}"
            );
        }

        if (state == "Pending" || update == "InProgress")
        {
            return ResourceProgress.NotYet(LookAgain);
        }

        if (!call.Current.Attributes.ContainsKey(CodeWaits))
        {
            return ResourceProgress.Ready;
        }

        UpdateCode(call, name);
        return ResourceProgress.NotYet(LookAgain) with { Identity = Identity(name, ("Arn", call.Current.Attributes["Arn"].DeepClone())) };
    }

    private static void Retag(ResourceCall call, string name)
    {
        var present = (
            call.Invoke(LambdaModel.Service, "GetFunction", new JsonObject { ["FunctionName"] = name })["Tags"] as JsonObject ?? []
        ).ToDictionary(tag => tag.Key, tag => tag.Value.Text() ?? "");
        var wanted = call.Tags();
        var arn = call.Current!.Attributes["Arn"]!.DeepClone();
        if (wanted.Where(tag => present.GetValueOrDefault(tag.Key) != tag.Value).ToList() is { Count: > 0 } added)
        {
            var tags = new JsonObject(added.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)));
            call.Invoke(LambdaModel.Service, "TagResource", new JsonObject { ["Resource"] = arn.DeepClone(), ["Tags"] = tags });
        }

        if (present.Keys.Where(key => !wanted.ContainsKey(key)).ToList() is { Count: > 0 } gone)
        {
            var keys = new JsonArray([.. gone.Select(key => (JsonNode)key)]);
            call.Invoke(LambdaModel.Service, "UntagResource", new JsonObject { ["Resource"] = arn.DeepClone(), ["TagKeys"] = keys });
        }
    }

    /// <summary>Lambda reads a package with the permissions of whoever makes the function.</summary>
    private static void CheckReadable(ResourceCall call)
    {
        var code = call.Properties["Code"];
        if (code?["S3Bucket"].Text() is { } bucket && code["S3Key"].Text() is { } key && call.World.Api.Find("s3") is not null)
        {
            S3Texts.Read(call.World, call.Principal, call.Region, bucket, key);
        }
    }

    private static void UpdateCode(ResourceCall call, string name) =>
        call.Invoke(
            LambdaModel.Service,
            "UpdateFunctionCode",
            Code(call.Properties).With("FunctionName", name).With("Architectures", call.Properties["Architectures"])
        );

    private static void Reserve(ResourceCall call, string name, JsonObject? before)
    {
        var wanted = call.Properties.Number("ReservedConcurrentExecutions");
        if (wanted == before?.Number("ReservedConcurrentExecutions"))
        {
            return;
        }

        var request = new JsonObject { ["FunctionName"] = name }.With("ReservedConcurrentExecutions", wanted);
        call.Invoke(LambdaModel.Service, wanted is null ? "DeleteFunctionConcurrency" : "PutFunctionConcurrency", request);
    }

    private static JsonObject Settings(JsonObject properties) =>
        properties.Without("FunctionName", "Code", "PackageType", "Architectures", "Tags", "ReservedConcurrentExecutions");

    private static JsonObject Code(JsonObject properties)
    {
        var code =
            (JsonObject?)properties["Code"]?.DeepClone()
            ?? throw new TemplateException("Properties validation failed for resource with message: [#: required key [Code] not found]");
        if (code["ZipFile"].Text() is { } source)
        {
            code["ZipFile"] = Zip(
                properties.Text("Runtime")?.StartsWith("python", StringComparison.Ordinal) == true ? "index.py" : "index.js",
                source
            );
        }

        return code;
    }

    /// <summary>Source text in a template becomes the one file of an archive.</summary>
    private static string Zip(string file, string source)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry(file);
            entry.LastWriteTime = ZipEpoch;
            using var writer = entry.Open();
            writer.Write(Encoding.UTF8.GetBytes(source));
        }

        return Convert.ToBase64String(stream.ToArray());
    }
}
