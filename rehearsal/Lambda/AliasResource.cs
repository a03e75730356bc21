using System.Text.Json.Nodes;
using Amazon.Lambda;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Lambda;

/// <summary>AWS::Lambda::Alias.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html</remarks>
internal sealed class AliasResource : IResourceType
{
    public string Name => "AWS::Lambda::Alias";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        CheckConcurrency(call.Properties);
        var arn = call.Invoke(LambdaModel.Service, "CreateAlias", Request(call.Properties))["AliasArn"].Text()!;
        return Identity(arn, ("AliasArn", arn));
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        CheckConcurrency(call.Properties);
        call.Invoke(LambdaModel.Service, "UpdateAlias", Request(call.Properties));
        return new ResourceIdentity(call.Current!.PhysicalId!, call.Current.Attributes);
    }

    public ResourceReading? Read(ResourceCall call)
    {
        call.Authorize("lambda", "GetAlias", call.Current!.PhysicalId!);
        var function = FunctionReference.Parse(call.Properties.Required("FunctionName"), call.Account, call.Region);
        return
            call.World.Store.Table<FunctionAlias>("lambda/aliases").Get($"{function.Key}/{call.Properties.Required("Name")}") is { } alias
            ? new ResourceReading(new JsonObject { ["FunctionVersion"] = alias.Version })
            : ResourceReading.Gone;
    }

    /// <summary>The SDK's part has no DeleteAlias; the record is removed under its permission.</summary>
    public void Delete(ResourceCall call)
    {
        call.Authorize("lambda", "DeleteAlias", call.Current!.PhysicalId!);
        var (function, alias) = (
            FunctionReference.Parse(call.Properties.Required("FunctionName"), call.Account, call.Region),
            call.Properties.Required("Name")
        );
        call.World.Store.Table<FunctionAlias>("lambda/aliases").Remove($"{function.Key}/{alias}");
    }

    /// <summary>
    /// The request for an alias: CloudFormation has a list of versions with their weights, and Lambda a map; one that is left out takes
    /// away what was there. Provisioned concurrency is a request of its own.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-alias-aliasroutingconfiguration.html
    /// </remarks>
    private static JsonObject Request(JsonObject properties)
    {
        var request = (JsonObject)properties.DeepClone();
        request.Remove("ProvisionedConcurrencyConfig");
        var weights = new JsonObject();
        foreach (var weight in (properties["RoutingConfig"]?["AdditionalVersionWeights"] as JsonArray ?? []).OfType<JsonObject>())
        {
            weights[weight.Required("FunctionVersion")] = double.Parse(
                weight.Required("FunctionWeight"),
                System.Globalization.CultureInfo.InvariantCulture
            );
        }

        request["RoutingConfig"] = new JsonObject { ["AdditionalVersionWeights"] = weights };
        return request;
    }

    /// <summary>
    /// What is provisioned shows in nothing that a rehearsal has; that it cannot be for <c>$LATEST</c> does
    /// (https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html).
    /// </summary>
    private static void CheckConcurrency(JsonObject properties)
    {
        if (properties["ProvisionedConcurrencyConfig"] is not null && properties.Text("FunctionVersion") == FunctionVersions.Latest)
        {
            throw new TemplateException(
                "Provisioned Concurrency Configs cannot be applied to unpublished function versions. (Service: Lambda, Status Code: 400)"
            );
        }
    }
}
