using System.Globalization;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.S3;

/// <summary>Conditional requests. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html.</summary>
internal static class Preconditions
{
    /// <summary>Refuses a conditional write whose condition does not hold.</summary>
    /// <exception cref="ApiException">PreconditionFailed, NoSuchKey.</exception>
    public static void EnsureWritable(S3Request request, ObjectVersion? current)
    {
        if (request.Header("If-None-Match") is { } none)
        {
            if (none != "*")
            {
                throw S3Error.NotSimulated($"If-None-Match: {none} on a write");
            }

            if (current is not null)
            {
                throw S3Error.PreconditionFailed("If-None-Match");
            }
        }

        if (request.Header("If-Match") is { } wanted)
        {
            if (current is null)
            {
                throw S3Error.NoSuchKey(request.Key);
            }

            if (!Names(wanted, current))
            {
                throw S3Error.PreconditionFailed("If-Match");
            }
        }
    }

    /// <summary>Whether a list of ETags, or *, names the version.</summary>
    public static bool Names(string etags, ObjectVersion version) =>
        etags == "*" || etags.Split(',', StringSplitOptions.TrimEntries).Any(etag => etag.Trim('"') == version.ETag);

    /// <summary>Whether a read answers that nothing has changed.</summary>
    /// <exception cref="ApiException">PreconditionFailed.</exception>
    public static bool IsUnmodified(S3Request request, ObjectVersion version)
    {
        if (request.Header("If-Match") is { } wanted && !Names(wanted, version))
        {
            throw S3Error.PreconditionFailed("If-Match");
        }

        if (request.Header("If-Unmodified-Since") is { } until && Since(version, until))
        {
            throw S3Error.PreconditionFailed("If-Unmodified-Since");
        }

        return request.Header("If-None-Match") is { } none
            ? Names(none, version)
            : request.Header("If-Modified-Since") is { } since && !Since(version, since);
    }

    private static bool Since(ObjectVersion version, string time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
        && version.LastModified.ToUnixTimeSeconds() > moment.ToUnixTimeSeconds();
}
