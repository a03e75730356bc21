using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Sam;

/// <summary><c>AWS::Serverless::Function</c>.
/// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html</summary>
internal static class SamFunction
{
    private static readonly string[] Same =
    [
        "FunctionName",
        "Handler",
        "Runtime",
        "Architectures",
        "Timeout",
        "MemorySize",
        "Environment",
        "Description",
        "EphemeralStorage",
        "KmsKeyArn",
        "ReservedConcurrentExecutions",
        "LoggingConfig",
    ];

    public static void Generate(SamResource source, JsonObject resources)
    {
        source.AllowOnly([
            .. Same,
            "CodeUri",
            "InlineCode",
            "Role",
            "Policies",
            "PermissionsBoundary",
            "Tags",
            "Events",
            "Tracing",
            "VpcConfig",
            "PackageType",
        ]);
        if (source.Properties["PackageType"] is { } package && package.Text() != "Zip")
        {
            source.Limit("'PackageType' other than Zip is not supported by the rehearsal.");
            return;
        }

        var properties = new JsonObject
        {
            ["Code"] = source.Properties["InlineCode"] is { } inline
                ? new JsonObject { ["ZipFile"] = inline.DeepClone() }
                : source.S3Location("CodeUri", "S3Bucket", "S3Key", "S3ObjectVersion"),
        };
        source.Copy(properties, [.. Same, "VpcConfig"]);
        properties["Role"] = SamRole.Arn(source, "lambda.amazonaws.com", "lambda:createdBy", Managed(source), resources);
        properties["Tags"] = source.Tags("lambda:createdBy");
        if (source.Properties["Tracing"] is { } tracing)
        {
            properties["TracingConfig"] = new JsonObject { ["Mode"] = tracing.DeepClone() };
        }

        resources[source.Id] = source.Generated("AWS::Lambda::Function", properties, isMain: true);
        foreach (var (name, node) in source.Properties["Events"] as JsonObject ?? [])
        {
            SamEvent.Generate(source, name, node, resources);
        }
    }

    private static IEnumerable<string> Managed(SamResource source)
    {
        yield return "service-role/AWSLambdaBasicExecutionRole";
        if (source.Properties.ContainsKey("VpcConfig"))
        {
            yield return "service-role/AWSLambdaVPCAccessExecutionRole";
        }

        if (source.Properties["Tracing"].Text() == "Active")
        {
            yield return "AWSXrayWriteOnlyAccess";
        }
    }
}
