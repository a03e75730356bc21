using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Deployer.Protocols;

/// <summary>Writes an operation's request for AWSSDK.Core's pipeline.</summary>
internal sealed class ModelMarshaller(ServiceModel service, OperationModel operation) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        foreach (var member in operation.Request.Members)
        {
            // Random, not seeded: the token must differ between processes. Who wants a repeatable one sets it.
            if (member.IdempotencyToken && member.Get(input) is null)
            {
                member.Set(input, new Guid(RandomNumberGenerator.GetBytes(16)).ToString());
            }
        }

        var parts = service.WriteRequest(operation, input);
        var request = new DefaultRequest(input, $"Amazon.{service.Name}") { HttpMethod = parts.Method, ResourcePath = parts.PathTemplate };
        foreach (var (label, value) in parts.Labels)
        {
            request.AddPathResource($"{{{label}}}", value);
        }
        foreach (var (name, value) in parts.Headers)
        {
            request.Headers[name] = value;
        }
        foreach (var group in parts.Query.GroupBy(pair => pair.Key, pair => pair.Value))
        {
            var values = group.ToList();
            if (values.Count == 1)
            {
                request.ParameterCollection.Add(group.Key, values[0]);
            }
            else
            {
                request.ParameterCollection.Add(group.Key, values);
            }
        }

        request.UseQueryString = parts.Query.Count > 0;
        if (parts.Body.Length > 0)
        {
            request.Content = parts.Body;
        }
        return request;
    }
}
