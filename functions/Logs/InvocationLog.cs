using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.Core;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Logs;

/// <summary>
/// The lines that functions write: JSON of one shape, each with the request, the deployment, the step and the account that it is about, so
/// that one query finds everything of a deployment. A message holds names, ids and causes, and never a token or a value of an environment.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html</remarks>
public static class InvocationLog
{
    private const string Information = "INFO";
    private const string Error = "ERROR";
    private const int AccountPart = 4;

    /// <summary>Writes a line.</summary>
    public static void Write(this ILambdaContext context, LogScope scope, string message) => Write(context, scope, Information, message);

    /// <summary>Writes a line about what went wrong without ending the invocation.</summary>
    public static void WriteError(this ILambdaContext context, LogScope scope, string message) => Write(context, scope, Error, message);

    /// <summary>Does the work of an invocation, and writes how it ended. What leaves it is of the family of exceptions.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="scope">What it is about.</param>
    /// <param name="work">What is done; what it throws has nothing in its message that may not be shown.</param>
    /// <param name="ended">What is written of a result; <see langword="null"/> for what has written that itself.</param>
    public static async Task<T> Logged<T>(this ILambdaContext context, LogScope scope, Func<Task<T>> work, Func<T, string>? ended = null)
    {
        try
        {
            var result = await Failure.Translated(work);
            if (ended is not null)
            {
                Write(context, scope, Information, ended(result));
            }

            return result;
        }
        catch (DeployerException failure)
        {
            // What is only not there yet is tried again by the machine, and no error.
            Write(context, scope, failure.IsTransient ? Information : Error, $"{failure.Error}: {failure.Message}");
            throw;
        }
    }

    /// <inheritdoc cref="Logged{T}"/>
    public static Task Logged(this ILambdaContext context, LogScope scope, Func<Task> work) =>
        context.Logged(
            scope,
            async () =>
            {
                await work();
                return true;
            }
        );

    private static void Write(ILambdaContext context, LogScope scope, string level, string message) =>
        context.Logger.LogLine(
            JsonSerializer.Serialize(
                new LogLine
                {
                    Level = level,
                    RequestId = context.AwsRequestId,
                    Function = context.FunctionName,
                    Deployment = scope.Deployment?.Value,
                    Step = scope.Step,
                    Task = scope.Task,
                    Account = scope.Account ?? context.OwnAccount(),
                    Message = message,
                },
                LogLineDocuments.Default.LogLine
            )
        );

    /// <summary>The account of the function itself, by its ARN.</summary>
    /// <returns><see langword="null"/> where there is no ARN, as in tests.</returns>
    public static string? OwnAccount(this ILambdaContext context) =>
        context.InvokedFunctionArn?.Split(':') is { Length: > AccountPart } parts ? parts[AccountPart] : null;
}

/// <summary>A line.</summary>
internal sealed record LogLine
{
    public required string Level { get; init; }

    public string? RequestId { get; init; }

    public string? Function { get; init; }

    public string? Deployment { get; init; }

    public string? Step { get; init; }

    public string? Task { get; init; }

    public string? Account { get; init; }

    public required string Message { get; init; }
}

/// <summary>How a line is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(LogLine))]
internal sealed partial class LogLineDocuments : JsonSerializerContext;
