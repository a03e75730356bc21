using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace Deployer.Functions.Errors;

/// <summary>
/// Makes every exception one of the family: what is worth another try soon is <see cref="AwsUnavailableException"/>, whichever service
/// it came from; what AWS refuses is <see cref="AwsRefusedException"/>, with operation, resource and AWS's own message; everything else
/// is a fault of the deployer.
/// </summary>
public static class Failure
{
    /// <summary>ENOSPC, which .NET hands on: https://man7.org/linux/man-pages/man3/errno.3.html.</summary>
    private const int NoSpaceLeft = 28;

    /// <summary>The status of an exception that no answer of AWS led to.</summary>
    private const int NoAnswer = 0;

    /// <summary>
    /// Codes of throttling, of AWS being busy, and of credentials that have run out and are new on the next try. The SDK has tried again
    /// within the call already; Step Functions does so with a growing pause.
    /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
    /// </summary>
    private static readonly HashSet<string> TransientCodes = new(StringComparer.Ordinal)
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "ExpiredToken",
        "ExpiredTokenException",
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestExpired",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    };

    /// <summary>The exception as one of the family; the same one when it is already.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="secrets">What is cut out of AWS's message.</param>
    public static DeployerException Translate(Exception exception, SecretValues? secrets = null)
    {
        if (exception is DeployerException known)
        {
            return known;
        }

        var message = secrets?.Hide(exception.Message) ?? exception.Message;
        var request = AwsRequests.Describe(exception);
        return exception switch
        {
            AmazonServiceException refused when !IsTransient(refused) => new AwsRefusedException(
                $"{request ?? "AWS"} was refused: {refused.ErrorCode ?? refused.GetType().Name}: {message}"
            ),
            AmazonServiceException busy => new AwsUnavailableException(
                $"{request ?? "AWS"} could not be reached or is busy: {busy.ErrorCode ?? busy.GetType().Name}: {message}"
            ),
            // Of files, and not of a connection: another try finds the same.
            IOException { HResult: NoSpaceLeft } => new SpecInvalidException(
                $"the function's disk is full ({message}): it holds 512 MB "
                    + "(https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html), and the service's source, the "
                    + "pipeline's artifact or a package is larger; leave out what a deployment does not need"
            ),
            AmazonClientException
            or HttpRequestException
            or IOException
            or SocketException
            or TimeoutException
            or OperationCanceledException => new AwsUnavailableException(
                $"{request ?? "AWS"} could not be reached: {exception.GetType().Name}: {message}"
            ),
            _ => new DeployerFaultException(
                $"the deployer itself failed: {exception.GetType().Name}: {message}; please report it{Place(exception)}"
            ),
        };
    }

    /// <summary>Runs a function's work, so that what leaves it is of the family.</summary>
    public static async Task<T> Translated<T>(Func<Task<T>> work)
    {
        DeployerException failure;
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is not DeployerException)
        {
            failure = Translate(exception);
        }

        // Thrown out here: the exception's own message, which may hold anything, does not come along as its cause.
        throw failure;
    }

    /// <inheritdoc cref="Translated{T}"/>
    public static Task Translated(Func<Task> work) =>
        Translated(async () =>
        {
            await work();
            return true;
        });

    private static bool IsTransient(AmazonServiceException exception) =>
        exception.Retryable is not null
        || (int)exception.StatusCode is NoAnswer or (int)HttpStatusCode.TooManyRequests or >= (int)HttpStatusCode.InternalServerError
        || TransientCodes.Contains(exception.ErrorCode ?? string.Empty);

    private static string Place(Exception exception) =>
        exception.StackTrace?.Split('\n') is { Length: > 0 } lines
            ? $" ({(Array.Find(lines, line => line.Contains("Deployer.", StringComparison.Ordinal)) ?? lines[0]).Trim()})"
            : string.Empty;
}
