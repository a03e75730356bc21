using Amazon;
using Amazon.Runtime;

namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>How a tool reaches AWS, as every SDK reads it from the variables of its environment.</summary>
/// <remarks>https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html</remarks>
internal sealed class ToolEnvironment(IReadOnlyDictionary<string, string> variables)
{
    /// <summary>The region; <see langword="null"/> when none is set.</summary>
    public string? Region => variables.GetValueOrDefault("AWS_REGION") ?? variables.GetValueOrDefault("AWS_DEFAULT_REGION");

    /// <summary>Where AWS answers; <see langword="null"/> for AWS itself.</summary>
    public Uri? Endpoint => variables.TryGetValue("AWS_ENDPOINT_URL", out var address) ? new Uri(address) : null;

    /// <summary>The credentials; <see langword="null"/> when none are set.</summary>
    public AWSCredentials? Credentials
    {
        get
        {
            var key = variables.GetValueOrDefault("AWS_ACCESS_KEY_ID");
            var secret = variables.GetValueOrDefault("AWS_SECRET_ACCESS_KEY");
            if (key is null || secret is null)
            {
                return null;
            }

            return variables.TryGetValue("AWS_SESSION_TOKEN", out var token) && token.Length > 0
                ? new SessionAWSCredentials(key, secret, token)
                : new BasicAWSCredentials(key, secret);
        }
    }

    /// <summary>A client's configuration for a region.</summary>
    public T Configure<T>(T config, string region)
        where T : ClientConfig
    {
        if (Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }
}
