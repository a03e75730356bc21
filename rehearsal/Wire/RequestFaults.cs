using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>
/// Injects the faults that strike requests of functions, builds and state machines, once they are allowed and before they have their
/// effect.
/// </summary>
internal sealed class RequestFaults(RehearsalWorld world)
{
    private string? _counted;

    /// <summary>Fails a call when its turn has come.</summary>
    /// <exception cref="ApiException">The service's failure, or its refusal of too many requests.</exception>
    /// <exception cref="ConnectionLostException">The connection is lost before the call has its effect.</exception>
    public void Strike(Call call)
    {
        // A call may be judged more than once. What people do is the rehearsal's own.
        if (world.Faults.Requests.Count == 0 || call.ActorKey is null || call.RequestId == _counted || world.SeesPresent(call.ActorKey))
        {
            return;
        }

        _counted = call.RequestId;
        if (IsAnswerLost(call.Service, call.Operation))
        {
            call.Connection!.IsLost = true;
        }
    }

    /// <summary>Fails a request of an operation when its turn has come, before it has its effect.</summary>
    /// <param name="service">The service's signing name.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>Whether its answer is lost after it had its effect.</returns>
    /// <exception cref="ApiException">The service's failure, or its refusal of too many requests.</exception>
    /// <exception cref="ConnectionLostException">The connection is lost before the request has its effect.</exception>
    public bool IsAnswerLost(string service, string operation)
    {
        var number = world.Faults.Count(service, operation);
        if (
            world.Faults.Requests.FirstOrDefault(fault =>
                fault.Service == service && fault.Operation == operation && (fault.Number ?? number) == number
            )
            is not { } fault
        )
        {
            return false;
        }

        world.Faults.Strike(fault.Fault);
        return fault.Failure switch
        {
            RequestFailure.ServerError => throw ServerError(service),
            RequestFailure.Throttled => throw Throttled(service),
            RequestFailure.LostBefore => throw new ConnectionLostException(),
            _ => true,
        };
    }

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
    /// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html; the others have <c>InternalFailure</c> (500) among their common
    /// errors, such as https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html,
    /// https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html and
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
    /// </remarks>
    private static ApiException ServerError(string service) =>
        new(
            service switch
            {
                "s3" => "InternalError",
                "lambda" => "ServiceException",
                _ => "InternalFailure",
            },
            "The request processing has failed because of an unknown error.",
            500
        );

    /// <remarks>
    /// The codes that SDKs take for throttling: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html; S3's:
    /// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; Lambda's:
    /// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html; EC2's:
    /// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html; those of the query protocol:
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html, which answer with the name without its ending;
    /// the others: https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html
    /// </remarks>
    private static ApiException Throttled(string service) =>
        service switch
        {
            "s3" => new ApiException("SlowDown", "Please reduce your request rate.", 503),
            "lambda" => new ApiException("TooManyRequestsException", "Rate Exceeded.", 429),
            "ec2" => new ApiException("RequestLimitExceeded", "Request limit exceeded.", 503),
            "cloudformation" or "autoscaling" or "sts" or "elasticloadbalancing" or "monitoring" => new ApiException(
                "Throttling",
                "Rate exceeded"
            ),
            _ => new ApiException("ThrottlingException", "Rate exceeded"),
        };
}

/// <summary>Whether the connection of a request is lost: then there is no answer, whatever was done.</summary>
public sealed class Connection
{
    internal bool IsLost { get; set; }
}

/// <summary>The connection was lost before the request had its effect.</summary>
/// <remarks>
/// A socket that times out or is closed is among what SDKs try again:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
/// </remarks>
internal sealed class ConnectionLostException() : Exception("the connection was lost");
