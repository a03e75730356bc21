using System.Globalization;
using Deployer.Rehearsal.Sts;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>The variables that CodeBuild itself sets.</summary>
/// <remarks>https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html</remarks>
internal static class BuildVariables
{
    /// <summary>Those that are known before the source is fetched; credentials take the place of AWS's container credentials.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> ForBuild(BuildRecord record, SessionCredentials session, Uri endpoint)
    {
        var build = record.Build;
        var variables = new Dictionary<string, string?>
        {
            ["AWS_ACCESS_KEY_ID"] = session.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = session.SecretAccessKey,
            ["AWS_SESSION_TOKEN"] = session.SessionToken,
            ["AWS_REGION"] = record.Region,
            ["AWS_DEFAULT_REGION"] = record.Region,
            ["AWS_ENDPOINT_URL"] = endpoint.AbsoluteUri,
            ["CI"] = "true",
            ["CODEBUILD_BUILD_ARN"] = build.Arn,
            ["CODEBUILD_BUILD_ID"] = build.Id,
            ["CODEBUILD_BUILD_IMAGE"] = build.Environment.Image,
            ["CODEBUILD_BUILD_NUMBER"] = build.BuildNumber?.ToString(CultureInfo.InvariantCulture),
            ["CODEBUILD_INITIATOR"] = build.Initiator,
            ["CODEBUILD_LOG_PATH"] = build.Logs.StreamName,
            ["CODEBUILD_SOURCE_REPO_URL"] = build.Source.Location,
            ["CODEBUILD_SOURCE_VERSION"] = build.SourceVersion,
            ["CODEBUILD_START_TIME"] = new DateTimeOffset(build.StartTime!.Value)
                .ToUnixTimeMilliseconds()
                .ToString(CultureInfo.InvariantCulture),
        };
        return variables
            .Where(variable => variable.Value is not null)
            .Select(variable => KeyValuePair.Create(variable.Key, variable.Value!));
    }
}
