using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.S3;

/// <summary>The errors of S3. See https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.</summary>
internal static class S3Error
{
    public static ApiException NoSuchBucket(string bucket) =>
        Named("NoSuchBucket", "The specified bucket does not exist", 404, "BucketName", bucket);

    public static ApiException NoSuchKey(string key) => Named("NoSuchKey", "The specified key does not exist.", 404, "Key", key);

    public static ApiException NoSuchUpload(string upload) =>
        Named(
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
            404,
            "UploadId",
            upload
        );

    public static ApiException PreconditionFailed(string condition) =>
        Named("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412, "Condition", condition);

    public static ApiException InvalidArgument(string message) => new("InvalidArgument", message);

    public static ApiException MalformedXml() =>
        new("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");

    public static ApiException MethodNotAllowed() =>
        new("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);

    /// <summary>S3's own answer to what it does not know, naming what the rehearsal does not simulate.</summary>
    public static ApiException NotSimulated(string what) => new("NotImplemented", $"The rehearsal does not simulate {what} of S3.", 501);

    private static ApiException Named(string code, string message, int status, string member, string value) =>
        new(code, message, status) { Members = new Dictionary<string, string>(StringComparer.Ordinal) { [member] = value } };
}
