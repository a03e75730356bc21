using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Datomic;

/// <summary>The Lambda function behind a custom resource, which CloudFormation invokes with the stack's role.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-lambda.html</remarks>
internal static class CustomResourceFunction
{
    /// <summary>Judges whether the stack's role may invoke the resource's function; the function is not run.</summary>
    public static void Invoke(ResourceCall call) =>
        call.World.Api.Authorize(
            call.World.Api.CallAs(call.Principal, call.Region, "lambda", "Invoke", call.Account),
            [call.Properties.Required("ServiceToken")],
            "lambda:InvokeFunction"
        );
}
