using System.Globalization;
using Deployer.Rehearsal.Lambda.Functions;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>An execution environment with what it was made for.</summary>
/// <param name="Sandbox">The environment.</param>
/// <param name="Settings">The function's settings when it was made.</param>
/// <param name="LogStream">Its log stream.</param>
/// <param name="Expiration">When its credentials end.</param>
/// <param name="AccessKey">Those credentials' key: requests under it belong to the invocation that the environment runs.</param>
internal sealed record WarmSandbox(
    Sandbox Sandbox,
    FunctionSettings Settings,
    string LogStream,
    DateTimeOffset Expiration,
    string AccessKey
);

/// <summary>The execution environments of a run: an idle one of the same settings is used again, an outdated one is ended.</summary>
internal sealed class SandboxPool(RehearsalWorld world) : IAsyncDisposable
{
    /// <summary>
    /// How long an environment lives, and its credentials: "Lambda terminates execution environments every few hours", also those of
    /// functions that are invoked all the time.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html</remarks>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(6);

    private readonly RoleSessions _sessions = new(world);
    private readonly Dictionary<string, Stack<WarmSandbox>> _idle = new(StringComparer.Ordinal);
    private readonly List<Task> _ending = [];
    private int _made;
    private Task _warming = Task.CompletedTask;
    private volatile bool _ended;

    /// <summary>An environment for one invocation, on the world's thread.</summary>
    /// <exception cref="ApiException">AccessDeniedException: the role cannot be assumed.</exception>
    public WarmSandbox Take(ILambdaHost host, Function function, FunctionSettings settings, string version, string handler)
    {
        var idle = Idle(function, version);
        while (idle.TryPop(out var warm))
        {
            if (ReferenceEquals(warm.Settings, settings) && warm.Expiration - world.Now > TimeSpan.FromSeconds(settings.Timeout))
            {
                return warm;
            }

            End(warm);
        }

        return Make(host, function, settings, version, handler);
    }

    /// <summary>
    /// Starts an environment for each of these functions ahead of its first invocation, one after another beside everything else.
    /// </summary>
    /// <param name="host">What runs them.</param>
    /// <param name="functions">Each with its handler.</param>
    public void Warm(ILambdaHost host, IEnumerable<(Function Function, string Handler)> functions)
    {
        var made = new List<Sandbox>();
        foreach (var (function, handler) in functions.Where(found => Idle(found.Function, FunctionVersions.Latest).Count == 0))
        {
            try
            {
                var warm = Make(host, function, function.Serving, FunctionVersions.Latest, handler);
                Idle(function, FunctionVersions.Latest).Push(warm);
                made.Add(warm.Sandbox);
            }
            catch (ApiException)
            {
                // Whoever calls a function whose role cannot be assumed gets the error then.
            }
        }

        _warming = Task.Run(async () =>
        {
            foreach (var sandbox in made)
            {
                if (_ended)
                {
                    return;
                }

                await sandbox.WarmAsync();
            }
        });
    }

    /// <summary>Gives an environment back after its invocation.</summary>
    public void Return(WarmSandbox warm, Function function, string version, bool reusable)
    {
        if (reusable)
        {
            Idle(function, version).Push(warm);
        }
        else
        {
            End(warm);
        }
    }

    /// <summary>Ends all environments.</summary>
    public async ValueTask DisposeAsync()
    {
        _ended = true;
        await _warming;
        foreach (var warm in _idle.Values.SelectMany(idle => idle))
        {
            End(warm);
        }

        _idle.Clear();
        await Task.WhenAll(_ending);
    }

    private WarmSandbox Make(ILambdaHost host, Function function, FunctionSettings settings, string version, string handler)
    {
        var credentials = Assume(function, settings);
        world.Freeze(credentials.AccessKeyId);
        var stream = string.Create(CultureInfo.InvariantCulture, $"{world.Now:yyyy/MM/dd}/[{version}]{world.Random.HexId(32)}");
        var id = string.Create(CultureInfo.InvariantCulture, $"sandbox{++_made}");
        var environment = Environment(function, settings, version, stream, credentials);
        return new WarmSandbox(
            host.CreateSandbox(new SandboxSpec(id, function.Arn, handler, environment)),
            settings,
            stream,
            credentials.Expiration,
            credentials.AccessKeyId
        );
    }

    private Stack<WarmSandbox> Idle(Function function, string version)
    {
        var key = $"{function.Key}:{version}";
        return _idle.TryGetValue(key, out var idle) ? idle : _idle[key] = new Stack<WarmSandbox>();
    }

    private void End(WarmSandbox warm)
    {
        _ending.RemoveAll(task => task.IsCompletedSuccessfully);
        _ending.Add(warm.Sandbox.DisposeAsync().AsTask());
    }

    private SessionCredentials Assume(Function function, FunctionSettings settings)
    {
        try
        {
            return _sessions.AssumeForService(
                Principal.Service("lambda.amazonaws.com", function.Account, function.Arn),
                settings.Role,
                function.Name,
                Lifetime
            );
        }
        catch (ApiException refusal)
        {
            throw new ApiException(
                "AccessDeniedException",
                $"The role defined for the function cannot be assumed by Lambda. ({refusal.Message})",
                403
            );
        }
    }

    /// <summary>
    /// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime, and the format of the log
    /// (https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html)
    /// </summary>
    private static SortedDictionary<string, string> Environment(
        Function function,
        FunctionSettings settings,
        string version,
        string stream,
        SessionCredentials credentials
    )
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["AWS_REGION"] = function.Region,
            ["AWS_DEFAULT_REGION"] = function.Region,
            ["AWS_LAMBDA_FUNCTION_NAME"] = function.Name,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = version,
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = settings.MemorySize.ToString(CultureInfo.InvariantCulture),
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = function.LogGroup,
            ["AWS_LAMBDA_LOG_FORMAT"] = function.Settings.LogFormat,
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = stream,
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["AWS_ACCESS_KEY_ID"] = credentials.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = credentials.SecretAccessKey,
            ["AWS_SESSION_TOKEN"] = credentials.SessionToken,
            ["_HANDLER"] = settings.Handler ?? string.Empty,
        };
        foreach (var (name, value) in settings.Environment ?? [])
        {
            environment[name] = value;
        }

        return environment;
    }
}
