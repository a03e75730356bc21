using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Deployer.Protocols;

/// <summary>The seams between AWSSDK.Core's pipeline and a service's model: endpoint and signing scheme.</summary>
internal static class ServicePipeline
{
    /// <summary>What the clients call themselves in their requests.</summary>
    internal const string UserAgent = "deployer-aws-sdk";

    /// <summary>For <see cref="AmazonServiceClient.CustomizeRuntimePipeline"/>.</summary>
    internal static void Customize(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new RegionalEndpointResolver());
        pipeline.AddHandlerBefore<RegionalEndpointResolver>(new SignatureVersion4Handler());
    }

    /// <summary>How the pipeline writes the request and reads the answer of one operation.</summary>
    internal static InvokeOptions Options(ServiceModel service, string operation)
    {
        var model =
            service.FindOperation(operation)
            ?? throw new ArgumentException($"{service.Name} has no operation {operation}.", nameof(operation));
        return new InvokeOptions
        {
            RequestMarshaller = new ModelMarshaller(service, model),
            ResponseUnmarshaller = new ModelUnmarshaller(service, model),
        };
    }

    private sealed class SignatureVersion4Handler : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
    }
}
