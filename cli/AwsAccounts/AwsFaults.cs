using Amazon.Runtime;
using Deployer.Cli.Output;
using Deployer.Functions.Errors;

namespace Deployer.Cli.AwsAccounts;

/// <summary>What AWS answers that a person can mend, in a sentence with what to do.</summary>
/// <param name="settings">How the account was entered.</param>
internal sealed class AwsFaults(AwsSettings settings)
{
    /// <summary>The credentials, or the sign-in that gives them, are over.</summary>
    public const string Expired = "CredentialsExpired";

    /// <summary>AWS cannot be reached at all.</summary>
    public const string Unreachable = "AwsUnreachable";

    // https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html, and the same of each service.
    private static readonly HashSet<string> OfExpired = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];

    private static readonly HashSet<string> NotAccepted =
    [
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "NotAuthorized",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    ];

    private static readonly HashSet<string> Denied =
    [
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Forbidden",
        "UnauthorizedOperation",
    ];

    private string SignIn =>
        settings.Profile is { } profile
            ? $"sign in again, such as with 'aws sso login --profile {profile}'"
            : "sign in again, such as with 'aws sso login', or name another profile with --profile";

    /// <summary>The fault as a person can mend it; <see langword="null"/> for everything else.</summary>
    public InvalidInputException? Explain(Exception exception) =>
        exception switch
        {
            InvalidInputException known => known,
            AmazonServiceException { ErrorCode: { } code } refused when OfExpired.Contains(code) => new InvalidInputException(
                Expired,
                $"the AWS credentials have expired; {SignIn}",
                refused
            ),
            AmazonServiceException { ErrorCode: { } code } refused when NotAccepted.Contains(code) => new InvalidInputException(
                "CredentialsNotAccepted",
                $"AWS does not accept the credentials ({code}); {SignIn}",
                refused
            ),
            AmazonServiceException { ErrorCode: { } code } refused when Denied.Contains(code) => new InvalidInputException(
                "AccessDenied",
                $"{AwsRequests.Describe(refused) ?? "AWS"} was denied: {Sentence(refused.Message)}; "
                    + "it needs the policy of examples/ci/operator.yaml, or one that allows the same",
                refused
            ),
            AmazonServiceException => null,
            // A token of IAM Identity Center that is over; the SDK has no type for it.
            AmazonClientException over when over.Message.Contains("has expired", StringComparison.Ordinal) => new InvalidInputException(
                Expired,
                $"the AWS credentials have expired; {SignIn}",
                over
            ),
            AmazonClientException unsent => new InvalidInputException(
                "RequestNotSent",
                $"the request could not be sent to AWS: {Sentence(unsent.Message)}; check the region and AWS_ENDPOINT_URL, or {SignIn}",
                unsent
            ),
            HttpRequestException lost => new InvalidInputException(
                Unreachable,
                $"AWS could not be reached: {Sentence(lost.Message)}; check the network, the region and AWS_ENDPOINT_URL",
                lost
            ),
            _ => null,
        };

    /// <summary>The fault of credentials that cannot be found, or not be had from whoever gives them.</summary>
    public InvalidInputException Missing(Exception exception) =>
        new("CredentialsMissing", $"there are no AWS credentials to use: {Sentence(exception.Message)}; {SignIn}", exception);

    /// <summary>Does what asks AWS.</summary>
    /// <exception cref="InvalidInputException">AWS answered what a person can mend.</exception>
    public async Task<T> Translated<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (Explain(exception) is { } fault)
        {
            throw new InvalidInputException(fault.Error, fault.Message, exception);
        }
    }

    /// <inheritdoc cref="Translated{T}"/>
    public Task Translated(Func<Task> work) =>
        Translated(async () =>
        {
            await work();
            return true;
        });

    private static string Sentence(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
