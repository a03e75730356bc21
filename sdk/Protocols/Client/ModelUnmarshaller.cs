using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace Deployer.Protocols;

/// <summary>
/// Reads an operation's answer for AWSSDK.Core's pipeline. The whole answer is read first: none of these operations streams.
/// </summary>
internal sealed class ModelUnmarshaller(ServiceModel service, OperationModel operation) : ResponseUnmarshaller
{
    public override AmazonWebServiceResponse Unmarshall(UnmarshallerContext input)
    {
        var response = (AmazonWebServiceResponse)operation.Response.Create();
        var requestId = service.ReadResponse(operation, Answer(input), response);
        response.ResponseMetadata = new ResponseMetadata { RequestId = requestId };
        return response;
    }

    public override AmazonServiceException UnmarshallException(
        UnmarshallerContext input,
        Exception innerException,
        HttpStatusCode statusCode
    )
    {
        var answer = service.ReadError(Answer(input));
        var message = answer.Message ?? $"The service answered with status {(int)statusCode} and no message.";
        var error = service.Errors.FirstOrDefault(e => string.Equals(e.Code, answer.Code, StringComparison.Ordinal));
        var exception = (error?.Create ?? service.UndeclaredError)(
            message,
            innerException,
            answer.Type,
            answer.Code,
            answer.RequestId,
            statusCode
        );
        if (error is not null)
        {
            answer.ReadMembers(error.Shape, exception);
        }
        return exception;
    }

    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream,
        bool maintainResponseBody,
        IWebResponseData response,
        bool isException
    ) => new JsonUnmarshallerContext(responseStream, maintainResponseBody, response, isException);

    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream,
        bool maintainResponseBody,
        IWebResponseData response,
        bool isException,
        IRequestContext requestContext
    ) => new JsonUnmarshallerContext(responseStream, maintainResponseBody, response, isException, requestContext);

    private static HttpAnswer Answer(UnmarshallerContext context)
    {
        // The context is only the way to the bytes; the protocol reads them, whatever they are.
        using var body = new MemoryStream();
        ((JsonUnmarshallerContext)context).Stream.CopyTo(body);
        var data = context.ResponseData;
        var headers = data.GetHeaderNames().ToDictionary(name => name, data.GetHeaderValue, StringComparer.OrdinalIgnoreCase);
        return new HttpAnswer((int)data.StatusCode, headers, body.ToArray());
    }
}
