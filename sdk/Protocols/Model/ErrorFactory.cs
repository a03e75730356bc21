using System.Net;
using Amazon.Runtime;

namespace Deployer.Protocols;

/// <summary>The constructor that every exception of a service has.</summary>
internal delegate AmazonServiceException ErrorFactory(
    string message,
    Exception? innerException,
    ErrorType errorType,
    string? errorCode,
    string? requestId,
    HttpStatusCode statusCode
);
