using System.Globalization;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>
/// The part of the AWS command line that a build uses to change into a role of another account. Any other command fails
/// with 252, the status of a command line that cannot be read.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html</remarks>
internal sealed class SimulatedAws : IBuildTool
{
    private const int InvalidCommand = 252;
    private const int ClientError = 253;
    private const int ServiceError = 254;
    private const string Query = "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => ["aws"];

    /// <inheritdoc/>
    public async Task<int> Run(ToolCall call)
    {
        var environment = new ToolEnvironment(call.Environment);
        if (environment is not { Region: { } region, Credentials: { } credentials })
        {
            await call.Error.WriteLineAsync("Unable to locate credentials or a region.");
            return ClientError;
        }

        using var sts = new AmazonSecurityTokenServiceClient(
            credentials,
            environment.Configure(new AmazonSecurityTokenServiceConfig(), region)
        );
        var status = await Run(call.Arguments, call.Output, call.Error, sts, call.Ended);
        if (status == InvalidCommand)
        {
            call.NotSimulated(Named(call.Arguments));
        }

        return status;
    }

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">Those of <c>aws</c>.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="sts">The service.</param>
    /// <param name="ended">Nobody waits for it any more: it makes no further request.</param>
    /// <returns>The exit status.</returns>
    internal static async Task<int> Run(
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        IAmazonSecurityTokenService sts,
        CancellationToken ended = default
    )
    {
        if (arguments is not ["sts", "assume-role", ..] || Options([.. arguments.Skip(2)]) is not { } options)
        {
            await error.WriteLineAsync(
                $"the rehearsal simulates of aws only 'sts assume-role … --query {Query} --output text', not: " + Named(arguments)
            );
            return InvalidCommand;
        }

        try
        {
            var answer = await sts.AssumeRoleAsync(
                new AssumeRoleRequest
                {
                    RoleArn = options["--role-arn"],
                    RoleSessionName = options["--role-session-name"],
                    ExternalId = options.GetValueOrDefault("--external-id"),
                    DurationSeconds = options.TryGetValue("--duration-seconds", out var seconds)
                        ? int.Parse(seconds, CultureInfo.InvariantCulture)
                        : null,
                },
                ended
            );
            await output.WriteLineAsync(
                $"{answer.Credentials.AccessKeyId}\t{answer.Credentials.SecretAccessKey}\t{answer.Credentials.SessionToken}"
            );
            return 0;
        }
        catch (AmazonServiceException exception)
        {
            await error.WriteLineAsync(
                $"An error occurred ({exception.ErrorCode}) when calling the AssumeRole operation: {exception.Message}"
            );
            return ServiceError;
        }
    }

    /// <summary>A command line without its options, which may hold secrets.</summary>
    private static string Named(IReadOnlyList<string> arguments) =>
        string.Join(' ', arguments.TakeWhile(word => !word.StartsWith('-')).Take(2).Prepend("aws"));

    private static Dictionary<string, string>? Options(IReadOnlyList<string> arguments)
    {
        string[] known = ["--role-arn", "--role-session-name", "--external-id", "--duration-seconds", "--query", "--output"];
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count || !known.Contains(arguments[i], StringComparer.Ordinal))
            {
                return null;
            }

            options[arguments[i]] = arguments[i + 1];
        }

        return
            options.ContainsKey("--role-arn")
            && options.ContainsKey("--role-session-name")
            && options.GetValueOrDefault("--query") == Query
            && options.GetValueOrDefault("--output") == "text"
            && int.TryParse(options.GetValueOrDefault("--duration-seconds", "900"), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? options
            : null;
    }
}
