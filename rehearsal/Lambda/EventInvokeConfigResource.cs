using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Lambda;

/// <summary>AWS::Lambda::EventInvokeConfig. The SDK's part has no such operations; the record is kept under their permissions.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html
/// </remarks>
internal sealed class EventInvokeConfigResource : IResourceType
{
    public string Name => "AWS::Lambda::EventInvokeConfig";

    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        Put(call, "PutFunctionEventInvokeConfig");
        return Identity($"{call.Properties.Required("FunctionName")}|{call.Properties.Required("Qualifier")}");
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        Put(call, "UpdateFunctionEventInvokeConfig");
        return new ResourceIdentity(call.Current!.PhysicalId!, call.Current.Attributes);
    }

    public void Delete(ResourceCall call)
    {
        var function = Function(call);
        call.Authorize("lambda", "DeleteFunctionEventInvokeConfig", function.QualifiedArn);
        new EventInvokeConfigs(call.World).Remove(function);
    }

    private static void Put(ResourceCall call, string action)
    {
        var function = Function(call);
        call.Authorize("lambda", action, function.QualifiedArn);
        var queue = call.Properties["DestinationConfig"]?["OnFailure"]?["Destination"].Text();
        if (queue is not null)
        {
            CheckDestination(call, function, queue);
        }

        new EventInvokeConfigs(call.World).Put(
            function,
            new EventInvokeConfig(
                queue,
                call.Properties.Number("MaximumRetryAttempts"),
                call.Properties.Number("MaximumEventAgeInSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null
            )
        );
    }

    /// <summary>Lambda sends with the function's role, and takes no destination that the role cannot reach.</summary>
    /// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html</remarks>
    private static void CheckDestination(ResourceCall call, FunctionReference function, string queue)
    {
        // https://docs.aws.amazon.com/lambda/latest/api/API_OnFailure.html
        if (!queue.StartsWith("arn:", StringComparison.Ordinal))
        {
            throw new ApiException(
                "ValidationException",
                $"1 validation error detected: Value '{queue}' at 'destinationConfig.onFailure.destination' failed to satisfy constraint: "
                    + @"Member must satisfy regular expression pattern: ^$|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:"
                    + @"([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*)"
            );
        }

        if (!queue.StartsWith("arn:aws:sqs:", StringComparison.Ordinal))
        {
            throw new ApiException("InvalidParameterValueException", $"the rehearsal simulates queues as destinations only, not {queue}");
        }

        if (call.World.Store.Table<Function>("lambda/functions").Get(function.Key) is not { } known)
        {
            throw new ApiException("ResourceNotFoundException", $"The function '{function.QualifiedArn}' doesn't exist.", 404);
        }

        try
        {
            EventQueue.CheckDestination(call.World, known, queue);
        }
        catch (ApiException)
        {
            throw new ApiException(
                "InvalidParameterValueException",
                "The function's execution role does not have permissions to call SendMessage on the destination"
            );
        }
    }

    private static FunctionReference Function(ResourceCall call) =>
        FunctionReference.Parse(call.Properties.Required("FunctionName"), call.Account, call.Region, call.Properties.Required("Qualifier"));
}
